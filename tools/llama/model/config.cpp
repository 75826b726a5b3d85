#include "tools/llama/model/config.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include "tools/io/error.hpp"
#include "tools/llama/model/config_reader.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

struct ArchitectureRow {
  Architecture architecture;
  const char* model_type;
  const char* name;  // in `architectures`
};
constexpr std::array architectures{
    ArchitectureRow{Architecture::Llama, "llama", "LlamaForCausalLM"},
    ArchitectureRow{Architecture::Mistral, "mistral", "MistralForCausalLM"},
    ArchitectureRow{Architecture::Qwen2, "qwen2", "Qwen2ForCausalLM"},
    ArchitectureRow{Architecture::Qwen3, "qwen3", "Qwen3ForCausalLM"},
};

Architecture architecture_of(const ConfigReader& reader) {
  const std::string found = reader.text_or("model_type", "");
  std::string known;
  for (const ArchitectureRow& row : architectures) {
    if (found == row.model_type) return row.architecture;
    known += (known.empty() ? "" : ", ") + std::string(row.model_type);
  }
  reader.refuse("model_type", found.empty() ? "is missing; one of " + known + " is needed"
                                            : io::in_quotes(found) + " is not among " + known);
}

/// What says how to stretch: `rope_parameters`, `rope_scaling`, or nothing.
Rope read_rope(const ConfigReader& reader) {
  Rope rope;
  const char* key = reader.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
  rope.theta = reader.positive_or("rope_theta", rope.theta);
  if (!reader.has(key)) return rope;
  const ConfigReader scaling = reader.object(key);
  rope.theta = scaling.positive_or("rope_theta", rope.theta);
  const char* type_key = scaling.has("rope_type") ? "rope_type" : "type";
  const std::string type = scaling.text_or(type_key, "default");
  if (scaling.has("partial_rotary_factor") && scaling.positive("partial_rotary_factor") != 1)
    scaling.refuse("partial_rotary_factor", "only whole heads are rotated here");
  if (type == "default") return rope;
  if (type != "linear" && type != "llama3")
    scaling.refuse(type_key, io::in_quotes(type) + " is not among default, linear, llama3");
  rope.factor = scaling.positive("factor");
  rope.scaling = type == "linear" ? RopeScaling::Linear : RopeScaling::Llama3;
  if (rope.scaling == RopeScaling::Linear) return rope;
  rope.low_freq_factor = scaling.positive("low_freq_factor");
  rope.high_freq_factor = scaling.positive("high_freq_factor");
  rope.original_positions = static_cast<float>(scaling.count("original_max_position_embeddings"));
  if (rope.high_freq_factor <= rope.low_freq_factor)
    scaling.refuse("high_freq_factor", "must be above low_freq_factor");
  return rope;
}

void read_attention(const ConfigReader& reader, Config& config) {
  config.heads = reader.count("num_attention_heads");
  config.kv_heads = reader.count_or("num_key_value_heads", config.heads);
  if (config.heads % config.kv_heads != 0)
    reader.refuse("num_key_value_heads", std::to_string(config.kv_heads) + " do not divide the " +
                                             std::to_string(config.heads) + " attention heads");
  const bool derived = !reader.has("head_dim");
  if (derived && config.hidden_size % config.heads != 0)
    reader.refuse("num_attention_heads", std::to_string(config.heads) + " do not divide the hidden size " +
                                             std::to_string(config.hidden_size) +
                                             ", and there is no head_dim");
  config.head_dim = derived ? config.hidden_size / config.heads : reader.count("head_dim");
  if (config.head_dim % 2 != 0)
    reader.refuse("head_dim", std::to_string(config.head_dim) + " is odd: RoPE turns pairs");
  if (reader.flag_or("use_sliding_window", false))
    reader.refuse("use_sliding_window", "windows in some of the layers are not supported");
  if (config.architecture == Architecture::Mistral)
    config.sliding_window = reader.count_or("sliding_window", 0);
}

void read_biases(const ConfigReader& reader, Config& config) {
  const bool attention = reader.flag_or("attention_bias", false);
  config.qkv_bias = attention || config.architecture == Architecture::Qwen2;
  config.output_bias = attention;
  config.mlp_bias = reader.flag_or("mlp_bias", false);
  config.head_norms = config.architecture == Architecture::Qwen3;
}

