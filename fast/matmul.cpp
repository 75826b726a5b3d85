// The interface of matrix products: sizes are checked, tiles shared out among threads, a tier does them.
#include "fast/matmul.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>

#include "fast/matmul_columns.hpp"
#include "fast/matmul_job.hpp"
#include "fast/matmul_require.hpp"
#include "fast/matrix_unit.hpp"
#include "fast/parallel.hpp"

namespace mxemu::fast {
namespace {

const MatmulTier& matmul_tier_of(const Execution& execution) {
  switch (choose_isa(execution.isa)) {
    case Isa::Portable: return portable_matmul;
#if defined(MXEMU_X86_TIERS)
    case Isa::Avx2: return avx2_matmul;
    case Isa::Avx512: return avx512_matmul;
    case Isa::Amx: return amx_matmul;
#else
    case Isa::Avx2:
    case Isa::Avx512:
    case Isa::Amx: break;
#endif
  }
  return portable_matmul;
}

/// The panels and sums of this thread, for tiles of at most so many rows and columns. They stay with the
/// thread for its next call: fresh pages cost as much as a small product.
class Workspace {
 public:
  Workspace(std::size_t rows, std::size_t columns)
      : a_bytes_(panel_bytes(rows)), b_bytes_(3 * panel_bytes(columns)) {
    const std::size_t needed = a_bytes_ + b_bytes_ + sums_bytes;
    if (needed <= size_) return;
    size_ = 0;
    memory_.reset();
    memory_.reset(static_cast<std::byte*>(::operator new (needed, std::align_val_t{alignment})));
    size_ = needed;
  }

  MatmulWorkspace parts() const {
    return {memory_.get(), memory_.get() + a_bytes_, memory_.get() + a_bytes_ + b_bytes_};
  }

 private:
  static constexpr std::size_t alignment = 4096;
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete (memory, std::align_val_t{alignment}); }
  };
  /// Kernels take whole groups of at most 32 rows.
  static std::size_t panel_bytes(std::size_t rows) { return (rows + 31) / 32 * 32 * wide_line_bytes; }

  static thread_local std::unique_ptr<std::byte, Free> memory_;
  static thread_local std::size_t size_;
  std::size_t a_bytes_;
  std::size_t b_bytes_;
};
thread_local std::unique_ptr<std::byte, Workspace::Free> Workspace::memory_;
thread_local std::size_t Workspace::size_ = 0;

/// How one side of the output is cut: into as few tiles as there must be, of nearly equal size.
struct Cut {
  std::size_t extent;
  std::size_t tiles;
  std::size_t side;

  Cut(std::size_t whole, std::size_t longest) : extent(whole), tiles((whole + longest - 1) / longest) {
    constexpr std::size_t grain = 16;
    const std::size_t share = tiles == 0 ? 0 : (whole + tiles - 1) / tiles;
    side = std::min((share + grain - 1) / grain * grain, longest);
  }
  std::size_t first(std::size_t tile) const { return std::min(tile * side, extent); }
  std::size_t size(std::size_t tile) const { return first(tile + 1) - first(tile); }
};

/// What does a tile, and how large one may be.
struct TileWork {
  TileFunction* tile;
  std::size_t rows;
  std::size_t columns;
};

TileWork work_of(const spec::DotRequest& request, const MatmulTier& tier) {
  switch (request.row().kind) {
    case spec::AccumulatorKind::BlockExact:
      if (static_cast<std::size_t>(request.block_size) <= panel_depth)
        return {tier.block_exact, most_tile_rows, most_tile_columns};
      return {tier.long_block_exact, late_tile_rows, late_tile_columns};
    case spec::AccumulatorKind::Exact: return {tier.exact, late_tile_rows, late_tile_columns};
    case spec::AccumulatorKind::Pairwise: return {tier.pairwise, late_tile_rows, late_tile_columns};
    case spec::AccumulatorKind::Sequential: return {tier.sequential, most_tile_rows, most_tile_columns};
    case spec::AccumulatorKind::FmaChain: return {tier.fma_chain, most_tile_rows, most_tile_columns};
    case spec::AccumulatorKind::Fused:
    case spec::AccumulatorKind::FlushedTree: break;  // matrix units, which have tiles of their own
  }
  return {nullptr, 1, 1};
}

/// Smaller tiles where large ones would leave threads without work. The bits do not depend on the cut.
void share_out(std::size_t rows, std::size_t columns, int threads, TileWork& work) {
  constexpr std::size_t smallest = 64;
  const auto wanted = 2 * static_cast<std::size_t>(threads);
  while (Cut(rows, work.rows).tiles * Cut(columns, work.columns).tiles < wanted) {
    std::size_t& side =
        std::min(work.rows, rows) > std::min(work.columns, columns) ? work.rows : work.columns;
    if (side <= smallest) return;
    side = (side / 2 + 15) / 16 * 16;
  }
}

