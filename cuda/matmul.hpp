// Dot products and matrix products of MX blocks (MX 6.1, 6.2) under a named accumulator on a GPU: the
// reference's bits. Requests, operands and the meaning of every argument are those of the fast library
// (fast/matmul.hpp); memory is the device's and the caller's, plain numbers aligned to their own size. Every
// call is asynchronous on its stream, allocates nothing, synchronises nothing and can be captured into a
// graph.
//
// Every function throws std::invalid_argument, with both numbers, when a size is not what it must be, and
// cuda::Error when a kernel cannot be started.
#pragma once

#include <cstddef>
#include <span>

#include "cuda/backend.hpp"
#include "fast/matrix_operand.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

using fast::Factors;
using fast::MatrixOperand;

/// True where `matmul` and `dot` know the request's accumulator: all but one of the caller's own
/// (DotRequest::own_row).
bool has_matmul(const spec::DotRequest& request);

/// alpha A[M x K] B[K x N] + beta C: line m of `a` is row m of A, line n of `b` is column n of B, each in
/// blocks along K. `output` and `c` (empty: +0) are a.rows x b.rows numbers of the request's output type,
/// row-major, and may be the same bytes. Factors other than alpha = 1 and beta = 1 or 0 are for the
/// accumulator `exact`. Block sums (block_exact) of E2M1, E2M3 and INT8 in blocks of 32 are made by integer
/// tensor cores.
void matmul(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
            std::span<std::byte> output, std::span<const std::byte> c = {}, Stream stream = {},
            const Factors& factors = {});

/// The dot products of line i of `a` with line i of `b`, added to number i of `c`: as many numbers as lines.
void dot(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
         std::span<std::byte> output, std::span<const std::byte> c = {}, Stream stream = {});

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
