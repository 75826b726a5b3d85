// What a matrix library does for matmul_bf16: cuda/matrix_library_cublas.cu or
// cuda/matrix_library_portable.cu.
#pragma once

#include "cuda/matmul_bf16.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Lines along K without gaps: rows of memory, or the columns of a row-major matrix of K x lines.
struct Bf16Matrix {
  const std::uint16_t* numbers;
  std::size_t lines;
  bool along_columns;
};

/// matmul_bf16 of sizes that fit, none of them 0.
void multiply_bf16(const MatrixLibrary& library, std::size_t depth, const Bf16Matrix& a, const Bf16Matrix& b,
                   std::span<float> output, std::span<std::byte> workspace, Stream stream);

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
