// The interface of matrix products: sizes are checked, tiles shared out among threads, a tier does them.
#include "fast/matmul.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "fast/matmul_job.hpp"
#include "fast/matmul_require.hpp"
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

/// A thread's panels and sums.
class Workspace {
 public:
  Workspace()
      : memory_(static_cast<std::byte*>(::operator new(size, std::align_val_t{alignment}))),
        parts_{memory_.get(), memory_.get() + wide_panel_bytes, memory_.get() + 4 * wide_panel_bytes} {}

  const MatmulWorkspace& parts() const { return parts_; }

 private:
  static constexpr std::size_t alignment = 4096;
  static constexpr std::size_t size = 4 * wide_panel_bytes + sums_bytes;
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{alignment}); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  MatmulWorkspace parts_;
};

/// How one side of the output is cut: into as few tiles as there must be, of nearly equal size.
struct Cut {
  std::size_t extent;
  std::size_t tiles;
  std::size_t side;

  explicit Cut(std::size_t whole) : extent(whole), tiles((whole + tile_side - 1) / tile_side) {
    constexpr std::size_t grain = 32;
    const std::size_t share = tiles == 0 ? 0 : (whole + tiles - 1) / tiles;
    side = (share + grain - 1) / grain * grain;
  }
  std::size_t first(std::size_t tile) const { return std::min(tile * side, extent); }
  std::size_t size(std::size_t tile) const { return first(tile + 1) - first(tile); }
};

void for_each_tile(const MatmulJob& job, const Execution& execution, const MatmulTier& tier) {
  const Cut rows(job.a.rows);
  const Cut columns(job.b.rows);
  const std::size_t work = job.a.rows * job.b.rows * (job.depth == 0 ? 1 : job.depth);
  in_parallel(rows.tiles * columns.tiles, 1, work, execution, [&](std::size_t first, std::size_t last) {
    const Workspace workspace;
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t row = i / columns.tiles;
      const std::size_t column = i % columns.tiles;
      tier.block_exact(
          job, {rows.first(row), rows.size(row), columns.first(column), columns.size(column)},
          workspace.parts());
    }
  });
}

BlockRows rows_of(const MatrixOperand& operand, spec::OperandType type, std::size_t block_size) {
  const std::size_t blocks = operand.depth / block_size + (operand.depth % block_size != 0);
  return {.element = static_cast<spec::ElementType>(type),
          .codes = operand.codes.data(),
          .packed = operand.packing == spec::ElementPacking::BitStream &&
                    spec::element_format_of(type).bits < 8,
          .scales = operand.scales.empty() ? nullptr : operand.scales.data(),
          .rows = operand.rows,
          .stride = operand.row_stride == 0 ? operand.depth : operand.row_stride,
          .scale_stride = operand.scale_stride == 0 ? blocks : operand.scale_stride};
}

}  // namespace

bool has_matmul(const spec::DotRequest& request) {
  return request.accumulator == spec::AccumulatorType::BlockExact;
}

void matmul(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
            std::span<std::byte> output, std::span<const std::byte> c, const Execution& execution) {
  require_matmul(request, a, b, output.size(), c);
  const auto block_size = static_cast<std::size_t>(request.block_size);
  const MatmulTier& tier = matmul_tier_of(execution);
  const MatmulJob job = {.a = rows_of(a, request.a, block_size),
                         .b = rows_of(b, request.b, block_size),
                         .depth = a.depth,
                         .block_size = block_size,
                         .initial = c.empty() ? nullptr : c.data(),
                         .output = output.data()};
  for_each_tile(job, execution, tier);
}

}  // namespace mxemu::fast
