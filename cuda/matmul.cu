#include "cuda/matmul.hpp"

#include <string>

#include "cuda/matmul_integers.hpp"
#include "cuda/matmul_kernels.hpp"
#include "cuda/require.hpp"
#include "fast/matmul_require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

OperandWords words_of(const spec::Accumulator& row, spec::OperandType type) {
  if (!spec::is_element(type)) {
    OperandWords words = words_of_number(spec::float_format_of(type));
    if (row.truncates_to_tf32 && type == spec::OperandType::Float32) words.keep = ~std::uint32_t{0x1fff};
    words.flushes = row.kind == spec::AccumulatorKind::FlushedTree && row.tree.flushes;
    return words;
  }
  const spec::ElementFormat& format = spec::element_format_of(type);
  return {.is_element = true,
          .element = format,
          .number = {},
          .bits = format.bits,
          .exponent_bits = format.exponent_bits,
          .mantissa_bits = format.mantissa_bits,
          .bias = format.bias,
          .emin = format.emin,
          .largest = format.max_normal_code,
          .infinity = format.infinity_code,
          .twos_complement = format.encoding == spec::Encoding::TwosComplement,
          .keep = static_cast<std::uint32_t>(format.code_count() - 1),
          .flushes = false};
}

OperandRows rows_of(const spec::DotRequest& request, const MatrixOperand& operand, spec::OperandType type) {
  const auto block_size = static_cast<std::size_t>(request.block_size);
  return {.words = words_of(request.row(), type),
          .codes = operand.codes.data(),
          .packed = spec::is_element(type) && operand.packing == spec::ElementPacking::BitStream &&
                    spec::element_format_of(type).bits < 8,
          .scales = operand.scales.empty() ? nullptr : operand.scales.data(),
          .rows = operand.rows,
          .stride = fast::code_rows(operand).stride,
          .scale_stride = fast::scale_rows(operand, block_size).stride,
          .along_columns = operand.along_columns};
}

/// Exact sums take no notice of zeros.
bool is_exact(const spec::Accumulator& row) {
  return row.kind == spec::AccumulatorKind::Exact || row.kind == spec::AccumulatorKind::BlockExact;
}

MatmulJob job_of(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
                 std::span<std::byte> output, std::span<const std::byte> c) {
  const spec::Accumulator& row = request.row();
  return {.a = rows_of(request, a, request.a),
          .b = rows_of(request, b, request.b),
          .depth = a.depth,
          .padded = is_exact(row) ? a.depth : spec::padded_length(request, a.depth),
          .block_size = static_cast<std::size_t>(request.block_size),
          .by_blocks =
              row.kind == spec::AccumulatorKind::BlockExact || row.scale == spec::ScaleEntry::AfterRounding,
          .initial = c.empty() ? nullptr : c.data(),
          .output = output.data()};
}

SumWords sum_words(const spec::DotRequest& request, const MatmulJob& job, const Factors& factors) {
  const spec::Accumulator& row = request.row();
  const spec::FloatFormat& output = spec::format_of(request.output);
  const bool float32 = request.output == spec::FloatType::Float32;
  const int mantissa_bits = float32 ? row.float32_mantissa_bits : output.mantissa_bits;
  const spec::Rounding rounding = {.mode = float32 ? row.float32_rounding : spec::RoundingMode::NearestEven};
  const auto quiet = static_cast<std::uint32_t>(output.nan_bits());
  return {.output = output,
          .rounding = request.rounding,
          .scale = row.scale,
          .adder = row.fused,
          .tree = row.tree,
          .result_mantissa_bits = mantissa_bits,
          .result_rounding = fast::make_rounding_words<std::uint64_t>(rounding, mantissa_bits),
          .keeps_sign_of_underflow = row.keeps_sign_of_underflow,
          .alpha = factors.alpha,
          .beta = factors.beta,
          .nan = row.nan_bits == spec::NanBits::AllOnes ? static_cast<std::uint32_t>(output.sign_mask() - 1)
                                                        : quiet,
          .product_mantissa_bits = job.a.words.mantissa_bits + job.b.words.mantissa_bits,
          .product_emin = job.a.words.emin + job.b.words.emin};
}

