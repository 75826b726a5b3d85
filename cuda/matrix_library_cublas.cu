// cuBLASLt as the matrix library.
#include <cublasLt.h>

#include <string>

#include "cuda/device.hpp"
#include "cuda/kernel.hpp"
#include "cuda/matrix_library.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

namespace {

/// What NVIDIA advises for Hopper.
constexpr std::size_t cublas_workspace = std::size_t{32} << 20;

void require_success(cublasStatus_t status, const char* what) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw Error(std::string(what) + ": cuBLASLt says " + cublasLtGetStatusString(status));
}

/// A row-major matrix, which to cuBLASLt is its transpose by columns: `length` numbers of each.
cublasLtMatrixLayoutOpaque_t layout_of(cudaDataType_t type, std::size_t rows, std::size_t length) {
  cublasLtMatrixLayoutOpaque_t layout;
  require_success(cublasLtMatrixLayoutInit(&layout, type, length, rows, static_cast<std::int64_t>(length)),
                  "describing a matrix");
  return layout;
}

cublasLtMatrixLayoutOpaque_t layout_of(const Bf16Matrix& matrix, std::size_t depth) {
  return matrix.along_columns ? layout_of(CUDA_R_16BF, depth, matrix.lines)
                              : layout_of(CUDA_R_16BF, matrix.lines, depth);
}

void set_operation(cublasLtMatmulDescOpaque_t& product, cublasLtMatmulDescAttributes_t which,
                   bool transposes) {
  const cublasOperation_t operation = transposes ? CUBLAS_OP_T : CUBLAS_OP_N;
  require_success(cublasLtMatmulDescSetAttribute(&product, which, &operation, sizeof operation),
                  "describing a product");
}

/// The multiple of bytes, up to 256, that an address is.
std::uint32_t alignment_of(const void* address) {
  const auto bits = reinterpret_cast<std::uintptr_t>(address) | 256;
  return static_cast<std::uint32_t>(bits & (~bits + 1));
}

template <class Value>
void set_preference(cublasLtMatmulPreferenceOpaque_t& preference, cublasLtMatmulPreferenceAttributes_t what,
                    Value value) {
  require_success(cublasLtMatmulPreferenceSetAttribute(&preference, what, &value, sizeof value),
                  "stating what a product may use");
}

}  // namespace

MatrixLibrary::MatrixLibrary() {
  static_cast<void>(device_properties());  // who has no GPU is told so
  cublasLtHandle_t handle = nullptr;
  require_success(cublasLtCreate(&handle), "starting cuBLASLt");
  handle_ = handle;
}

MatrixLibrary::~MatrixLibrary() {
  static_cast<void>(cublasLtDestroy(static_cast<cublasLtHandle_t>(handle_)));
}

const char* MatrixLibrary::name() {
  return "cuBLASLt";
}

std::size_t MatrixLibrary::workspace() {
  return cublas_workspace;
}

/// C^T = B A^T of matrices by columns: lines that are rows of memory are columns to cuBLASLt.
void multiply_bf16(const MatrixLibrary& library, std::size_t depth, const Bf16Matrix& a, const Bf16Matrix& b,
                   std::span<float> output, std::span<std::byte> workspace, Stream stream) {
  const auto handle = static_cast<cublasLtHandle_t>(library.handle());
  cublasLtMatmulDescOpaque_t product;
  require_success(cublasLtMatmulDescInit(&product, CUBLAS_COMPUTE_32F, CUDA_R_32F), "describing a product");
  set_operation(product, CUBLASLT_MATMUL_DESC_TRANSA, !b.along_columns);
  set_operation(product, CUBLASLT_MATMUL_DESC_TRANSB, a.along_columns);
  cublasLtMatrixLayoutOpaque_t layout_a = layout_of(a, depth);
  cublasLtMatrixLayoutOpaque_t layout_b = layout_of(b, depth);
  cublasLtMatrixLayoutOpaque_t layout_c = layout_of(CUDA_R_32F, a.lines, b.lines);
  cublasLtMatmulPreferenceOpaque_t preference;
  require_success(cublasLtMatmulPreferenceInit(&preference), "stating what a product may use");
  set_preference(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, cublas_workspace);
  set_preference(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment_of(b.numbers));
  set_preference(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment_of(a.numbers));
  set_preference(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment_of(output.data()));
  set_preference(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment_of(output.data()));
  cublasLtMatmulHeuristicResult_t best = {};
  int found = 0;
  require_success(cublasLtMatmulAlgoGetHeuristic(handle, &product, &layout_b, &layout_a, &layout_c, &layout_c,
                                                 &preference, 1, &best, &found),
                  "looking for a kernel of cuBLASLt");
  if (found == 0)
    throw Error("cuBLASLt has no kernel for a product of " + std::to_string(a.lines) + " x " +
                std::to_string(depth) + " x " + std::to_string(b.lines));
  const float one = 1;
  const float zero = 0;
  require_success(cublasLtMatmul(handle, &product, &one, b.numbers, &layout_b, a.numbers, &layout_a, &zero,
                                 output.data(), &layout_c, output.data(), &layout_c, &best.algo,
                                 workspace.data(), cublas_workspace, stream),
                  "starting a product of cuBLASLt");
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
