// The declared layouts of codes and scales (MX 5.1 prescribes none).
#include <algorithm>
#include <cstring>
#include <limits>

#include "fast/mxemu.hpp"
#include "fast/require.hpp"

namespace mxemu::fast {
namespace {

void require_width(int bits) {
  if (bits < 1 || bits > 8)
    throw std::invalid_argument("codes of " + std::to_string(bits) + " bits, where 1 to 8 are possible");
}

void require_narrow_codes(std::span<const std::uint8_t> codes, int bits) {
  const unsigned beyond = 0x100u - (1u << bits);
  unsigned seen = 0;
  for (const std::uint8_t code : codes) seen |= code;
  if ((seen & beyond) == 0) return;
  const auto wide =
      std::find_if(codes.begin(), codes.end(), [&](std::uint8_t code) { return (code & beyond) != 0; });
  throw std::invalid_argument("code " + std::to_string(*wide) + " at element " +
                              std::to_string(wide - codes.begin()) + " is wider than " +
                              std::to_string(bits) + " bits");
}

std::size_t round_up(std::size_t n, std::size_t multiple) {
  if (n > std::numeric_limits<std::size_t>::max() - multiple)
    throw std::invalid_argument(std::to_string(n) +
                                " scales in a row or column are beyond the address space");
  return (n + multiple - 1) / multiple * multiple;
}

std::size_t product(std::size_t a, std::size_t b) {
  if (b != 0 && a > std::numeric_limits<std::size_t>::max() / b)
    throw std::invalid_argument(std::to_string(a) + " times " + std::to_string(b) +
                                " is beyond the address space");
  return a * b;
}

constexpr std::size_t ggml_half = spec::ggml_block_elements / 2;

void require_ggml_sizes(spec::ElementPacking packing, std::size_t codes, std::size_t scales,
                        std::size_t blocks) {
  require_count("bytes of codes for ggml blocks", codes,
                packed_size(packing, 4, product(scales, spec::ggml_block_elements)));
  require_count("bytes of ggml blocks", blocks, product(scales, spec::ggml_block_bytes));
}

/// Elements j and j + 16 share byte j of a ggml block.
void join_halves(const std::uint8_t* codes, std::uint8_t* nibbles) {
  for (std::size_t j = 0; j < ggml_half; ++j)
    nibbles[j] = static_cast<std::uint8_t>(codes[j] | codes[j + ggml_half] << 4);
}

void split_halves(const std::uint8_t* nibbles, std::uint8_t* codes) {
  for (std::size_t j = 0; j < ggml_half; ++j) {
    codes[j] = nibbles[j] & 0xf;
    codes[j + ggml_half] = static_cast<std::uint8_t>(nibbles[j] >> 4);
  }
}

/// Elements 2m and 2m + 1 share byte m of a stream, so that its bytes m and m + 8 hold what bytes 2m and
/// 2m + 1 of a ggml block do: their low nibbles in the first, their high ones in the second.
void join_stream_halves(const std::uint8_t* stream, std::uint8_t* nibbles) {
  for (std::size_t m = 0; m < ggml_half / 2; ++m) {
    const unsigned early = stream[m], late = stream[m + ggml_half / 2];
    nibbles[2 * m] = static_cast<std::uint8_t>((early & 0xf) | (late & 0xf) << 4);
    nibbles[2 * m + 1] = static_cast<std::uint8_t>(early >> 4 | (late & 0xf0));
  }
}

void split_stream_halves(const std::uint8_t* nibbles, std::uint8_t* stream) {
  for (std::size_t m = 0; m < ggml_half / 2; ++m) {
    const unsigned even = nibbles[2 * m], odd = nibbles[2 * m + 1];
    stream[m] = static_cast<std::uint8_t>((even & 0xf) | (odd & 0xf) << 4);
    stream[m + ggml_half / 2] = static_cast<std::uint8_t>(even >> 4 | (odd & 0xf0));
  }
}

/// A stream as it is, but that the unused bits of its last byte become zero.
void copy_stream(int bits, std::size_t count, std::span<const std::uint8_t> from,
                 std::span<std::uint8_t> to) {
  std::copy(from.begin(), from.end(), to.begin());
  const std::size_t used = count % 8 * static_cast<std::size_t>(bits) % 8;
  if (used != 0) to.back() &= static_cast<std::uint8_t>((1u << used) - 1);
}

}  // namespace

std::size_t packed_size(spec::ElementPacking packing, int bits, std::size_t count) {
  require_width(bits);
  switch (packing) {
    case spec::ElementPacking::Bytes: return count;
    case spec::ElementPacking::BitStream: return stream_bytes(bits, count);
    case spec::ElementPacking::GgmlBlock: break;
  }
  throw std::invalid_argument("ggml blocks hold codes together with their scales");
}

void pack_codes(spec::ElementPacking packing, int bits, std::span<const std::uint8_t> codes,
                std::span<std::uint8_t> packed) {
  require_count("packed codes", packed.size(), packed_size(packing, bits, codes.size()));
  require_narrow_codes(codes, bits);
  if (packing == spec::ElementPacking::Bytes) {
    std::copy(codes.begin(), codes.end(), packed.begin());
    return;
  }
  const auto width = static_cast<std::size_t>(bits);
  for (std::size_t i = 0; i < codes.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, codes.data() + i, std::min<std::size_t>(8, codes.size() - i));
    eight = pack_eight(bits, eight);
    const std::size_t byte = i / 8 * width;
    std::memcpy(packed.data() + byte, &eight, std::min(width, packed.size() - byte));
  }
}

