#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "conformance/nearest_word.hpp"
#include "conformance/verdict/request_words.hpp"
#include "tools/io/error.hpp"
#include "tools/llama/recipe/recipe_json.hpp"

namespace mxemu::llama {
namespace {

// Keeps the order of the file, which says which rule counts.
using conformance::BadInput;
using nlohmann::ordered_json;

constexpr int largest_block = 1 << 20;

std::string kind_fault(const std::string& where, const char* kind) {
  return where + " is no " + kind;
}

void require_keys(const ordered_json& object, const std::string& where,
                  const std::vector<std::string>& known) {
  for (const auto& [key, value] : object.items())
    if (std::ranges::find(known, key) == known.end())
      throw BadInput(where + (where.empty() ? "" : ": ") + "there is no key " + io::in_quotes(key) +
                     conformance::what_there_is(key, known));
}

std::string text_of(const ordered_json& value, const std::string& where) {
  if (!value.is_string()) throw BadInput(kind_fault(where, "string"));
  return value.get<std::string>();
}

std::string text_or_nothing(const ordered_json& object, const char* key, const std::string& where) {
  return object.contains(key) ? text_of(object[key], where + "." + key) : "";
}

spec::BlockType format_of_text(const std::string& text, const std::string& where) {
  if (const auto format = spec::parse_block_format(text)) return *format;
  std::vector<std::string> names;
  for (const spec::BlockFormat& row : spec::block_formats) names.emplace_back(row.name);
  throw BadInput(where + ": there is no format " + io::in_quotes(text) +
                 conformance::what_there_is(text, names));
}

std::uint64_t count_of(const ordered_json& value, const std::string& where, std::uint64_t low,
                       std::uint64_t high) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() < low || value.get<std::uint64_t>() > high)
    throw BadInput(where + " is no whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return value.get<std::uint64_t>();
}

conformance::RequestWords words_of(const ordered_json& object, const std::string& where) {
  conformance::RequestWords words;
  if (object.contains("profile")) words.profile = text_of(object["profile"], where + ".profile");
  words.scale_rule = text_or_nothing(object, "scale_rule", where);
  words.rounding = text_or_nothing(object, "rounding", where);
  if (object.contains("seed")) words.seed = count_of(object["seed"], where + ".seed", 0, ~std::uint64_t{0});
  if (object.contains("block_size"))
    words.block_size =
        static_cast<int>(count_of(object["block_size"], where + ".block_size", 1, largest_block));
  if (object.contains("policy")) {
    if (!object["policy"].is_object()) throw BadInput(kind_fault(where + ".policy", "object"));
    for (const auto& [freedom, word] : object["policy"].items())
      words.policy.push_back(freedom + "=" + text_of(word, where + ".policy." + freedom));
  }
  return words;
}

spec::Request request_of(const conformance::RequestWords& words, spec::BlockType format,
                         const std::string& where) {
  const spec::Profile* profile = spec::find_profile(words.profile);
  if (profile != nullptr && !profile->formats.has(format))
    throw BadInput(where + ": profile " + words.profile + " has no " + spec::format_of(format).name);
  if (profile != nullptr && !profile->chooses_scales && words.scale_rule.empty())
    throw BadInput(where + ": profile " + words.profile +
                   " chooses no scales, so a scale_rule must be named");
  try {
    return words.request(format);
  } catch (const BadInput& error) {
    throw BadInput(where + ": " + error.what());
  }
}

/// null, a format, or an object with one.
std::optional<Quantization> quantization_of(const ordered_json& value, Slot slot, const std::string& where) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string())
    return Quantization{.request = spec::make_request(format_of_text(value.get<std::string>(), where))};
  if (!value.is_object()) throw BadInput(kind_fault(where, "format, object or null"));
  std::vector<std::string> known{"format", "profile",    "scale_rule", "rounding",
                                 "seed",   "block_size", "policy"};
  if (slot == Slot::Value) known.emplace_back("axis");
  require_keys(value, where, known);
  if (!value.contains("format")) throw BadInput(where + " names no format");
  const auto words = words_of(value, where);
  const auto format = format_of_text(text_of(value["format"], where + ".format"), where + ".format");
  Quantization quantization{.request = request_of(words, format, where), .profile = words.profile};
  if (value.contains("axis"))
    quantization.value_axis =
        conformance::parse_flag<ValueAxis>(where + ".axis", text_of(value["axis"], where + ".axis"));
  return quantization;
}

