// The concrete MX-compliant formats (MX 5.2.1, Table 1): element type, scale type and block size.
#pragma once

#include <cstdint>

#include "spec/words.hpp"
#include <optional>
#include <string_view>

#include "spec/element_format.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::spec {

enum class BlockType : std::uint8_t { MXFP8_E5M2, MXFP8_E4M3, MXFP6_E3M2, MXFP6_E2M3, MXFP4_E2M1, MXINT8 };

struct BlockFormat {
  BlockType type;
  const char* name;
  ElementType element;
  ScaleType scale;
  int k;  ///< block size of the concrete format
  const char* clause;

  constexpr const ElementFormat& element_format() const { return format_of(element); }
  constexpr const ScaleFormat& scale_format() const { return format_of(scale); }
  /// Bits of information per element at block size `block_size`: (w + k d) / k (MX 5.1).
  constexpr double bits_per_element(int block_size) const {
    return element_format().bits + static_cast<double>(scale_format().bits) / block_size;
  }
};

/// Indexed by BlockType.
inline constexpr BlockFormat block_formats[] = {
    {BlockType::MXFP8_E5M2, "MXFP8_E5M2", ElementType::E5M2, ScaleType::E8M0, 32, "MX 5.2.1"},
    {BlockType::MXFP8_E4M3, "MXFP8_E4M3", ElementType::E4M3, ScaleType::E8M0, 32, "MX 5.2.1"},
    {BlockType::MXFP6_E3M2, "MXFP6_E3M2", ElementType::E3M2, ScaleType::E8M0, 32, "MX 5.2.1"},
    {BlockType::MXFP6_E2M3, "MXFP6_E2M3", ElementType::E2M3, ScaleType::E8M0, 32, "MX 5.2.1"},
    {BlockType::MXFP4_E2M1, "MXFP4_E2M1", ElementType::E2M1, ScaleType::E8M0, 32, "MX 5.2.1"},
    {BlockType::MXINT8, "MXINT8", ElementType::INT8, ScaleType::E8M0, 32, "MX 5.2.1"},
};

constexpr const BlockFormat& format_of(BlockType type) {
  return block_formats[static_cast<int>(type)];
}

constexpr std::optional<BlockType> parse_block_format(std::string_view name) {
  for (const auto& row : block_formats)
    if (name == row.name) return row.type;
  return std::nullopt;
}

static_assert(rows_are_in_order(block_formats), "block_formats is indexed by BlockType");

}  // namespace mxemu::spec
