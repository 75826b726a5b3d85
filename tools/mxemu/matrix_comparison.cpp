#include "tools/mxemu/matrix_comparison.hpp"

#include <algorithm>
#include <bit>

namespace mxemu::cli {
namespace {

bool is_nan(const spec::FloatFormat& format, std::uint32_t code) {
  return (code & ~format.sign_mask()) > format.infinity_bits();
}

/// Codes in the order of their numbers; both zeros are 0.
std::int64_t rank(const spec::FloatFormat& format, std::uint32_t code) {
  const auto magnitude = static_cast<std::int64_t>(code & ~format.sign_mask());
  return (code & format.sign_mask()) != 0 ? -magnitude : magnitude;
}

/// Two codes of NaN have no distance; any other difference is worse.
void count_nan_codes(MatrixComparison& result, const DifferingCell& cell) {
  ++result.other_nan_bits;
  if (result.nan_codes == NanCodes::Alike) return;
  ++result.differing;
  if (!result.first) result.first = cell;
  if (!result.worst) result.worst = cell;
}

void count(MatrixComparison& result, const DifferingCell& cell) {
  ++result.differing;
  if (!result.first) result.first = cell;
  const bool is_worse =
      !result.worst || (result.worst->ulps && (!cell.ulps || *cell.ulps > *result.worst->ulps));
  if (is_worse) result.worst = cell;
  if (!cell.ulps) {
    ++result.nan_in_one;
  } else if (*cell.ulps == 0) {
    ++result.sign_of_zero;
  } else {
    result.max_ulps = std::max(result.max_ulps, *cell.ulps);
    result.ulps_total += *cell.ulps;  // at most 2^33 a cell: 2^31 cells of the largest distance fit
    ++result.bins[static_cast<std::size_t>(std::bit_width(*cell.ulps) - 1)];
  }
}

void lay_tiles(MatrixComparison& result, std::size_t columns) {
  result.columns = columns;
  result.rows = columns == 0 ? 0 : result.cells / columns;
  result.tile_rows = std::max<std::size_t>(1, (result.rows + most_tiles - 1) / most_tiles);
  result.tile_columns = std::max<std::size_t>(1, (columns + most_tiles - 1) / most_tiles);
  const std::size_t down = (result.rows + result.tile_rows - 1) / result.tile_rows;
  result.tiles.assign(down * result.tiles_across(), 0);
}

void enter_tile(MatrixComparison& result, const DifferingCell& cell) {
  auto& tile =
      result.tiles[cell.row / result.tile_rows * result.tiles_across() + cell.column / result.tile_columns];
  if (!cell.ulps)
    tile.reset();
  else if (tile)
    tile = std::max(*tile, *cell.ulps);
}

}  // namespace

std::optional<std::uint64_t> ulp_distance(const spec::FloatFormat& format, std::uint32_t a, std::uint32_t b) {
  const bool nan = is_nan(format, a);
  if (nan != is_nan(format, b)) return std::nullopt;
  if (nan) return 0;
  const std::int64_t difference = rank(format, a) - rank(format, b);
  return static_cast<std::uint64_t>(difference < 0 ? -difference : difference);
}

double MatrixComparison::mean_ulps() const {
  const std::size_t numbers = cells - nan_in_one;
  return numbers == 0 ? 0 : static_cast<double>(ulps_total) / static_cast<double>(numbers);
}

MatrixComparison compare_matrices(spec::FloatType type, std::span<const std::uint32_t> left,
                                  std::span<const std::uint32_t> right, std::size_t columns,
                                  NanCodes nan_codes) {
  const spec::FloatFormat& format = spec::format_of(type);
  MatrixComparison result{
      .left = {}, .right = {}, .type = type, .cells = left.size(), .nan_codes = nan_codes};
  lay_tiles(result, columns);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == right[i]) continue;
    const DifferingCell cell = {i / columns, i % columns, left[i], right[i],
                                ulp_distance(format, left[i], right[i])};
    if (is_nan(format, left[i]) && is_nan(format, right[i])) {
      count_nan_codes(result, cell);
      if (nan_codes == NanCodes::Stated) enter_tile(result, cell);
    } else {
      count(result, cell);
      enter_tile(result, cell);
    }
  }
  return result;
}

std::string bin_label(std::size_t bin) {
  const std::uint64_t first = std::uint64_t{1} << bin;
  return bin == 0 ? "1" : std::to_string(first) + ".." + std::to_string(2 * first - 1);
}

}  // namespace mxemu::cli
