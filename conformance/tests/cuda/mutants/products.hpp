// Matrix products of the CUDA library, few of each kernel, compared with the reference's.
#pragma once

namespace mxemu::cuda_tests {

/// Whether any code of any product is not the reference's. Products, and what the reference makes of them,
/// are made by the first call.
bool products_fail();

}  // namespace mxemu::cuda_tests
