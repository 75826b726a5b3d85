// Shapes of published models (their config.json), for checkpoints of random weights.
#include <array>
#include <stdexcept>

#include "tools/llama/model/config.hpp"

namespace mxemu::llama {
namespace {

constexpr Rope plain_rope(float theta) {
  return {.theta = theta};
}
constexpr Rope llama3_rope(float factor) {
  return {.theta = 500000, .scaling = RopeScaling::Llama3, .factor = factor};
}

struct Preset {
  const char* name;
  Architecture architecture;
  std::size_t hidden_size, intermediate_size, layers, heads, kv_heads, head_dim, vocab_size, max_positions;
  float norm_epsilon;
  Rope rope;
  bool tied_head;
  int begin_token, end_token;  // -1: none
};

constexpr auto Llama = Architecture::Llama;
constexpr auto Mistral = Architecture::Mistral;
constexpr auto Qwen2 = Architecture::Qwen2;
constexpr auto Qwen3 = Architecture::Qwen3;

// clang-format off
const std::array presets{
    Preset{"tinyllama-1.1b", Llama, 2048, 5632, 22, 32, 4, 64, 32000, 2048, 1e-5F, plain_rope(1e4F), false, 1, 2},
    Preset{"llama-2-7b", Llama, 4096, 11008, 32, 32, 32, 128, 32000, 4096, 1e-5F, plain_rope(1e4F), false, 1, 2},
    Preset{"llama-2-13b", Llama, 5120, 13824, 40, 40, 40, 128, 32000, 4096, 1e-5F, plain_rope(1e4F), false, 1, 2},
    Preset{"llama-2-70b", Llama, 8192, 28672, 80, 64, 8, 128, 32000, 4096, 1e-5F, plain_rope(1e4F), false, 1, 2},
    Preset{"llama-3-8b", Llama, 4096, 14336, 32, 32, 8, 128, 128256, 8192, 1e-5F, plain_rope(5e5F), false, 128000, 128001},
    Preset{"llama-3.1-8b", Llama, 4096, 14336, 32, 32, 8, 128, 128256, 131072, 1e-5F, llama3_rope(8), false, 128000, 128001},
    Preset{"llama-3.1-70b", Llama, 8192, 28672, 80, 64, 8, 128, 128256, 131072, 1e-5F, llama3_rope(8), false, 128000, 128001},
    Preset{"llama-3.2-1b", Llama, 2048, 8192, 16, 32, 8, 64, 128256, 131072, 1e-5F, llama3_rope(32), true, 128000, 128001},
    Preset{"llama-3.2-3b", Llama, 3072, 8192, 28, 24, 8, 128, 128256, 131072, 1e-5F, llama3_rope(32), true, 128000, 128001},
    Preset{"mistral-7b-v0.3", Mistral, 4096, 14336, 32, 32, 8, 128, 32768, 32768, 1e-5F, plain_rope(1e6F), false, 1, 2},
    Preset{"qwen2.5-0.5b", Qwen2, 896, 4864, 24, 14, 2, 64, 151936, 32768, 1e-6F, plain_rope(1e6F), true, -1, 151643},
    Preset{"qwen2.5-1.5b", Qwen2, 1536, 8960, 28, 12, 2, 128, 151936, 32768, 1e-6F, plain_rope(1e6F), true, -1, 151643},
    Preset{"qwen2.5-7b", Qwen2, 3584, 18944, 28, 28, 4, 128, 152064, 131072, 1e-6F, plain_rope(1e6F), false, -1, 151643},
    Preset{"qwen3-0.6b", Qwen3, 1024, 3072, 28, 16, 8, 128, 151936, 40960, 1e-6F, plain_rope(1e6F), true, -1, 151645},
    Preset{"qwen3-8b", Qwen3, 4096, 12288, 36, 32, 8, 128, 151936, 40960, 1e-6F, plain_rope(1e6F), false, -1, 151645},
    Preset{"qwen3-32b", Qwen3, 5120, 25600, 64, 64, 8, 128, 151936, 40960, 1e-6F, plain_rope(1e6F), false, -1, 151645},
};
// clang-format on

std::vector<int> tokens(int id) {
  return id < 0 ? std::vector<int>{} : std::vector<int>{id};
}

Config config_of(const Preset& preset) {
  return {.architecture = preset.architecture,
          .hidden_size = preset.hidden_size,
          .intermediate_size = preset.intermediate_size,
          .layers = preset.layers,
          .heads = preset.heads,
          .kv_heads = preset.kv_heads,
          .head_dim = preset.head_dim,
          .vocab_size = preset.vocab_size,
          .max_positions = preset.max_positions,
          .norm_epsilon = preset.norm_epsilon,
          .rope = preset.rope,
          .tied_head = preset.tied_head,
          .qkv_bias = preset.architecture == Qwen2,
          .head_norms = preset.architecture == Qwen3,
          .begin_tokens = tokens(preset.begin_token),
          .end_tokens = tokens(preset.end_token)};
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : presets) names.emplace_back(preset.name);
  return names;
}

Config preset_config(const std::string& name) {
  std::string known;
  for (const Preset& preset : presets) {
    if (name == preset.name) return config_of(preset);
    known += (known.empty() ? "" : ", ") + std::string(preset.name);
  }
  throw std::invalid_argument("\"" + name + "\" is no config.json and no model among " + known);
}

}  // namespace mxemu::llama
