#include "tools/llama/recipe/recipe.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace mxemu::llama {
namespace {

struct LayerRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::size_t parse_layer(std::string_view text, const std::string& pattern) {
  std::size_t layer = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), layer);
  if (error != std::errc{} || stop != text.data() + text.size())
    throw std::invalid_argument("\"" + pattern +
                                "\" is neither numbers of layers, such as 0-3 or 0,4-6, nor "
                                "a pattern of a linear layer's name");
  return layer;
}

/// "0,4-6" as {0, 0}, {4, 6}.
std::vector<LayerRange> parse_ranges(const std::string& pattern) {
  std::vector<LayerRange> ranges;
  for (std::size_t first = 0; first <= pattern.size();) {
    const std::size_t end = std::min(pattern.find(',', first), pattern.size());
    const std::string_view part = std::string_view(pattern).substr(first, end - first);
    const std::size_t dash = part.find('-');
    const std::size_t low = parse_layer(part.substr(0, dash), pattern);
    const std::size_t high = dash == part.npos ? low : parse_layer(part.substr(dash + 1), pattern);
    if (high < low) throw std::invalid_argument("\"" + pattern + "\" ends before it begins");
    ranges.push_back({low, high});
    first = end + 1;
  }
  return ranges;
}

void require_layers(const std::string& pattern, std::size_t layers) {
  for (const LayerRange& range : parse_ranges(pattern))
    if (range.last >= layers)
      throw std::invalid_argument("the recipe's layers \"" + pattern + "\" end at " +
                                  std::to_string(range.last) + ", the model's at " +
                                  std::to_string(layers - 1));
}

}  // namespace

bool LayerRule::counts_layers() const {
  return pattern.find_first_not_of("0123456789-,") == std::string::npos;
}

bool LayerRule::covers(const Place& place) const {
  if (!counts_layers()) return fnmatch(pattern.c_str(), name_of(place).c_str(), 0) == 0;
  return place.site != Site::Head && std::ranges::any_of(parse_ranges(pattern), [&](const LayerRange& range) {
           return range.first <= place.layer && place.layer <= range.last;
         });
}

const Quantization* Recipe::find(Slot slot, const Place& place) const {
  const auto index = static_cast<std::size_t>(slot);
  const std::optional<Quantization>* found = &slots[index];
  for (const LayerRule& rule : layers)
    if (rule.changes[index] && rule.covers(place)) found = &*rule.changes[index];
  return *found ? &**found : nullptr;
}

bool Recipe::uses(ValueAxis axis) const {
  constexpr auto value = static_cast<std::size_t>(Slot::Value);
  const auto cut = [&](const std::optional<Quantization>& one) { return one && one->value_axis == axis; };
  return cut(slots[value]) || std::ranges::any_of(layers, [&](const LayerRule& rule) {
           return rule.changes[value] && cut(*rule.changes[value]);
         });
}

void Recipe::require_fits(const Config& config) const {
  const std::vector<LinearShape> shapes = linear_shapes(config);
  for (const LayerRule& rule : layers) {
    if (rule.counts_layers()) {
      require_layers(rule.pattern, config.layers);
    } else if (std::ranges::none_of(shapes, [&](const auto& shape) { return rule.covers(shape.place); })) {
      throw std::invalid_argument("the recipe's pattern \"" + rule.pattern +
                                  "\" matches no linear layer of the model, such as layers.0.q_proj");
    }
  }
}

std::vector<LinearShape> linear_shapes(const Config& config) {
  std::vector<LinearShape> shapes;
  for (std::size_t layer = 0; layer < config.layers; ++layer) {
    const auto add = [&](Site site, std::size_t outputs, std::size_t inputs) {
      shapes.push_back({{.site = site, .layer = layer}, outputs, inputs});
    };
    add(Site::QueryProjection, config.query_width(), config.hidden_size);
    add(Site::KeyProjection, config.kv_width(), config.hidden_size);
    add(Site::ValueProjection, config.kv_width(), config.hidden_size);
    add(Site::OutputProjection, config.hidden_size, config.query_width());
    add(Site::GateProjection, config.intermediate_size, config.hidden_size);
    add(Site::UpProjection, config.intermediate_size, config.hidden_size);
    add(Site::DownProjection, config.hidden_size, config.intermediate_size);
  }
  shapes.push_back({{.site = Site::Head, .layer = config.layers}, config.vocab_size, config.hidden_size});
  return shapes;
}

}  // namespace mxemu::llama
