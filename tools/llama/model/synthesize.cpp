#include "tools/llama/model/synthesize.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "fast/mxemu.hpp"
#include "fast/parallel.hpp"
#include "fast/random.hpp"
#include "tools/io/error.hpp"
#include "tools/io/output_file.hpp"
#include "tools/io/tensor_writer.hpp"
#include "tools/llama/model/number_bits.hpp"
#include "tools/llama/model/tensors.hpp"

namespace mxemu::llama {
namespace {

constexpr std::uint64_t largest_shard = 5'000'000'000;
constexpr std::size_t chunk_numbers = std::size_t{1} << 20;

/// The mean and the standard deviation of a tensor's numbers.
struct Spread {
  float mean = 0;
  float deviation = 0;
};

Spread spread_of(const ModelTensor& tensor) {
  switch (tensor.kind) {
    case TensorKind::Embedding: return {.deviation = 0.25F};
    case TensorKind::Norm: return {.mean = 1, .deviation = 0.125F};
    case TensorKind::Bias: return {.deviation = 0.25F};
    case TensorKind::Linear: break;
  }
  return {.deviation = 1 / std::sqrt(static_cast<float>(tensor.shape.back()))};
}

/// About normal, of mean 0 and variance 1: the sum of four uniform numbers of 16 bits.
float bell(std::uint32_t low, std::uint32_t high) {
  const std::uint32_t sum = (low & 0xFFFF) + (low >> 16) + (high & 0xFFFF) + (high >> 16);
  constexpr float per_unit = 1.7320508F / 65536;  // each has a variance of 1 / 12
  return (static_cast<float>(sum) - 131070.0F) * per_unit;
}

/// Numbers 2 * first … 2 * last - 1 of a tensor that has a stream of its own.
void fill(std::span<float> to, std::uint64_t stream, std::uint64_t first_pair, const Spread& spread) {
  const std::size_t pairs = (to.size() + 1) / 2;
  fast::in_parallel(pairs, 1024, pairs * 8, {}, [&](std::size_t from, std::size_t until) {
    for (std::size_t pair = from; pair < until; ++pair) {
      const fast::PhiloxBlock random = fast::philox_block(stream, first_pair + pair);
      to[2 * pair] = spread.mean + spread.deviation * bell(random.word[0], random.word[1]);
      if (2 * pair + 1 < to.size())
        to[2 * pair + 1] = spread.mean + spread.deviation * bell(random.word[2], random.word[3]);
    }
  });
}

/// FNV-1a of a tensor's name, so that its numbers do not depend on what else there is.
std::uint64_t stream_of(const std::string& name, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3;
  return hash ^ seed * 0x9E3779B97F4A7C15;
}

std::uint64_t count_of(const ModelTensor& tensor) {
  std::uint64_t count = 1;
  for (const std::int64_t dimension : tensor.shape) count *= static_cast<std::uint64_t>(dimension);
  return count;
}

std::uint64_t bytes_of(const ModelTensor& tensor, spec::FloatType type) {
  return count_of(tensor) * static_cast<std::uint64_t>(spec::format_of(type).bytes());
}

/// The numbers' bytes in the type: float32 as it is, else rounded by the codec that converts tensors.
std::span<const std::byte> stored(std::span<const float> numbers, spec::FloatType type,
                                  std::vector<std::uint16_t>& narrow) {
  if (type == spec::FloatType::Float32) return std::as_bytes(numbers);
  narrow.resize(numbers.size());
  const bool half = type == spec::FloatType::Float16;
  std::transform(numbers.begin(), numbers.end(), narrow.begin(),
                 [half](float x) { return half ? to_float16(x) : to_bfloat16(x); });
  return std::as_bytes(std::span(narrow));
}

void write_tensor(io::TensorWriter& writer, const ModelTensor& tensor, const SynthesisOptions& options,
                  const WrittenBytes& written) {
  const Spread spread = spread_of(tensor);
  const std::uint64_t stream = stream_of(tensor.name, options.seed), count = count_of(tensor);
  std::vector<float> numbers;
  std::vector<std::uint16_t> narrow;
  for (std::uint64_t first = 0; first < count; first += chunk_numbers) {
    numbers.resize(static_cast<std::size_t>(std::min<std::uint64_t>(chunk_numbers, count - first)));
    fill(numbers, stream, first / 2, spread);
    const auto bytes = stored(numbers, options.type, narrow);
    writer.write(bytes);
    if (written) written(bytes.size());
  }
}

/// The tensors of each file: neighbours, filled up to an even share of the bytes.
std::vector<std::vector<ModelTensor>> shares_of(const Config& config, const SynthesisOptions& options) {
  const std::vector<ModelTensor> tensors = model_tensors(config);
  const std::uint64_t total = synthesized_bytes(config, options.type);
  const std::uint64_t shards =
      options.shards != 0 ? options.shards : (total + largest_shard - 1) / largest_shard;
  if (shards > tensors.size())
    throw std::invalid_argument("--shards: " + std::to_string(shards) + " files cannot share " +
                                std::to_string(tensors.size()) + " tensors");
  std::vector<std::vector<ModelTensor>> shares(1);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::uint64_t wanted = shares.size(), left = tensors.size() - i;
    const bool full = before >= total / shards * wanted || left == shards - wanted;
    if (full && wanted < shards && !shares.back().empty()) shares.emplace_back();
    shares.back().push_back(tensors[i]);
    before += bytes_of(tensors[i], options.type);
  }
  return shares;
}

const char* torch_name(spec::FloatType type) {
  return type == spec::FloatType::Float32   ? "float32"
         : type == spec::FloatType::Float16 ? "float16"
                                            : "bfloat16";
}

std::string shard_name(std::size_t index, std::size_t count) {
  if (count == 1) return "model.safetensors";
  char name[64];
  std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", index + 1, count);
  return name;
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  io::OutputFile file(path);
  file.append(std::as_bytes(std::span(text)));
  file.commit();
}

/// Removes what was written unless it was completed.
class NewDirectory {
 public:
  explicit NewDirectory(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code error;
    created_ = std::filesystem::create_directory(path_, error);
    if (error || !std::filesystem::is_directory(path_))
      throw io::FileError(path_, "the directory cannot be made");
    if (!std::filesystem::is_empty(path_)) throw io::FileError(path_, "the directory is not empty");
  }
  ~NewDirectory() {
    if (complete_) return;
    std::error_code ignored;
    for (const auto& name : files_) std::filesystem::remove(path_ / name, ignored);
    if (created_) std::filesystem::remove(path_, ignored);
  }
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;