std::vector<int> checked_tokens(const ConfigReader& reader, const char* key, const Config& config) {
  std::vector<int> ids = reader.tokens(key);
  for (const int id : ids)
    if (static_cast<std::size_t>(id) >= config.vocab_size)
      reader.refuse(key,
                    std::to_string(id) + " is no id of a vocabulary of " + std::to_string(config.vocab_size));
  return ids;
}

Config config_of(const ConfigReader& reader) {
  Config config;
  config.architecture = architecture_of(reader);
  config.hidden_size = reader.count("hidden_size");
  config.intermediate_size = reader.count("intermediate_size");
  config.layers = reader.count("num_hidden_layers");
  if (constexpr std::size_t most = 1 << 16; config.layers > most)  // each takes memory before it is missed
    reader.refuse("num_hidden_layers",
                  std::to_string(config.layers) + " is more than " + std::to_string(most));
  config.vocab_size = reader.count("vocab_size");
  config.max_positions = reader.count_or("max_position_embeddings", config.max_positions);
  config.norm_epsilon = reader.positive_or("rms_norm_eps", 1e-6F);  // transformers' default
  config.rope = read_rope(reader);
  read_attention(reader, config);
  read_biases(reader, config);
  config.tied_head = reader.flag_or("tie_word_embeddings", false);
  if (const std::string act = reader.text_or("hidden_act", "silu"); act != "silu" && act != "swish")
    reader.refuse("hidden_act", io::in_quotes(act) + " is not silu");
  config.begin_tokens = checked_tokens(reader, "bos_token_id", config);
  config.end_tokens = checked_tokens(reader, "eos_token_id", config);
  return config;
}

json rope_json(const Rope& rope) {
  switch (rope.scaling) {
    case RopeScaling::None: return nullptr;
    case RopeScaling::Linear: return {{"rope_type", "linear"}, {"factor", rope.factor}};
    case RopeScaling::Llama3: break;
  }
  return {{"rope_type", "llama3"},
          {"factor", rope.factor},
          {"low_freq_factor", rope.low_freq_factor},
          {"high_freq_factor", rope.high_freq_factor},
          {"original_max_position_embeddings", static_cast<std::int64_t>(rope.original_positions)}};
}

json tokens_json(const std::vector<int>& ids) {
  if (ids.empty()) return nullptr;
  if (ids.size() == 1) return ids.front();
  return ids;
}

}  // namespace

Config parse_config(const std::filesystem::path& file, const std::string& text) {
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) throw io::FileError(file, "is no JSON object");
  return config_of(ConfigReader(file, document));
}

Config read_config(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw io::FileError(file, "cannot be read");
  return parse_config(file, {std::istreambuf_iterator<char>(stream), {}});
}

std::string config_json(const Config& config, const std::string& dtype) {
  const ArchitectureRow& row = architectures[static_cast<std::size_t>(config.architecture)];
  json document{{"architectures", {row.name}},
                {"model_type", row.model_type},
                {"hidden_size", config.hidden_size},
                {"intermediate_size", config.intermediate_size},
                {"num_hidden_layers", config.layers},
                {"num_attention_heads", config.heads},
                {"num_key_value_heads", config.kv_heads},
                {"head_dim", config.head_dim},
                {"vocab_size", config.vocab_size},
                {"max_position_embeddings", config.max_positions},
                {"rms_norm_eps", config.norm_epsilon},
                {"rope_theta", config.rope.theta},
                {"rope_scaling", rope_json(config.rope)},
                {"tie_word_embeddings", config.tied_head},
                {"attention_bias", config.output_bias},
                {"mlp_bias", config.mlp_bias},
                {"hidden_act", "silu"},
                {"bos_token_id", tokens_json(config.begin_tokens)},
                {"eos_token_id", tokens_json(config.end_tokens)},
                {"torch_dtype", dtype}};
  if (config.sliding_window != 0) document["sliding_window"] = config.sliding_window;
  return document.dump(2) + "\n";
}

}  // namespace mxemu::llama
