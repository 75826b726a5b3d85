#include <nlohmann/json.hpp>

#include "tools/llama/recipe/recipe_json.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::ordered_json;

std::string rounding_text(const spec::Rounding& rounding) {
  const std::string name = spec::name_of(rounding.mode);
  return rounding.mode == spec::RoundingMode::Stochastic ? name + ":" + std::to_string(rounding.random_bits)
                                                         : name;
}

ordered_json policy_difference(const spec::Policy& policy, const spec::Policy& usual) {
  ordered_json words = ordered_json::object(), usual_words = ordered_json::object();
  spec::for_each_freedom(usual,
                         [&](const char* name, auto value) { usual_words[name] = spec::name_of(value); });
  spec::for_each_freedom(policy, [&](const char* name, auto value) {
    if (usual_words[name] != spec::name_of(value)) words[name] = spec::name_of(value);
  });
  return words;
}

ordered_json to_json(const Quantization& quantization, Slot slot) {
  const spec::Request& request = quantization.request;
  const spec::Profile& profile = *spec::find_profile(quantization.profile);
  const spec::Request usual = spec::make_request(request.format, profile);
  ordered_json object{{"format", request.block_format().name}};
  if (quantization.profile != spec::default_profile.name) object["profile"] = quantization.profile;
  if (request.scale_rule != usual.scale_rule || !profile.chooses_scales)
    object["scale_rule"] = spec::name_of(request.scale_rule);
  if (request.rounding != usual.rounding) object["rounding"] = rounding_text(request.rounding);
  if (request.rounding.seed != usual.rounding.seed) object["seed"] = request.rounding.seed;
  if (request.block_size != usual.block_size) object["block_size"] = request.block_size;
  if (request.policy != usual.policy) object["policy"] = policy_difference(request.policy, usual.policy);
  if (slot == Slot::Value) object["axis"] = spec::name_of(quantization.value_axis);
  return object.size() == 1 ? object["format"] : object;
}

ordered_json to_json(const std::optional<Quantization>& quantization, Slot slot) {
  return quantization ? to_json(*quantization, slot) : ordered_json(nullptr);
}

ordered_json to_json(const LayerRule& rule) {
  ordered_json object = ordered_json::object();
  const auto add = [&](const char* key, Slot slot) {
    if (const auto& change = rule.changes[static_cast<std::size_t>(slot)])
      object[key] = to_json(*change, slot);
  };
  if (rule.counts_layers()) {
    for (const auto& word : spec::words<Slot>) add(word.name, word.value);
  } else {
    add("weights", Slot::ProjectionWeights);
    add("activations", Slot::ProjectionActivations);
  }
  return object;
}

}  // namespace

std::string recipe_json(const Recipe& recipe) {
  ordered_json document{{"name", recipe.name}, {"summary", recipe.summary}};
  for (const auto& word : spec::words<Slot>)
    if (const auto& quantization = recipe.slots[static_cast<std::size_t>(word.value)])
      document[word.name] = to_json(*quantization, word.value);
  for (const LayerRule& rule : recipe.layers) document["layers"][rule.pattern] = to_json(rule);
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace mxemu::llama
