#include "reference/tensor.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "reference/block.hpp"
#include "reference/random.hpp"

namespace mxemu::reference {
namespace {

void require(bool condition, const std::string& sentence) {
  if (!condition) throw std::invalid_argument(sentence);
}

void require_count(const char* what, std::size_t got, std::size_t expected) {
  require(got == expected, std::string(what) + ": " + std::to_string(got) + " where " +
                               std::to_string(expected) + " are needed");
}

void require_range(const BlockGrid& grid, std::size_t first, std::size_t last) {
  require(first <= last && last <= grid.block_count(), "blocks " + std::to_string(first) + " to " +
                                                           std::to_string(last) + " of a tensor with " +
                                                           std::to_string(grid.block_count()));
}

/// The elements of one block: their places in the tensor.
struct BlockPlaces {
  std::size_t first;
  std::size_t stride;
  std::size_t count;

  std::size_t operator[](std::size_t i) const { return first + i * stride; }
};

BlockPlaces places_of_block(const BlockGrid& grid, std::size_t block) {
  const std::size_t i = block % grid.inner;
  const std::size_t b = block / grid.inner % grid.blocks_per_line();
  const std::size_t o = block / grid.inner / grid.blocks_per_line();
  const std::size_t start = b * grid.block_size;
  return {.first = (o * grid.length + start) * grid.inner + i,
          .stride = grid.inner,
          .count = std::min(grid.block_size, grid.length - start)};
}

Value source_value(const spec::Policy& policy, const FloatArray& source, std::size_t index) {
  const spec::FloatFormat& format = spec::format_of(source.type);
  Value value = decode_float(format, source.bits_at(index));
  if (policy.subnormal_input == spec::SubnormalInput::FlushToZero && is_subnormal(format, value))
    value.magnitude = {};
  return value;
}

}  // namespace

BlockGrid make_block_grid(std::span<const std::int64_t> shape, int axis, const spec::Request& request) {
  require(request.block_size >= 1, "block size " + std::to_string(request.block_size) + " is below 1");
  BlockGrid grid{.block_size = static_cast<std::size_t>(request.block_size)};
  const int rank = std::max<int>(1, static_cast<int>(shape.size()));  // a scalar is a line of one element
  require(axis >= -rank && axis < rank,
          "axis " + std::to_string(axis) + " of a tensor with " + std::to_string(rank) + " dimension(s)");
  const auto along = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  Integer elements = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    require(shape[d] >= 0, "negative extent " + std::to_string(shape[d]));
    // A zero extent does not excuse the others: their product still has to be a size.
    elements *= std::max<std::int64_t>(1, shape[d]);
    require(elements <= std::numeric_limits<std::int64_t>::max(), "more than 2^63 - 1 elements");
    const auto extent = static_cast<std::size_t>(shape[d]);
    if (d == along)
      grid.length = extent;
    else
      (d < along ? grid.outer : grid.inner) *= extent;
  }
  require(request.policy.tail != spec::Tail::Refuse || grid.length % grid.block_size == 0,
          "length " + std::to_string(grid.length) + " along the axis is not a multiple of the block size " +
              std::to_string(grid.block_size));
  return grid;
}

std::uint64_t FloatArray::bits_at(std::size_t index) const {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  std::uint64_t bits = 0;
  for (std::size_t byte = 0; byte < width; ++byte)
    bits |= std::to_integer<std::uint64_t>(bytes[index * width + byte]) << 8 * byte;
  return bits;
}

void store_float(spec::FloatType type, std::span<std::byte> bytes, std::size_t index, std::uint64_t bits) {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  for (std::size_t byte = 0; byte < width; ++byte)
    bytes[index * width + byte] = static_cast<std::byte>(bits >> 8 * byte & 0xff);
}

void quantize_blocks(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                     std::size_t first, std::size_t last, std::span<std::uint8_t> codes,
                     std::span<std::uint8_t> scales, std::span<const std::uint32_t> random_words) {
  const auto width = static_cast<std::size_t>(spec::format_of(source.type).bytes());
  require_range(grid, first, last);
  require_count("source bytes", source.bytes.size(), grid.element_count() * width);
  require_count("codes", codes.size(), grid.element_count());
  require_count("scales", scales.size(), grid.block_count());
  const bool stochastic = request.rounding.mode == spec::RoundingMode::Stochastic;
  if (stochastic && !random_words.empty())
    require_count("random words", random_words.size(), grid.element_count());

  std::vector<Value> values;
  std::vector<std::uint32_t> words;
  for (std::size_t block = first; block < last; ++block) {
    const BlockPlaces places = places_of_block(grid, block);
    values.clear();
    words.clear();
    for (std::size_t i = 0; i < places.count; ++i) {
      values.push_back(source_value(request.policy, source, places[i]));
      if (stochastic)
        words.push_back(random_words.empty() ? random_word(request.rounding.seed, places[i])
                                             : random_words[places[i]]);
    }
    const Block quantized = quantize_block(request, values, words);
    scales[block] = quantized.scale;
    for (std::size_t i = 0; i < places.count; ++i) codes[places[i]] = quantized.codes[i];
  }
}

void dequantize_blocks(const spec::Request& request, const BlockGrid& grid, std::size_t first,
                       std::size_t last, std::span<const std::uint8_t> codes,
                       std::span<const std::uint8_t> scales, spec::FloatType type,
                       std::span<std::byte> output) {
  const spec::FloatFormat& format = spec::format_of(type);
  require_range(grid, first, last);
  require_count("codes", codes.size(), grid.element_count());
  require_count("scales", scales.size(), grid.block_count());
  require_count("output bytes", output.size(),
                grid.element_count() * static_cast<std::size_t>(format.bytes()));
  for (std::size_t block = first; block < last; ++block) {
    const BlockPlaces places = places_of_block(grid, block);
    for (std::size_t i = 0; i < places.count; ++i)
      store_float(type, output, places[i],
                  dequantize_element(request, scales[block], codes[places[i]], format));
  }
}

QuantizedTensor quantize_tensor(const spec::Request& request, std::span<const std::int64_t> shape, int axis,
                                const FloatArray& source, std::span<const std::uint32_t> random_words) {
  QuantizedTensor tensor{.grid = make_block_grid(shape, axis, request), .codes = {}, .scales = {}};
  tensor.codes.resize(tensor.grid.element_count());
  tensor.scales.resize(tensor.grid.block_count());
  quantize_blocks(request, tensor.grid, source, 0, tensor.grid.block_count(), tensor.codes, tensor.scales,
                  random_words);
  return tensor;
}

std::vector<std::byte> dequantize_tensor(const spec::Request& request, const QuantizedTensor& tensor,
                                         spec::FloatType type) {
  std::vector<std::byte> output(tensor.grid.element_count() *
                                static_cast<std::size_t>(spec::format_of(type).bytes()));
  dequantize_blocks(request, tensor.grid, 0, tensor.grid.block_count(), tensor.codes, tensor.scales, type,
                    output);
  return output;
}

}  // namespace mxemu::reference
