// The tensors that a recipe speaks of.
#pragma once

#include <cstdint>

#include "spec/words.hpp"
#include "tools/llama/forward/place.hpp"

namespace mxemu::llama {

enum class Slot : std::uint8_t {
  ProjectionWeights,
  ProjectionActivations,
  MlpWeights,
  MlpActivations,
  Query,
  Key,
  Value,
  AttentionWeights,
  HeadWeights,
  HeadActivations,
  Cache,
};
inline constexpr int slot_count = static_cast<int>(Slot::Cache) + 1;

/// Along which axis values are cut into blocks. Along the sequence a block holds several tokens, so what is
/// in it depends on how far the text is known.
enum class ValueAxis : std::uint8_t { SequencePrefill, SequenceCausal, HeadDimension };

/// The slot of a linear layer's weight.
constexpr Slot weights_slot(Site site) {
  switch (site) {
    case Site::GateProjection:
    case Site::UpProjection:
    case Site::DownProjection: return Slot::MlpWeights;
    case Site::Head: return Slot::HeadWeights;
    case Site::QueryProjection:
    case Site::KeyProjection:
    case Site::ValueProjection:
    case Site::OutputProjection:
    case Site::Scores:
    case Site::Mix: return Slot::ProjectionWeights;
  }
  return Slot::ProjectionWeights;
}

/// The slot of what enters a linear layer.
constexpr Slot activations_slot(Site site) {
  const Slot weights = weights_slot(site);
  if (weights == Slot::MlpWeights) return Slot::MlpActivations;
  return weights == Slot::HeadWeights ? Slot::HeadActivations : Slot::ProjectionActivations;
}

}  // namespace mxemu::llama

namespace mxemu::spec {

template <>
inline constexpr Word<llama::Slot> words<llama::Slot>[] = {
    {llama::Slot::ProjectionWeights, "proj_weights", "weights of q, k, v and o"},
    {llama::Slot::ProjectionActivations, "proj_activations", "what enters q, k, v and o"},
    {llama::Slot::MlpWeights, "mlp_weights", "weights of gate, up and down"},
    {llama::Slot::MlpActivations, "mlp_activations", "what enters gate, up and down"},
    {llama::Slot::Query, "query", "queries after RoPE, along head_dim"},
    {llama::Slot::Key, "key", "keys after RoPE, along head_dim"},
    {llama::Slot::Value, "value", "values, along the axis that the recipe names"},
    {llama::Slot::AttentionWeights, "attention_weights", "softmax's results, along the keys"},
    {llama::Slot::HeadWeights, "lm_head_weights", "the weight of lm_head"},
    {llama::Slot::HeadActivations, "lm_head_activations", "what enters lm_head"},
    {llama::Slot::Cache, "kv_cache", "keys and values as they are stored, along head_dim"},
};
static_assert(words_are_in_order<llama::Slot>());

template <>
inline constexpr Word<llama::ValueAxis> words<llama::ValueAxis>[] = {
    {llama::ValueAxis::SequencePrefill, "seq_prefill",
     "along the tokens, all that the pass knows: a block may hold later tokens than the query"},
    {llama::ValueAxis::SequenceCausal, "seq_causal",
     "along the tokens, for each query those up to its own; one query at a time"},
    {llama::ValueAxis::HeadDimension, "head_dim", "along head_dim, each token by itself"},
};
static_assert(words_are_in_order<llama::ValueAxis>());

}  // namespace mxemu::spec