void unpack_codes(spec::ElementPacking packing, int bits, std::span<const std::uint8_t> packed,
                  std::span<std::uint8_t> codes) {
  require_count("packed codes", packed.size(), packed_size(packing, bits, codes.size()));
  if (packing == spec::ElementPacking::Bytes) {
    std::copy(packed.begin(), packed.end(), codes.begin());
    return;
  }
  const auto width = static_cast<std::size_t>(bits);
  for (std::size_t i = 0; i < codes.size(); i += 8) {
    const std::size_t byte = i / 8 * width;
    std::uint64_t eight = 0;
    std::memcpy(&eight, packed.data() + byte, std::min(width, packed.size() - byte));
    eight = unpack_eight(bits, eight);
    std::memcpy(codes.data() + i, &eight, std::min<std::size_t>(8, codes.size() - i));
  }
}

void repack_codes(spec::ElementPacking from, spec::ElementPacking to, int bits, std::size_t count,
                  std::span<const std::uint8_t> codes, std::span<std::uint8_t> repacked) {
  using enum spec::ElementPacking;
  require_count("codes", codes.size(), packed_size(from, bits, count));
  require_count("repacked codes", repacked.size(), packed_size(to, bits, count));
  if (from == Bytes) return pack_codes(to, bits, codes, repacked);
  if (to == Bytes) return unpack_codes(from, bits, codes, repacked);
  copy_stream(bits, count, codes, repacked);
}

void pack_ggml_blocks(std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                      std::span<std::uint8_t> blocks, spec::ElementPacking packing) {
  require_ggml_sizes(packing, codes.size(), scales.size(), blocks.size());
  const bool stream = packing == spec::ElementPacking::BitStream;
  if (!stream) require_narrow_codes(codes, 4);
  const std::size_t width = stream ? ggml_half : 2 * ggml_half;
  for (std::size_t b = 0; b < scales.size(); ++b) {
    const std::uint8_t* from = codes.data() + b * width;
    std::uint8_t* to = blocks.data() + b * spec::ggml_block_bytes;
    to[0] = scales[b];
    stream ? join_stream_halves(from, to + 1) : join_halves(from, to + 1);
  }
}

void unpack_ggml_blocks(std::span<const std::uint8_t> blocks, std::span<std::uint8_t> codes,
                        std::span<std::uint8_t> scales, spec::ElementPacking packing) {
  require_ggml_sizes(packing, codes.size(), scales.size(), blocks.size());
  const bool stream = packing == spec::ElementPacking::BitStream;
  const std::size_t width = stream ? ggml_half : 2 * ggml_half;
  for (std::size_t b = 0; b < scales.size(); ++b) {
    const std::uint8_t* from = blocks.data() + b * spec::ggml_block_bytes;
    std::uint8_t* to = codes.data() + b * width;
    scales[b] = from[0];
    stream ? split_stream_halves(from + 1, to) : split_halves(from + 1, to);
  }
}

std::size_t scale_layout_size(spec::ScaleLayout layout, std::size_t rows, std::size_t columns) {
  if (layout == spec::ScaleLayout::RowMajor) return product(rows, columns);
  return product(round_up(rows, spec::scale_tile_rows), round_up(columns, spec::scale_tile_columns));
}

void arrange_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                    std::span<const std::uint8_t> scales, std::span<std::uint8_t> arranged) {
  require_count("scales", scales.size(), product(rows, columns));
  require_count("arranged scales", arranged.size(), scale_layout_size(layout, rows, columns));
  std::fill(arranged.begin(), arranged.end(), std::uint8_t{0});
  if (scales.empty()) return;  // no columns leave the number of rows unbounded
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      arranged[scale_offset(layout, columns, row, column)] = scales[row * columns + column];
}

void restore_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                    std::span<const std::uint8_t> arranged, std::span<std::uint8_t> scales) {
  require_count("arranged scales", arranged.size(), scale_layout_size(layout, rows, columns));
  require_count("scales", scales.size(), product(rows, columns));
  if (scales.empty()) return;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      scales[row * columns + column] = arranged[scale_offset(layout, columns, row, column)];
}

}  // namespace mxemu::fast
