#include "cuda/matmul_bf16.hpp"

#include <string>

#include "cuda/matrix_library.hpp"
#include "cuda/memory.hpp"
#include "cuda/mxemu_cuda.hpp"
#include "cuda/require.hpp"
#include "fast/matmul_require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

/// Operands begin where the widest access of any library may.
constexpr std::size_t alignment = 256;

std::size_t operand_bytes(std::size_t rows, std::size_t depth) {
  const std::size_t bytes = 2 * fast::strided_count("operand", rows, depth, depth);
  return (bytes + alignment - 1) / alignment * alignment;
}

void require_workspace(std::span<std::byte> workspace, std::size_t bytes) {
  fast::require_at_least("bytes of workspace", workspace.size(), bytes);
  if (bytes != 0 && !is_aligned(workspace.data(), alignment))
    fast::refuse("the workspace does not begin at a multiple of " + std::to_string(alignment) + " bytes");
}

void require_whole(const std::string& what, const spec::Request& request,
                   const fast::MatrixOperand& operand) {
  fast::require_no_gaps(what + " codes", fast::code_rows(operand));
  fast::require_no_gaps(what + " scales",
                        fast::scale_rows(operand, static_cast<std::size_t>(request.block_size)));
}

/// An operand as bfloat16 at the beginning of `workspace`, which is left shorter.
Bf16Matrix dequantized(const spec::Request& request, const fast::MatrixOperand& operand,
                       std::span<std::byte>& workspace, Stream stream) {
  const std::size_t bytes = 2 * operand.rows * operand.depth;
  const fast::BlockGrid grid = {.outer = operand.along_columns ? 1 : operand.rows,
                                .length = operand.depth,
                                .inner = operand.along_columns ? operand.rows : 1,
                                .block_size = static_cast<std::size_t>(request.block_size)};
  dequantize_tensor(request, grid, operand.codes, operand.scales,
                    {spec::FloatType::BFloat16, workspace.first(bytes)}, {.packing = operand.packing},
                    stream);
  const auto* numbers = reinterpret_cast<const std::uint16_t*>(workspace.data());
  workspace = workspace.subspan(operand_bytes(operand.rows, operand.depth));
  return {numbers, operand.rows, operand.along_columns};
}

void require_output(std::size_t rows, std::size_t columns, std::span<const float> output) {
  require_count("numbers of the output", output.size(),
                rows == 0 ? 0 : fast::strided_count("output", rows, columns, columns));
}

void multiply_or_clear(const MatrixLibrary& library, std::size_t depth, const Bf16Matrix& a,
                       const Bf16Matrix& b, std::span<float> output, std::span<std::byte> workspace,
                       Stream stream) {
  if (output.empty()) return;
  if (depth == 0)
    fill_bytes(std::as_writable_bytes(output).data(), 0, output.size_bytes(), stream);
  else
    multiply_bf16(library, depth, a, b, output, workspace, stream);
}

}  // namespace

std::size_t matmul_bf16_workspace(std::size_t rows, std::size_t columns, std::size_t depth) {
  return operand_bytes(rows, depth) + operand_bytes(columns, depth) + MatrixLibrary::workspace();
}

void matmul_bf16(const MatrixLibrary& library, std::size_t rows, std::size_t columns, std::size_t depth,
                 std::span<const std::uint16_t> a, std::span<const std::uint16_t> b, std::span<float> output,
                 std::span<std::byte> workspace, Stream stream) {
  require_count("numbers of a", a.size(), fast::strided_count("a", rows, depth, depth));
  require_count("numbers of b", b.size(), fast::strided_count("b", columns, depth, depth));
  require_output(rows, columns, output);
  require_workspace(workspace, MatrixLibrary::workspace());
  multiply_or_clear(library, depth, {a.data(), rows, false}, {b.data(), columns, false}, output, workspace,
                    stream);
}

void matmul_bf16(const MatrixLibrary& library, const spec::Request& request_a, const fast::MatrixOperand& a,
                 const spec::Request& request_b, const fast::MatrixOperand& b, std::span<float> output,
                 std::span<std::byte> workspace, Stream stream) {
  fast::require_equal_depths(a, b);
  require_whole("a", request_a, a);
  require_whole("b", request_b, b);
  require_output(a.rows, b.rows, output);
  require_workspace(workspace, matmul_bf16_workspace(a.rows, b.rows, a.depth));
  std::span<std::byte> rest = workspace;
  const Bf16Matrix numbers_a = dequantized(request_a, a, rest, stream);
  const Bf16Matrix numbers_b = dequantized(request_b, b, rest, stream);
  multiply_or_clear(library, a.depth, numbers_a, numbers_b, output, rest, stream);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
