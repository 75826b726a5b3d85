// Writes the sample file that the project ships: a small made-up network whose tensors show what MX formats
// are good and bad at. Every number comes from Philox words by exact arithmetic, so every machine writes the
// same bytes.
//
//   mxemu_make_sample OUT.safetensors
#include <bit>
#include <cmath>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "reference/random.hpp"
#include "reference/tensor.hpp"
#include "reference/value.hpp"
#include "tools/io/tensor_writer.hpp"

namespace {

using namespace mxemu;

constexpr std::uint64_t seed = 20260401;

/// A stream of random numbers, one per tensor.
class Numbers {
 public:
  explicit Numbers(std::uint64_t stream) : index_(stream << 40) {}

  std::uint32_t word() { return reference::random_word(seed, index_++); }

  /// Nearly normal, variance 1: the sum of twelve uniform numbers less their mean (Irwin-Hall).
  double normal() {
    std::int64_t sum = 0;
    for (int i = 0; i < 12; ++i) sum += word() >> 16;
    return static_cast<double>(sum - 6 * 65535) / 65536;
  }

  /// Normal times 2^g with g geometric: each doubling half as likely, up to 2^10.
  double heavy_tailed() {
    const int doublings = std::countr_zero(word() | 1u << 10);
    return normal() * (1 << doublings);
  }

 private:
  std::uint64_t index_;
};

struct Tensor {
  std::string name;
  spec::FloatType type;
  std::vector<std::int64_t> shape;
  std::function<double(Numbers&, std::int64_t index)> number;
};

/// Rows of 32, each a block of its own kind.
double edge_number(Numbers& numbers, std::int64_t index) {
  const std::int64_t row = index / 32;
  const double x = numbers.normal();
  switch (row) {
    case 0: return 0;                                         // an all-zero block
    case 1: return index % 2 ? -0.0 : x;                      // negative zeros
    case 2: return x * 0x1p-130;                              // float32 subnormals
    case 3: return x * 16;                                    // an ordinary block, larger than the rest
    case 4: return static_cast<double>(index % 32 - 16) / 8;  // ties of the small formats
    case 5: return index % 32 == 7 ? 100 : x / 64;            // one outlier flushes its neighbours
    case 6: return index % 32 == 3 ? HUGE_VAL : x;            // an infinity
    default: return index % 32 == 9 ? __builtin_nan("") : x;  // a NaN
  }
}

const std::vector<Tensor>& sample_tensors() {
  static const std::vector<Tensor> tensors{
      {"normal.weight",
       spec::FloatType::Float32,
       {256, 256},
       [](Numbers& n, auto) { return n.normal() / 32; }},
      {"normal_bf16.weight",
       spec::FloatType::BFloat16,
       {256, 384},
       [](Numbers& n, auto) { return n.normal() / 32; }},
      {"heavy_tailed.weight",
       spec::FloatType::Float32,
       {256, 256},
       [](Numbers& n, auto) { return n.heavy_tailed() / 64; }},
      // Activations of language models: a few channels are large in every row.
      {"outlier_channels.activation",
       spec::FloatType::Float16,
       {256, 512},
       [](Numbers& n, std::int64_t index) { return n.normal() * (index % 512 % 97 == 13 ? 40 : 1); }},
      {"norm.weight", spec::FloatType::BFloat16, {500}, [](Numbers& n, auto) { return 1 + n.normal() / 16; }},
      {"edge.blocks", spec::FloatType::Float32, {8, 32}, edge_number},
  };
  return tensors;
}

std::vector<std::byte> numbers_of(const Tensor& tensor, std::uint64_t stream) {
  std::size_t count = 1;
  for (const std::int64_t extent : tensor.shape) count *= static_cast<std::size_t>(extent);
  const spec::FloatFormat& format = spec::format_of(tensor.type);
  std::vector<std::byte> bytes(count * static_cast<std::size_t>(format.bytes()));
  Numbers numbers(stream);
  for (std::size_t i = 0; i < count; ++i) {
    const double number = tensor.number(numbers, static_cast<std::int64_t>(i));
    const auto value = reference::decode_float(spec::format_of(spec::FloatType::Float64),
                                               std::bit_cast<std::uint64_t>(number));
    reference::store_float(tensor.type, bytes, i, reference::encode_float(format, value));
  }
  return bytes;
}

void write_sample(const char* path) {
  std::vector<io::TensorDeclaration> declarations;
  for (const Tensor& tensor : sample_tensors())
    declarations.push_back({tensor.name, io::dtype_of(tensor.type), tensor.shape});
  const auto writer =
      io::create_writer(path, io::Container::Safetensors, declarations,
                        {{"about", "made by mxemu_make_sample, seed " + std::to_string(seed)}});
  std::uint64_t stream = 0;
  for (const Tensor& tensor : sample_tensors()) writer->write(numbers_of(tensor, stream++));
  writer->commit();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: mxemu_make_sample OUT.safetensors\n";
    return 2;
  }
  try {
    write_sample(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "mxemu_make_sample: " << error.what() << "\n";
    return 2;
  }
}
