// The forward pass of a LLaMA-family model.
#pragma once

#include <span>
#include <vector>

#include "tools/llama/forward/attention.hpp"
#include "tools/llama/forward/kv_cache.hpp"
#include "tools/llama/forward/observer.hpp"
#include "tools/llama/forward/products.hpp"
#include "tools/llama/forward/rope.hpp"
#include "tools/llama/model/checkpoint.hpp"

namespace mxemu::llama {

/// The next tokens of one sequence of a batch. Sequences may bring different numbers of tokens, and have seen
/// different numbers before.
struct NextTokens {
  KvCache* cache;
  std::span<const int> tokens;
};

/// Weights stay where the checkpoint has them; norms and biases are held as float32.
class Transformer {
 public:
  /// Throws io::FileError where a norm or a bias holds NaN or Inf. Both arguments outlive the Transformer.
  Transformer(const Checkpoint& checkpoint, Products& products);

  /// The states of all new tokens, in the order of the batch, after the last norm: tokens x hidden_size. They
  /// stay until the next call. Caches have seen the tokens afterwards; after an exception they have not.
  /// Throws std::invalid_argument on a token that is not in the vocabulary, and on a text longer than the
  /// context of the model.
  Matrix forward(std::span<const NextTokens> batch);
  /// The logits of some states: rows x vocab_size.
  void logits(Matrix states, MutableMatrix output);

  /// Is shown every tensor; null: nobody.
  void set_observer(Observer* observer) { observer_ = observer; }
  const Config& config() const { return config_; }
  Compute compute() const { return products_.compute(); }
  /// Tokens of the longest text.
  std::size_t longest_text() const;

 private:
  struct LayerVectors {
    std::vector<float> input_norm, query_norm, key_norm, attention_norm;
    std::vector<float> query_bias, key_bias, value_bias, output_bias, gate_bias, up_bias, down_bias;
  };
  LayerVectors read_layer(std::size_t layer) const;
  std::vector<float> read_vector(const std::string& name) const;

  void require_tokens(std::span<const NextTokens> batch) const;
  void embed(std::span<const NextTokens> batch);
  void attention_part(std::size_t layer, std::span<const NextTokens> batch);
  void project_heads(std::size_t layer, Matrix input);
  void mlp_part(std::size_t layer);
  Linear linear_of(Site site, std::size_t layer, const char* module, std::span<const float> bias,
                   MutableMatrix output) const;
  void norm(Matrix x, const std::vector<float>& weight, MutableMatrix output);
  void show(const std::string& name, Matrix values) const;
  void show(std::size_t layer, const char* what, Matrix values) const;

  const Checkpoint& checkpoint_;
  const Config& config_;
  Products& products_;
  Attention attention_;
  Observer* observer_ = nullptr;
  std::vector<float> frequencies_;
  std::vector<LayerVectors> layers_;
  std::vector<float> final_norm_;

  RopeTable rope_;
  MatrixBuffer state_buffer_, normed_buffer_, query_buffer_, key_buffer_, value_buffer_, output_buffer_,
      gate_buffer_, up_buffer_;
  MutableMatrix states_, normed_, query_, key_, value_;
};

}  // namespace mxemu::llama
