// Matrix products in bfloat16 with sums in float32, through a matrix library: its speed, not a bit-exact
// contract. On a GPU the library is cuBLASLt, where the build has it (link mxemu::cuda_bf16); the order of
// its sums is its own, and may change with the sizes, the GPU and its version. Elsewhere products are those
// of `cuda::matmul` under float32_fma.
//
// Calls are asynchronous on their stream, allocate nothing, and can be captured into a graph. They throw
// std::invalid_argument, with both numbers, when a size is not what it must be, and cuda::Error, in one
// sentence, when the library refuses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cuda/backend.hpp"
#include "fast/matrix_operand.hpp"
#include "spec/request.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// The library on the current device. Making one takes time and memory on the device: make it once.
class MatrixLibrary {
 public:
  MatrixLibrary();
  ~MatrixLibrary();
  MatrixLibrary(const MatrixLibrary&) = delete;
  MatrixLibrary& operator=(const MatrixLibrary&) = delete;

  /// "cuBLASLt", or "portable".
  static const char* name();
  /// Bytes that the library works in.
  static std::size_t workspace();

  void* handle() const { return handle_; }

 private:
  void* handle_ = nullptr;
};

/// Bytes that matmul_bf16 of MX operands works in: both as bfloat16, and what the library needs.
std::size_t matmul_bf16_workspace(std::size_t rows, std::size_t columns, std::size_t depth);

/// C[M x N] = A[M x K] B[K x N]. `a` is M x K, `b` N x K (column n of B is its row n), both row-major
/// bfloat16, `output` M x N float32. `workspace`: at least MatrixLibrary::workspace() bytes at a multiple of
/// 256, which no other call uses before this one is done.
void matmul_bf16(const MatrixLibrary& library, std::size_t rows, std::size_t columns, std::size_t depth,
                 std::span<const std::uint16_t> a, std::span<const std::uint16_t> b, std::span<float> output,
                 std::span<std::byte> workspace, Stream stream = {});

/// The same of MX operands, dequantised to bfloat16 as dequantize_tensor does: X P rounded once (exact but
/// for FP8 near the subnormal range of bfloat16). Rows without strides. `workspace`: matmul_bf16_workspace
/// bytes.
void matmul_bf16(const MatrixLibrary& library, const spec::Request& request_a, const fast::MatrixOperand& a,
                 const spec::Request& request_b, const fast::MatrixOperand& b, std::span<float> output,
                 std::span<std::byte> workspace, Stream stream = {});

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
