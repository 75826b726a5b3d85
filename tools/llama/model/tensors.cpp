#include "tools/llama/model/tensors.hpp"

#include <iterator>

namespace mxemu::llama {
namespace {

std::int64_t dimension(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

}  // namespace

std::string layer_tensor_name(std::size_t layer, const char* rest) {
  return "model.layers." + std::to_string(layer) + "." + rest;
}

std::vector<ModelTensor> layer_tensors(const Config& config, std::size_t layer) {
  const auto hidden = dimension(config.hidden_size), inner = dimension(config.intermediate_size);
  const auto queries = dimension(config.query_width()), keys = dimension(config.kv_width());
  std::vector<ModelTensor> tensors;
  const auto norm = [&](const char* rest, std::size_t width) {
    tensors.push_back({layer_tensor_name(layer, rest), TensorKind::Norm, {dimension(width)}});
  };
  const auto linear = [&](const std::string& module, std::int64_t outputs, std::int64_t inputs, bool bias) {
    const std::string name = layer_tensor_name(layer, module.c_str());
    tensors.push_back({name + ".weight", TensorKind::Linear, {outputs, inputs}});
    if (bias) tensors.push_back({name + ".bias", TensorKind::Bias, {outputs}});
  };
  norm("input_layernorm.weight", config.hidden_size);
  linear("self_attn.q_proj", queries, hidden, config.qkv_bias);
  linear("self_attn.k_proj", keys, hidden, config.qkv_bias);
  linear("self_attn.v_proj", keys, hidden, config.qkv_bias);
  if (config.head_norms) {
    norm("self_attn.q_norm.weight", config.head_dim);
    norm("self_attn.k_norm.weight", config.head_dim);
  }
  linear("self_attn.o_proj", hidden, queries, config.output_bias);
  norm("post_attention_layernorm.weight", config.hidden_size);
  linear("mlp.gate_proj", inner, hidden, config.mlp_bias);
  linear("mlp.up_proj", inner, hidden, config.mlp_bias);
  linear("mlp.down_proj", hidden, inner, config.mlp_bias);
  return tensors;
}

std::vector<ModelTensor> model_tensors(const Config& config) {
  const auto hidden = dimension(config.hidden_size), vocabulary = dimension(config.vocab_size);
  std::vector<ModelTensor> tensors{{embedding_name, TensorKind::Embedding, {vocabulary, hidden}}};
  for (std::size_t layer = 0; layer < config.layers; ++layer) {
    auto some = layer_tensors(config, layer);
    tensors.insert(tensors.end(), std::move_iterator(some.begin()), std::move_iterator(some.end()));
  }
  tensors.push_back({final_norm_name, TensorKind::Norm, {hidden}});
  if (!config.tied_head) tensors.push_back({head_name, TensorKind::Linear, {vocabulary, hidden}});
  return tensors;
}

}  // namespace mxemu::llama
