// The CUDA library's dot products as a subject answers them, for each machine that kernels run on.
#pragma once

#include <vector>

#include "conformance/dot/dot_cases.hpp"
#include "cuda/backend.hpp"

namespace mxemu::conformance {
inline namespace MXEMU_CUDA_BACKEND {

/// Every pair and the first accumulator of spec/accumulator.hpp that the library knows for it: block_exact,
/// or exact where operands are no blocks or the output is narrower.
std::vector<DotCapability> cuda_dot_capabilities();

/// Throws cuda::Error.
DotAnswers cuda_dot_answers(const DotCases& cases);

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::conformance