LayerRule counted_rule(const std::string& pattern, const ordered_json& object, const std::string& where) {
  LayerRule rule{.pattern = pattern, .changes = {}};
  rule.covers({.site = Site::QueryProjection});  // whether the numbers can be read
  std::vector<std::string> known;
  for (const auto& word : spec::words<Slot>)
    if (word.value != Slot::HeadWeights && word.value != Slot::HeadActivations) known.emplace_back(word.name);
  require_keys(object, where, known);
  for (const auto& [key, value] : object.items()) {
    const Slot slot = *spec::parse_word<Slot>(key);
    rule.changes[static_cast<std::size_t>(slot)] = quantization_of(value, slot, where + "." + key);
  }
  return rule;
}

LayerRule named_rule(const std::string& pattern, const ordered_json& object, const std::string& where) {
  LayerRule rule{.pattern = pattern, .changes = {}};
  require_keys(object, where, {"weights", "activations"});
  for (const auto& [key, value] : object.items()) {
    const auto quantization = quantization_of(value, Slot::ProjectionWeights, where + "." + key);
    for (const Site site : {Site::QueryProjection, Site::GateProjection, Site::Head}) {
      const Slot slot = key == "weights" ? weights_slot(site) : activations_slot(site);
      rule.changes[static_cast<std::size_t>(slot)] = quantization;
    }
  }
  return rule;
}

LayerRule rule_of(const std::string& pattern, const ordered_json& object) {
  const std::string where = "layers." + pattern;
  if (!object.is_object()) throw BadInput(kind_fault(where, "object"));
  const bool counts = LayerRule{.pattern = pattern, .changes = {}}.counts_layers();
  return counts ? counted_rule(pattern, object, where) : named_rule(pattern, object, where);
}

Recipe recipe_of(const ordered_json& document) {
  if (!document.is_object()) throw BadInput("the recipe is no JSON object");
  std::vector<std::string> known{"name", "summary", "layers"};
  for (const auto& word : spec::words<Slot>) known.emplace_back(word.name);
  require_keys(document, "", known);
  Recipe recipe;
  for (const auto& [key, value] : document.items()) {
    if (const auto slot = spec::parse_word<Slot>(key)) {
      recipe.slots[static_cast<std::size_t>(*slot)] = quantization_of(value, *slot, key);
    } else if (key != "layers") {
      (key == "name" ? recipe.name : recipe.summary) = text_of(value, key);
    } else {
      if (!value.is_object()) throw BadInput(kind_fault(key, "object"));
      for (const auto& [pattern, rule] : value.items()) recipe.layers.push_back(rule_of(pattern, rule));
    }
  }
  return recipe;
}

/// Refuses a key that is written twice, of which one would be lost.
ordered_json parse_document(const std::string& text) {
  std::vector<std::vector<std::string>> objects;
  const auto watch = [&](int, ordered_json::parse_event_t event, ordered_json& value) {
    if (event == ordered_json::parse_event_t::object_start) objects.emplace_back();
    if (event == ordered_json::parse_event_t::object_end) objects.pop_back();
    if (event == ordered_json::parse_event_t::key) {
      const auto key = value.get<std::string>();
      if (std::ranges::find(objects.back(), key) != objects.back().end())
        throw BadInput("the key " + io::in_quotes(key) + " is there twice");
      objects.back().push_back(key);
    }
    return true;
  };
  return ordered_json::parse(text, watch);
}

}  // namespace

Recipe parse_recipe(const std::filesystem::path& file, const std::string& text) {
  try {
    return recipe_of(parse_document(text));
  } catch (const ordered_json::parse_error& error) {
    throw io::FileError(file, io::byte_prefix(error.byte) + "this is no JSON");
  } catch (const BadInput& error) {
    throw io::FileError(file, error.what());
  } catch (const std::invalid_argument& error) {
    throw io::FileError(file, error.what());
  }
}

Recipe read_recipe(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream) throw io::FileError(file, "cannot be read");
  return parse_recipe(file, text);
}

}  // namespace mxemu::llama
