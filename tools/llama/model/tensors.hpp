// The tensors that a model has, under the names of transformers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/llama/model/config.hpp"

namespace mxemu::llama {

/// What a tensor is to the forward pass. Linear weights are [outputs, inputs].
enum class TensorKind : std::uint8_t { Embedding, Norm, Linear, Bias };

struct ModelTensor {
  std::string name;
  TensorKind kind;
  std::vector<std::int64_t> shape;
};

inline constexpr const char* embedding_name = "model.embed_tokens.weight";
inline constexpr const char* final_norm_name = "model.norm.weight";
inline constexpr const char* head_name = "lm_head.weight";

/// "model.layers.3.self_attn.q_proj.weight" of 3 and "self_attn.q_proj.weight".
std::string layer_tensor_name(std::size_t layer, const char* rest);

/// The names of one layer's, and of all tensors, in the order in which a forward pass meets them; the head
/// is last, and not among them where it is tied.
std::vector<ModelTensor> layer_tensors(const Config& config, std::size_t layer);
std::vector<ModelTensor> model_tensors(const Config& config);

}  // namespace mxemu::llama
