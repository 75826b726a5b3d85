// Dot products and matrix products of MX blocks (MX 6.1, 6.2) under a named accumulator: the reference's
// bits.
//
// D[M x N] = alpha A[M x K] B[K x N] + beta C. Both operands are lines along K, each in blocks of the
// request's size: line m of `a` is row m of A, line n of `b` is column n of B. Codes stay packed; a few
// hundred of each line at a time are decoded into the caches, into panels of some megabytes that a thread
// keeps for its next call. Lines that stand in columns of memory (B stored as K x N) are first turned into
// rows, codes as they are, some hundred lines at a time.
//
// Results depend neither on the tier, nor on the number of threads, nor on the caller's floating-point
// environment. Every function throws std::invalid_argument, with both numbers, when a size is not what it
// must be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "fast/mxemu.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::fast {

/// Lines of one operand: codes of the request's type for it and the scales of their blocks.
struct MatrixOperand {
  std::span<const std::uint8_t> codes;  ///< of a floating-point type: its bits, in the machine's byte order
  std::span<const std::uint8_t> scales = {};  ///< one byte per block; none: no block has a scale
  std::size_t rows = 1;                       ///< lines: M of A, N of B
  std::size_t depth = 0;                      ///< K
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
  std::size_t row_stride = 0;    ///< elements from a row of memory to the next; 0: those of a row
  std::size_t scale_stride = 0;  ///< scales from a row of memory to the next; 0: those of a row
  /// Rows of memory are lines, unless this is true: then the lines are the columns of a row-major matrix of
  /// depth x rows (A stored as K x M, B as K x N), its scales one of ceil(depth / block size) x rows.
  bool along_columns = false;
};

/// What the product and C are multiplied by. C is not read where beta is 0.
struct Factors {
  float alpha = 1;
  float beta = 1;
};

/// True where `matmul` knows the request's accumulator: all but one of the caller's own
/// (DotRequest::own_row).
bool has_matmul(const spec::DotRequest& request);

/// `output` and `c` (empty: +0) are a.rows x b.rows numbers of the request's output type, row-major. Factors
/// other than alpha = 1 and beta = 1 or 0 are for the accumulator `exact`, which rounds the whole expression
/// once. Throws std::invalid_argument also for a request that makes no sense, or that has_matmul denies, and
/// for factors that are not finite.
void matmul(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
            std::span<std::byte> output, std::span<const std::byte> c = {}, const Execution& execution = {},
            const Factors& factors = {});

/// What matmul_bf16 multiplies with: "oneDNN", or "portable" where the build had none.
const char* bf16_backend();

/// C[M x N] = A[M x K] B[K x N] in bfloat16 with sums in float32: the speed of a matrix library, not a
/// bit-exact contract. `a` is M x K, `b` N x K (column n of B is its row n), both row-major bfloat16 at even
/// addresses, `output` M x N float32. With oneDNN the order of the sums is the library's own: the same for
/// the same machine, sizes, layouts and number of threads, and for those only; products and sums below 2^-126
/// may be flushed. The portable backend is `matmul` under float32_fma, bits and all.
void matmul_bf16(std::size_t rows, std::size_t columns, std::size_t depth, std::span<const std::uint16_t> a,
                 std::span<const std::uint16_t> b, std::span<float> output, const Execution& execution = {});

/// The same of MX operands, dequantised to bfloat16 as dequantize_tensor does: X P rounded once (exact but
/// for FP8 near the subnormal range of bfloat16), or of bfloat16 numbers where there is no request. What is
/// dequantised takes 2 bytes per element for the duration of the call. Rows without gaps between them.
void matmul_bf16(const std::optional<spec::Request>& request_a, const MatrixOperand& a,
                 const std::optional<spec::Request>& request_b, const MatrixOperand& b,
                 std::span<float> output, const Execution& execution = {});

}  // namespace mxemu::fast