  std::filesystem::path add(const std::string& name) {
    files_.push_back(name);
    return path_ / name;
  }
  void keep() { complete_ = true; }

 private:
  std::filesystem::path path_;
  std::vector<std::string> files_;
  bool created_ = false;
  bool complete_ = false;
};

}  // namespace

std::uint64_t synthesized_bytes(const Config& config, spec::FloatType type) {
  std::uint64_t total = 0;
  for (const ModelTensor& tensor : model_tensors(config)) total += bytes_of(tensor, type);
  return total;
}

void synthesize(const Config& config, const std::filesystem::path& directory, const SynthesisOptions& options,
                const WrittenBytes& written) {
  if (options.type == spec::FloatType::Float64)
    throw std::invalid_argument("weights are f32, bf16 or f16, not f64");
  const auto shares = shares_of(config, options);
  NewDirectory made(directory);
  nlohmann::json index{{"metadata", {{"total_size", synthesized_bytes(config, options.type)}}}};
  for (std::size_t shard = 0; shard < shares.size(); ++shard) {
    const std::string name = shard_name(shard, shares.size());
    std::vector<io::TensorDeclaration> declared;
    for (const ModelTensor& tensor : shares[shard]) {
      declared.push_back({tensor.name, io::dtype_of(options.type), tensor.shape});
      index["weight_map"][tensor.name] = name;
    }
    const auto writer =
        io::create_writer(made.add(name), io::Container::Safetensors, declared, {{"format", "pt"}});
    for (const ModelTensor& tensor : shares[shard]) write_tensor(*writer, tensor, options, written);
    writer->commit();
  }
  if (shares.size() > 1) write_text(made.add("model.safetensors.index.json"), index.dump(2) + "\n");
  write_text(made.add("config.json"), config_json(config, torch_name(options.type)));
  made.keep();
}

}  // namespace mxemu::llama
