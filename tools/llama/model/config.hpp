// What a checkpoint says of its model: the numbers of config.json that a forward pass needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace mxemu::llama {

/// The families that share LLaMA's layer. Qwen2 adds biases to q, k and v; Qwen3 norms each head of q and k.
enum class Architecture : std::uint8_t { Llama, Mistral, Qwen2, Qwen3 };

enum class RopeScaling : std::uint8_t { None, Linear, Llama3 };

/// How the frequencies of the rotary embedding are stretched.
struct Rope {
  float theta = 10000;
  RopeScaling scaling = RopeScaling::None;
  float factor = 1;
  float low_freq_factor = 1;  ///< of Llama3, as the next two
  float high_freq_factor = 4;
  float original_positions = 8192;

  bool operator==(const Rope&) const = default;
};

struct Config {
  Architecture architecture = Architecture::Llama;
  std::size_t hidden_size = 0;
  std::size_t intermediate_size = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t kv_heads = 0;
  std::size_t head_dim = 0;  ///< even; heads * head_dim need not be hidden_size
  std::size_t vocab_size = 0;
  std::size_t max_positions = 2048;  ///< tokens of the longest context
  std::size_t sliding_window = 0;    ///< a token sees so many, itself included; 0: all
  float norm_epsilon = 1e-5F;
  Rope rope;
  bool tied_head = false;  ///< the embedding is the head's weight, too
  bool qkv_bias = false;
  bool output_bias = false;  ///< of o_proj
  bool mlp_bias = false;
  bool head_norms = false;        ///< RMSNorm of each head of q and k before RoPE
  std::vector<int> begin_tokens;  ///< bos_token_id: none or one
  std::vector<int> end_tokens;    ///< eos_token_id: any of them ends a text

  std::size_t query_width() const { return heads * head_dim; }
  std::size_t kv_width() const { return kv_heads * head_dim; }
  std::size_t queries_per_kv() const { return heads / kv_heads; }
  bool operator==(const Config&) const = default;
};

/// Reads config.json as transformers writes it, old (`rope_theta`, `rope_scaling`) or new
/// (`rope_parameters`). Throws io::FileError, which names the key at fault, where something is missing or not
/// what a forward pass here can do: another architecture, activation or rotary scaling.
Config read_config(const std::filesystem::path& file);
Config parse_config(const std::filesystem::path& file, const std::string& text);

/// config.json of a model whose weights are of `dtype` (float32, bfloat16, float16).
std::string config_json(const Config& config, const std::string& dtype);

/// Names of models whose shapes are known, such as llama-3.1-8b.
std::vector<std::string> preset_names();

/// The shape of a known model, or std::invalid_argument, which lists them.
Config preset_config(const std::string& name);

}  // namespace mxemu::llama