/// Whether the products of a block, in units of the smallest, fit in 63 bits.
bool fits_in_63_bits(const MatmulJob& job) {
  const auto bits = [](const OperandWords& words) {
    return words.twos_complement ? words.bits - 1 : words.mantissa_bits + (1 << words.exponent_bits);
  };
  const int products = bits(job.a.words) + bits(job.b.words);
  return products < 62 && job.block_size >> (62 - products) == 0;
}

/// Calls visit with an object of the class that sums as the accumulator does.
template <class Visit>
void with_sum(const spec::Accumulator& row, const MatmulJob& job, float alpha, const Visit& visit) {
  switch (row.kind) {
    case spec::AccumulatorKind::Exact: return alpha == 1 ? visit(WholeSum<false>{}) : visit(WholeSum<true>{});
    case spec::AccumulatorKind::BlockExact:
      return fits_in_63_bits(job) ? visit(BlockSums<std::int64_t>{}) : visit(BlockSums<Int128>{});
    case spec::AccumulatorKind::Sequential: return visit(FloatLoop<false>{});
    case spec::AccumulatorKind::Pairwise: return visit(PairwiseSum{});
    case spec::AccumulatorKind::FmaChain: return visit(FloatLoop<true>{});
    case spec::AccumulatorKind::FlushedTree: return visit(TreeSums{});
    case spec::AccumulatorKind::Fused: break;
  }
  if (row.scale == spec::ScaleEntry::AfterRounding) return visit(FusedBlocks{});
  if (row.scale == spec::ScaleEntry::GroupSum) return visit(FusedChain<GroupedStep>{});
  if (row.fused.join == spec::AccumulatorJoin::AfterSum) return visit(FusedChain<AfterSumStep>{});
  visit(FusedChain<AlignedStep>{});
}

std::size_t tiles_of(const MatmulJob& job) {
  const auto along = [](std::size_t extent) { return extent / tile_side + (extent % tile_side != 0); };
  return along(job.a.rows) * along(job.b.rows);
}

/// Device memory of plain numbers begins at a multiple of their size.
void require_aligned(const char* what, const void* data, int bytes) {
  if (!is_aligned(data, static_cast<std::size_t>(bytes)))
    throw std::invalid_argument(std::string(what) + ": device memory of numbers of " + std::to_string(bytes) +
                                " bytes is not aligned to " + std::to_string(bytes) + " bytes");
}

void require_all_aligned(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
                         std::span<std::byte> output, std::span<const std::byte> c) {
  require_aligned("a", a.codes.data(), spec::code_bytes(request.a));
  require_aligned("b", b.codes.data(), spec::code_bytes(request.b));
  require_aligned("output", output.data(), spec::format_of(request.output).bytes());
  require_aligned("c", c.data(), spec::format_of(request.output).bytes());
}

}  // namespace

bool has_matmul(const spec::DotRequest& request) {
  return request.own_row == nullptr;
}

void matmul(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
            std::span<std::byte> output, std::span<const std::byte> c, Stream stream,
            const Factors& factors) {
  fast::require_matmul(request, a, b, output.size(), c, factors);
  require_all_aligned(request, a, b, output, c);
  if (output.empty()) return;
  const bool reads_c = !fast::is_zero(factors.beta);
  const MatmulJob job = job_of(request, a, b, output, reads_c ? c : std::span<const std::byte>());
  if (has_integer_tiles(request.row(), job)) return multiply_integers(job, stream);
  const std::size_t threads = tiles_of(job) * tile_threads;
  with_sum(request.row(), job, factors.alpha, [&](auto sum) {
    launch("multiply_tiles", Threads::Cooperating, shape_for(threads, tile_threads), stream,
           multiply_tiles<decltype(sum)>, job, sum_words(request, job, factors));
  });
}

void dot(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
         std::span<std::byte> output, std::span<const std::byte> c, Stream stream) {
  if (a.rows != b.rows)
    fast::refuse("rows of a are " + std::to_string(a.rows) + ", rows of b are " + std::to_string(b.rows));
  fast::require_products(request, a, b, a.rows, output.size(), c, {});
  require_all_aligned(request, a, b, output, c);
  if (output.empty()) return;
  const MatmulJob job = job_of(request, a, b, output, c);
  with_sum(request.row(), job, 1, [&](auto sum) {
    launch("multiply_rows", Threads::Independent, shape_for(a.rows, tile_threads), stream,
           multiply_rows<decltype(sum)>, job, sum_words(request, job, {}));
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
