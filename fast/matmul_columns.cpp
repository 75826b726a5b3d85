#include "fast/matmul_columns.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

// Streams of bits are read by the portable tier's text.
#define MXEMU_TIER portable
#include "fast/panel.hpp"

namespace mxemu::fast {
namespace {

/// Rows that are turned together.
constexpr std::size_t group = 8;

/// Eight words of eight bytes: byte j of word i becomes byte i of word j.
void turn_words(std::uint64_t (&words)[8]) {
  const auto swap = [&](std::size_t apart, std::uint64_t kept) {
    const auto shift = 8 * static_cast<int>(apart);
    for (std::size_t i = 0; i < 8; ++i) {
      if ((i & apart) != 0) continue;
      const std::uint64_t changed = (words[i] >> shift ^ words[i + apart]) & kept;
      words[i + apart] ^= changed;
      words[i] ^= changed << shift;
    }
  };
  swap(4, 0x00000000ffffffff);
  swap(2, 0x0000ffff0000ffff);
  swap(1, 0x00ff00ff00ff00ff);
}

/// to[column * stride + row] = from[row][column], for up to eight rows.
template <class Code>
void turn_group(const std::uint8_t* const (&from)[group], std::size_t rows, std::size_t columns,
                std::uint8_t* to, std::size_t stride) {
  std::size_t column = 0;
  if constexpr (sizeof(Code) == 1 && std::endian::native == std::endian::little)
    for (; rows == group && column + 8 <= columns; column += 8) {
      std::uint64_t words[group];
      for (std::size_t i = 0; i < group; ++i) std::memcpy(&words[i], from[i] + column, 8);
      turn_words(words);
      for (std::size_t i = 0; i < group; ++i) std::memcpy(to + (column + i) * stride, &words[i], 8);
    }
  for (; column < columns; ++column)
    for (std::size_t i = 0; i < rows; ++i)
      std::memcpy(to + (column * stride + i) * sizeof(Code), from[i] + column * sizeof(Code), sizeof(Code));
}

}  // namespace

template <class Code>
void Stripe::turn_codes(std::size_t first, std::size_t count) {
  // Lines start in different sets of a cache, whatever K is.
  stride_ = (columns_->depth + 63) / 64 * 64 + 64 / sizeof(Code);
  codes_.resize(count * stride_ * sizeof(Code));
  std::vector<std::uint8_t> unpacked(columns_->packed ? group * count : 0);
  for (std::size_t k = 0; k < columns_->depth; k += group) {
    const std::size_t rows = std::min(group, columns_->depth - k);
    const std::uint8_t* from[group] = {};
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t code = (k + i) * columns_->stride + first;
      from[i] = columns_->packed ? &unpacked[i * count] : columns_->codes + code * sizeof(Code);
      if (columns_->packed)
        portable::unpack_run(columns_->bits, columns_->codes, code, count, &unpacked[i * count]);
    }
    turn_group<Code>(from, rows, count, codes_.data() + k * sizeof(Code), stride_);
  }
}

void Stripe::turn(std::size_t first, std::size_t count) {
  first_ = first;
  count_ = count;
  if (columns_->bits <= 8)
    turn_codes<std::uint8_t>(first, count);
  else if (columns_->bits == 16)
    turn_codes<std::uint16_t>(first, count);
  else
    turn_codes<std::uint32_t>(first, count);
  if (columns_->scales == nullptr) return;
  scales_.resize(count * columns_->blocks);
  for (std::size_t block = 0; block < columns_->blocks; ++block)
    for (std::size_t line = 0; line < count; ++line)
      scales_[line * columns_->blocks + block] =
          columns_->scales[block * columns_->scale_stride + first + line];
}

}  // namespace mxemu::fast
