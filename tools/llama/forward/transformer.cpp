#include "tools/llama/forward/transformer.hpp"

#include <algorithm>
#include <stdexcept>

#include "tools/llama/forward/rows.hpp"

namespace mxemu::llama {

Transformer::Transformer(const Checkpoint& checkpoint, Products& products)
    : checkpoint_(checkpoint),
      config_(checkpoint.config()),
      products_(products),
      attention_(config_, products),
      frequencies_(rope_frequencies(config_)) {
  for (std::size_t layer = 0; layer < config_.layers; ++layer) layers_.push_back(read_layer(layer));
  final_norm_ = read_vector(final_norm_name);
}

/// As the precision holds it; nothing where the model has no such tensor.
std::vector<float> Transformer::read_vector(const std::string& name) const {
  if (!checkpoint_.has(name)) return {};
  const Weight& weight = checkpoint_.weight(name);
  checkpoint_.require_finite(weight);
  std::vector<float> numbers(weight.columns);
  expand(weight, numbers);
  round_rows(compute(), {numbers.data(), 1, numbers.size(), numbers.size()});
  return numbers;
}

Transformer::LayerVectors Transformer::read_layer(std::size_t layer) const {
  const auto read = [&](bool wanted, const char* rest) {
    return wanted ? read_vector(layer_tensor_name(layer, rest)) : std::vector<float>{};
  };
  return {.input_norm = read(true, "input_layernorm.weight"),
          .query_norm = read(config_.head_norms, "self_attn.q_norm.weight"),
          .key_norm = read(config_.head_norms, "self_attn.k_norm.weight"),
          .attention_norm = read(true, "post_attention_layernorm.weight"),
          .query_bias = read(config_.qkv_bias, "self_attn.q_proj.bias"),
          .key_bias = read(config_.qkv_bias, "self_attn.k_proj.bias"),
          .value_bias = read(config_.qkv_bias, "self_attn.v_proj.bias"),
          .output_bias = read(config_.output_bias, "self_attn.o_proj.bias"),
          .gate_bias = read(config_.mlp_bias, "mlp.gate_proj.bias"),
          .up_bias = read(config_.mlp_bias, "mlp.up_proj.bias"),
          .down_bias = read(config_.mlp_bias, "mlp.down_proj.bias")};
}

std::size_t Transformer::longest_text() const {
  return std::min(config_.max_positions, last_position + 1);
}

void Transformer::require_tokens(std::span<const NextTokens> batch) const {
  if (std::ranges::all_of(batch, [](const NextTokens& sequence) { return sequence.tokens.empty(); }))
    throw std::invalid_argument("there is no token to go on from");
  for (const NextTokens& sequence : batch) {
    const std::size_t length = sequence.cache->length() + sequence.tokens.size();
    if (length > longest_text())
      throw std::invalid_argument("a text of " + std::to_string(length) +
                                  " tokens is longer than the context of " + std::to_string(longest_text()));
    for (std::size_t i = 0; i < sequence.tokens.size(); ++i)
      if (const int token = sequence.tokens[i];
          token < 0 || static_cast<std::size_t>(token) >= config_.vocab_size)
        throw std::invalid_argument("token " + std::to_string(i) + " has the id " + std::to_string(token) +
                                    ", and the vocabulary ends at " + std::to_string(config_.vocab_size - 1));
  }
}

Matrix Transformer::forward(std::span<const NextTokens> batch) {
  require_tokens(batch);
  embed(batch);
  for (std::size_t layer = 0; layer < config_.layers; ++layer) {
    attention_part(layer, batch);
    mlp_part(layer);
  }
  norm(states_, final_norm_, normed_);
  show("norm", normed_);
  for (const NextTokens& sequence : batch) sequence.cache->advance(sequence.tokens.size());
  return normed_;
}

/// Sets up the matrices of a batch, too.
void Transformer::embed(std::span<const NextTokens> batch) {
  std::vector<std::size_t> positions;
  std::vector<int> tokens;
  for (const NextTokens& sequence : batch)
    for (std::size_t i = 0; i < sequence.tokens.size(); ++i) {
      positions.push_back(sequence.cache->length() + i);
      tokens.push_back(sequence.tokens[i]);
    }
  fill_rope_table(compute(), frequencies_, positions, rope_);
  states_ = state_buffer_.resize(tokens.size(), config_.hidden_size);
  normed_ = normed_buffer_.resize(tokens.size(), config_.hidden_size);
  query_ = query_buffer_.resize(tokens.size(), config_.query_width());
  key_ = key_buffer_.resize(tokens.size(), config_.kv_width());
  value_ = value_buffer_.resize(tokens.size(), config_.kv_width());
  const Weight& table = checkpoint_.weight(embedding_name);
  for (std::size_t row = 0; row < tokens.size(); ++row) {
    const auto token = static_cast<std::size_t>(tokens[row]);
    const Weight embedding = table.slice(token, 1);
    checkpoint_.require_finite(embedding, token);
    expand(embedding, states_.row(row));
  }
  round_rows(compute(), states_);
  show("embedding", states_);
}

Linear Transformer::linear_of(Site site, std::size_t layer, const char* module, std::span<const float> bias,
                              MutableMatrix output) const {
  const std::string name = layer_tensor_name(layer, module) + ".weight";
  return {{.site = site, .layer = layer}, &checkpoint_.weight(name), bias, output};
}

void Transformer::norm(Matrix x, const std::vector<float>& weight, MutableMatrix output) {
  rms_norm(compute(), x, weight, config_.norm_epsilon, output, products_.execution());
}

/// Queries and keys, each head normed where the model does, turned by their positions.
void Transformer::project_heads(std::size_t layer, Matrix input) {
  const LayerVectors& vectors = layers_[layer];
  const Linear projections[] = {
      linear_of(Site::QueryProjection, layer, "self_attn.q_proj", vectors.query_bias, query_),
      linear_of(Site::KeyProjection, layer, "self_attn.k_proj", vectors.key_bias, key_),
      linear_of(Site::ValueProjection, layer, "self_attn.v_proj", vectors.value_bias, value_)};
  products_.linear(input, projections);
  for (const Linear& projection : projections) show(layer, name_of(projection.place.site), projection.output);
  const auto heads_of = [&](MutableMatrix x) {
    return MutableMatrix{x.data, x.rows * x.columns / config_.head_dim, config_.head_dim, config_.head_dim};
  };
  if (config_.head_norms) {
    norm(heads_of(query_), vectors.query_norm, heads_of(query_));
    norm(heads_of(key_), vectors.key_norm, heads_of(key_));
    show(layer, "q_norm", query_);
    show(layer, "k_norm", key_);
  }
  const std::size_t half = config_.head_dim / 2;
  const Matrix cosines = rope_.cosines.resize(query_.rows, half),
               sines = rope_.sines.resize(query_.rows, half);
  rotate_heads(compute(), query_, config_.head_dim, cosines, sines, products_.execution());
  rotate_heads(compute(), key_, config_.head_dim, cosines, sines, products_.execution());
  show(layer, "q_rope", query_);
  show(layer, "k_rope", key_);
  products_.to_cache(projections[1].place, key_);
  products_.to_cache(projections[2].place, value_);
}

void Transformer::attention_part(std::size_t layer, std::span<const NextTokens> batch) {
  norm(states_, layers_[layer].input_norm, normed_);
  show(layer, "input_norm", normed_);
  project_heads(layer, normed_);
  const MutableMatrix mixed = output_buffer_.resize(query_.rows, query_.columns);
  std::size_t first = 0;
  for (std::size_t sequence = 0; sequence < batch.size(); ++sequence) {
    const std::size_t count = batch[sequence].tokens.size();
    KvCache& cache = *batch[sequence].cache;
    cache.write(layer, key_.rows_from(first, count), value_.rows_from(first, count));
    attention_.attend(layer, sequence, query_.rows_from(first, count), cache, mixed.rows_from(first, count),
                      observer_);
    first += count;
  }
  show(layer, "mix", mixed);
  const Linear output[] = {
      linear_of(Site::OutputProjection, layer, "self_attn.o_proj", layers_[layer].output_bias, normed_)};
  products_.linear(mixed, output);
  show(layer, "o_proj", normed_);
  add_rows(compute(), states_, normed_, products_.execution());
  show(layer, "attention_residual", states_);
}

void Transformer::mlp_part(std::size_t layer) {
  const LayerVectors& vectors = layers_[layer];
  norm(states_, vectors.attention_norm, normed_);
  show(layer, "post_attention_norm", normed_);
  const MutableMatrix gate = gate_buffer_.resize(states_.rows, config_.intermediate_size);
  const MutableMatrix up = up_buffer_.resize(states_.rows, config_.intermediate_size);
  const Linear inner[] = {linear_of(Site::GateProjection, layer, "mlp.gate_proj", vectors.gate_bias, gate),
                          linear_of(Site::UpProjection, layer, "mlp.up_proj", vectors.up_bias, up)};
  products_.linear(normed_, inner);
  show(layer, "gate_proj", gate);
  show(layer, "up_proj", up);
  silu_times(compute(), gate, up, products_.execution());
  show(layer, "silu", gate);
  const Linear outer[] = {
      linear_of(Site::DownProjection, layer, "mlp.down_proj", vectors.down_bias, normed_)};
  products_.linear(gate, outer);
  show(layer, "down_proj", normed_);
  add_rows(compute(), states_, normed_, products_.execution());
  show(layer, "mlp_residual", states_);
}

void Transformer::logits(Matrix states, MutableMatrix output) {
  const Weight& weight = checkpoint_.weight(config_.tied_head ? embedding_name : head_name);
  const Linear head[] = {{{.site = Site::Head, .layer = config_.layers}, &weight, {}, output}};
  products_.linear(states, head);
  show("lm_head", output);
}

void Transformer::show(const std::string& name, Matrix values) const {
  if (observer_ != nullptr) observer_->saw(name, values);
}

void Transformer::show(std::size_t layer, const char* what, Matrix values) const {
  if (observer_ != nullptr) observer_->saw("layers." + std::to_string(layer) + "." + what, values);
}

}  // namespace mxemu::llama
