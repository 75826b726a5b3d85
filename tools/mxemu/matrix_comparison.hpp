// Two results of one matrix product, cell by cell, in units in the last place.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spec/float_format.hpp"

namespace mxemu::cli {

/// Representable numbers from one code to the other: 1 for neighbours, 0 for equal ones and for +0 and -0;
/// infinity follows the largest number. Nothing where one of them alone is NaN; 0 where both are.
std::optional<std::uint64_t> ulp_distance(const spec::FloatFormat& format, std::uint32_t a, std::uint32_t b);

/// A cell where two results differ.
struct DifferingCell {
  std::size_t row = 0;
  std::size_t column = 0;
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  std::optional<std::uint64_t> ulps = {};  ///< nothing: one is NaN
};

/// Whether two codes of NaN are two results. They are where a device is compared with an accumulator that
/// states its code.
enum class NanCodes : std::uint8_t { Alike, Stated };

/// Cells differ when their codes do, except that NaNs may be alike: their codes are counted apart.
struct MatrixComparison {
  std::string left;  ///< names of what is compared
  std::string right;
  spec::FloatType type = spec::FloatType::Float32;
  std::size_t cells = 0;
  std::size_t differing = 0;
  std::size_t sign_of_zero = 0;    ///< of them, +0 beside -0
  std::size_t nan_in_one = 0;      ///< of them, a NaN beside a number
  NanCodes nan_codes = NanCodes::Alike;
  std::size_t other_nan_bits = 0;  ///< NaNs in both whose codes differ; differing where the code is stated
  std::uint64_t max_ulps = 0;
  std::uint64_t ulps_total = 0;  ///< sum of the distances
  /// Differing numbers by distance: bin i holds 2^i <= ulps < 2^(i+1).
  std::array<std::size_t, 33> bins = {};
  std::optional<DifferingCell> first = {};
  std::optional<DifferingCell> worst = {};  ///< a NaN beside a number before any distance
  /// Largest distance in each tile of tile_rows x tile_columns cells, tiles_across() of them a row; nothing:
  /// a NaN beside a number.
  std::vector<std::optional<std::uint64_t>> tiles = {};
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t tile_rows = 1;
  std::size_t tile_columns = 1;

  double mean_ulps() const;  ///< over the cells whose distance is a number
  std::size_t tiles_across() const { return (columns + tile_columns - 1) / tile_columns; }
};

/// Tiles of a comparison in each direction, at most.
inline constexpr std::size_t most_tiles = 48;

/// Both row-major with `columns` columns. Requires equal sizes.
MatrixComparison compare_matrices(spec::FloatType type, std::span<const std::uint32_t> left,
                                  std::span<const std::uint32_t> right, std::size_t columns,
                                  NanCodes nan_codes = NanCodes::Alike);

/// "1", "2..3", "4..7", …: the distances of a bin.
std::string bin_label(std::size_t bin);

}  // namespace mxemu::cli
