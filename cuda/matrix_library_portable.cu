// Without a matrix library: float32_fma, one thread a number.
#include "cuda/matmul.hpp"
#include "cuda/matrix_library.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

MatrixLibrary::MatrixLibrary() = default;
MatrixLibrary::~MatrixLibrary() = default;
const char* MatrixLibrary::name() {
  return "portable";
}
std::size_t MatrixLibrary::workspace() {
  return 0;
}

void multiply_bf16(const MatrixLibrary&, std::size_t depth, const Bf16Matrix& a, const Bf16Matrix& b,
                   std::span<float> output, std::span<std::byte>, Stream stream) {
  const auto operand = [&](const Bf16Matrix& matrix) {
    return MatrixOperand{
        .codes = {reinterpret_cast<const std::uint8_t*>(matrix.numbers), 2 * matrix.lines * depth},
        .rows = matrix.lines,
        .depth = depth,
        .along_columns = matrix.along_columns};
  };
  matmul({.accumulator = spec::AccumulatorType::Float32Fma,
          .a = spec::OperandType::BFloat16,
          .b = spec::OperandType::BFloat16},
         operand(a), operand(b), std::as_writable_bytes(output), {}, stream);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
