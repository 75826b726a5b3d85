#include "tools/llama/recipe/built_in.hpp"

#include <stdexcept>

#include "conformance/nearest_word.hpp"
#include "tools/llama/recipe/recipe_json.hpp"

namespace mxemu::llama {
namespace {

using enum spec::BlockType;
using Format = std::optional<spec::BlockType>;
constexpr Format none = std::nullopt;

/// What the recipes below differ in.
struct Row {
  const char* name;
  const char* summary;
  Format projection_weights, projection_activations, mlp_weights, mlp_activations;
  Format query = none, key = none, value = none, attention_weights = none;
  Format head_weights = none, head_activations = none;
  Format cache = none;
  const char* weights_profile = "ocp";
  const char* activations_profile = "ocp";
};

/// The seven projections alike.
constexpr Row linear(const char* name, const char* summary, Format weights, Format activations) {
  return {name, summary, weights, activations, weights, activations};
}

constexpr Row under(Row row, const char* weights_profile, const char* activations_profile) {
  row.weights_profile = weights_profile;
  row.activations_profile = activations_profile;
  return row;
}

constexpr Row with_attention(Row row, Format format) {
  row.query = row.key = row.value = row.attention_weights = format;
  return row;
}

/// TorchMX converts every linear layer that is left, which is lm_head, as it does those of the MLP.
constexpr Row with_head(Row row) {
  row.head_weights = row.mlp_weights;
  row.head_activations = row.mlp_activations;
  return row;
}

constexpr Row all_mx(const char* name, const char* summary, Format format) {
  return with_head(with_attention(linear(name, summary, format, format), format));
}

constexpr Row value_in(Row row, Format format) {
  row.value = format;
  return row;
}

constexpr Row cache_in(Row row, Format format) {
  row.cache = format;
  return row;
}

// TorchMX's tables of LLaMA 3.1 (rain-neuromorphics/torchmx 7648b97, llama3.1 results): its FP6 is E3M2, the
// default of its code, and its FP8 E4M3. lm_head is quantised, which the tables do not say.
constexpr Row torchmx(const char* name, const char* summary, Format projection_activations,
                      Format mlp_activations) {
  return with_head({name, summary, MXFP6_E3M2, projection_activations, MXFP6_E3M2, mlp_activations});
}

constexpr Row rows[] = {
    torchmx("torchmx-8b-w6a8", "TorchMX, 8B row 1: weights FP6, activations FP8; lm_head as the MLP",
            MXFP8_E4M3, MXFP8_E4M3),
    torchmx("torchmx-8b-w6a6", "TorchMX, 8B row 2: weights and activations FP6; lm_head as the MLP",
            MXFP6_E3M2, MXFP6_E3M2),
    with_attention(torchmx("torchmx-8b-w6a8-qkvp6", "TorchMX, 8B row 3: row 1, and Q, K, V, P in FP6",
                           MXFP8_E4M3, MXFP8_E4M3),
                   MXFP6_E3M2),
    with_attention(torchmx("torchmx-8b-w6a6-qkvp6", "TorchMX, 8B row 4: row 2, and Q, K, V, P in FP6",
                           MXFP6_E3M2, MXFP6_E3M2),
                   MXFP6_E3M2),
    torchmx("torchmx-70b-w6a8-mlp-a6",
            "TorchMX, 70B row 1: weights FP6, activations FP8, of the MLP FP6; lm_head as the MLP",
            MXFP8_E4M3, MXFP6_E3M2),
    torchmx("torchmx-70b-w6a6", "TorchMX, 70B row 2: weights and activations FP6; lm_head as the MLP",
            MXFP6_E3M2, MXFP6_E3M2),
    with_attention(torchmx("torchmx-70b-w6a8-mlp-a6-qkvp6",
                           "TorchMX, 70B row 3: row 1, and Q, K, V, P in FP6", MXFP8_E4M3, MXFP6_E3M2),
                   MXFP6_E3M2),
    with_attention(torchmx("torchmx-70b-w6a6-qkvp6", "TorchMX, 70B row 4: row 2, and Q, K, V, P in FP6",
                           MXFP6_E3M2, MXFP6_E3M2),
                   MXFP6_E3M2),
    value_in(with_attention(torchmx("torchmx-8b-w6a8-qkp6-v4",
                                    "what TorchMX's text says of values: 8B row 3 with V in MXFP4",
                                    MXFP8_E4M3, MXFP8_E4M3),
                            MXFP6_E3M2),
             MXFP4_E2M1),
    all_mx("torchmx-int8", "TorchMX's example: INT8 everywhere, lm_head too", MXINT8),

    linear("mxfp4", "the seven projections in MXFP4", MXFP4_E2M1, MXFP4_E2M1),
    linear("mxfp6-e2m3", "the seven projections in MXFP6 E2M3", MXFP6_E2M3, MXFP6_E2M3),
    linear("mxfp6-e3m2", "the seven projections in MXFP6 E3M2", MXFP6_E3M2, MXFP6_E3M2),
    linear("mxfp8-e4m3", "the seven projections in MXFP8 E4M3", MXFP8_E4M3, MXFP8_E4M3),
    linear("mxfp8-e5m2", "the seven projections in MXFP8 E5M2", MXFP8_E5M2, MXFP8_E5M2),
    linear("mxint8", "the seven projections in MXINT8", MXINT8, MXINT8),
    under(
        linear("mxfp4-rceil", "the seven projections in MXFP4, no element saturates", MXFP4_E2M1, MXFP4_E2M1),
        "torchao-rceil", "torchao-rceil"),
    under(linear("mxfp8-e4m3-rceil", "the seven projections in MXFP8 E4M3, no element saturates", MXFP8_E4M3,
                 MXFP8_E4M3),
          "torchao-rceil", "torchao-rceil"),

    all_mx("mxfp4-all", "every product in MXFP4: projections, Q, K, V, P and lm_head", MXFP4_E2M1),
    all_mx("mxfp6-e2m3-all", "every product in MXFP6 E2M3", MXFP6_E2M3),
    all_mx("mxfp6-e3m2-all", "every product in MXFP6 E3M2", MXFP6_E3M2),
    all_mx("mxfp8-e4m3-all", "every product in MXFP8 E4M3", MXFP8_E4M3),
    all_mx("mxfp8-e5m2-all", "every product in MXFP8 E5M2", MXFP8_E5M2),
    all_mx("mxint8-all", "every product in MXINT8", MXINT8),

    linear("w8a8", "arXiv 2601.09555: weights and activations MXFP8 E4M3", MXFP8_E4M3, MXFP8_E4M3),
    linear("w4a8", "arXiv 2601.09555: weights MXFP4, activations MXFP8 E4M3", MXFP4_E2M1, MXFP8_E4M3),
    linear("w4a4", "arXiv 2601.09555: weights and activations MXFP4", MXFP4_E2M1, MXFP4_E2M1),
    linear("w4a16", "arXiv 2601.09555: weights MXFP4, activations as they are", MXFP4_E2M1, none),
    linear("w16a4", "weights as they are, activations MXFP4", none, MXFP4_E2M1),
    linear("w6a8", "weights MXFP6 E3M2, activations MXFP8 E4M3, lm_head as it is", MXFP6_E3M2, MXFP8_E4M3),
    cache_in(linear("w4a8kv8", "arXiv 2601.09555: w4a8, keys and values stored in MXFP8 E4M3", MXFP4_E2M1,
                    MXFP8_E4M3),
             MXFP8_E4M3),

    under(linear("autoround-2025", "AutoRound's MXFP4 of 2025: weights floor, activations rceil", MXFP4_E2M1,
                 MXFP4_E2M1),
          "autoround-floor", "autoround-rceil"),
    under(linear("autoround-2025-mxfp8", "AutoRound's MXFP8 of 2025: weights floor, activations rceil",
                 MXFP8_E4M3, MXFP8_E4M3),
          "autoround-floor", "autoround-rceil"),
};

std::optional<Quantization> quantization(Format format, const char* profile) {
  if (!format) return std::nullopt;
  Quantization made{.request = spec::make_request(*format, *spec::find_profile(profile)), .profile = profile};
  // Widths of models are not all multiples of a block.
  made.request.policy.tail = spec::Tail::ZeroPad;
  return made;
}

Recipe recipe_of(const Row& row) {
  Recipe recipe{.name = row.name, .summary = row.summary, .slots = {}, .layers = {}};
  const auto set = [&](Slot slot, Format format, const char* profile) {
    recipe.slots[static_cast<std::size_t>(slot)] = quantization(format, profile);
  };
  set(Slot::ProjectionWeights, row.projection_weights, row.weights_profile);
  set(Slot::ProjectionActivations, row.projection_activations, row.activations_profile);
  set(Slot::MlpWeights, row.mlp_weights, row.weights_profile);
  set(Slot::MlpActivations, row.mlp_activations, row.activations_profile);
  set(Slot::Query, row.query, row.activations_profile);
  set(Slot::Key, row.key, row.activations_profile);
  set(Slot::Value, row.value, row.activations_profile);
  set(Slot::AttentionWeights, row.attention_weights, row.activations_profile);
  set(Slot::HeadWeights, row.head_weights, row.weights_profile);
  set(Slot::HeadActivations, row.head_activations, row.activations_profile);
  set(Slot::Cache, row.cache, row.activations_profile);
  return recipe;
}

}  // namespace

const std::vector<Recipe>& built_in_recipes() {
  static const std::vector<Recipe> recipes = [] {
    std::vector<Recipe> made;
    for (const Row& row : rows) made.push_back(recipe_of(row));
    return made;
  }();
  return recipes;
}

Recipe find_recipe(const std::string& name_or_file) {
  std::vector<std::string> names;
  for (const Recipe& recipe : built_in_recipes()) {
    if (recipe.name == name_or_file) return recipe;
    names.push_back(recipe.name);
  }
  if (std::filesystem::exists(name_or_file)) return read_recipe(name_or_file);
  throw std::invalid_argument("there is no recipe and no file \"" + name_or_file + "\"" +
                              conformance::what_there_is(name_or_file, names));
}

}  // namespace mxemu::llama