void for_each_tile(const MatmulJob& job, const OperandColumns& stored, const Execution& execution,
                   TileWork work) {
  const std::size_t products = job.a.rows * job.b.rows * (job.depth == 0 ? 1 : job.depth);
  const int threads = thread_count(execution);
  if (threads > 1 && products >= parallel_from) share_out(job.a.rows, job.b.rows, threads, work);
  const Cut rows(job.a.rows, work.rows);
  const Cut columns(job.b.rows, work.columns);
  in_parallel(rows.tiles * columns.tiles, 1, products, execution, [&](std::size_t first, std::size_t last) {
    const Workspace workspace(rows.side, columns.side);
    Stripe stripe_a(stored.a);
    Stripe stripe_b(stored.b);
    MatmulJob part = job;
    for (std::size_t i = first; i < last; ++i) {
      // Tiles that share what has to be turned follow on each other.
      const std::size_t row = stored.b != nullptr ? i % rows.tiles : i / columns.tiles;
      const std::size_t column = stored.b != nullptr ? i / rows.tiles : i % columns.tiles;
      const MatmulTile tile = {rows.first(row), rows.size(row), columns.first(column), columns.size(column)};
      part.a = stripe_a.lines(job.a, tile.first_row, tile.rows);
      part.b = stripe_b.lines(job.b, tile.first_column, tile.columns);
      work.tile(part, tile, workspace.parts());
    }
  });
}

bool is_packed(const MatrixOperand& operand, spec::OperandType type) {
  return spec::is_element(type) && operand.packing == spec::ElementPacking::BitStream &&
         spec::element_format_of(type).bits < 8;
}

BlockRows rows_of(const MatrixOperand& operand, spec::OperandType type, std::size_t block_size) {
  return {.type = type,
          .element = spec::is_element(type) ? static_cast<spec::ElementType>(type) : spec::ElementType{},
          .codes = operand.codes.data(),
          .packed = is_packed(operand, type),
          .scales = operand.scales.empty() ? nullptr : operand.scales.data(),
          .rows = operand.rows,
          .stride = code_rows(operand).stride,
          .scale_stride = scale_rows(operand, block_size).stride};
}

/// Nothing where the operand is rows already.
std::optional<CodeColumns> columns_of(const MatrixOperand& operand, spec::OperandType type,
                                      std::size_t block_size) {
  if (!operand.along_columns) return std::nullopt;
  const RowsInMemory scales = scale_rows(operand, block_size);
  return CodeColumns{
      .codes = operand.codes.data(),
      .bits = spec::is_element(type) ? spec::element_format_of(type).bits : spec::float_format_of(type).bits,
      .packed = is_packed(operand, type),
      .scales = operand.scales.empty() ? nullptr : operand.scales.data(),
      .depth = operand.depth,
      .blocks = scales.rows,
      .stride = code_rows(operand).stride,
      .scale_stride = scales.stride};
}

UnitRows unit_rows(const BlockRows& rows) {
  return {.codes = rows.codes,
          .packed = rows.packed,
          .scales = rows.scales,
          .stride = rows.stride,
          .scale_stride = rows.scale_stride};
}

UnitJob unit_job(const spec::DotRequest& request, const MatmulJob& job) {
  return {.request = request,
          .a = unit_rows(job.a),
          .b = unit_rows(job.b),
          .depth = job.depth,
          .padded_depth = job.padded,
          .initial = job.initial,
          .output = job.output,
          .output_stride = job.b.rows};
}

}  // namespace

bool has_matmul(const spec::DotRequest& request) {
  return request.own_row == nullptr;
}

void matmul(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
            std::span<std::byte> output, std::span<const std::byte> c, const Execution& execution,
            const Factors& factors) {
  require_matmul(request, a, b, output.size(), c, factors);
  const auto block_size = static_cast<std::size_t>(request.block_size);
  const bool reads_c = !c.empty() && !is_zero(factors.beta);
  const MatmulJob job = {.a = rows_of(a, request.a, block_size),
                         .b = rows_of(b, request.b, block_size),
                         .depth = a.depth,
                         .padded = spec::padded_length(request, a.depth),
                         .block_size = block_size,
                         .output_type = request.output,
                         .rounding = request.rounding,
                         .alpha = factors.alpha,
                         .beta = factors.beta,
                         .initial = reads_c ? c.data() : nullptr,
                         .output = output.data()};
  const auto columns_a = columns_of(a, request.a, block_size);
  const auto columns_b = columns_of(b, request.b, block_size);
  const OperandColumns stored = {columns_a ? &*columns_a : nullptr, columns_b ? &*columns_b : nullptr};
  if (is_matrix_unit(request.row()))
    multiply_as_matrix_unit(unit_job(request, job), a.rows, b.rows, execution, stored);
  else
    for_each_tile(job, stored, execution, work_of(request, matmul_tier_of(execution)));
}

}  // namespace mxemu::fast
