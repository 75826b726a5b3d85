// The one place through which every call of the CUDA runtime goes.
#pragma once

#include "cuda/backend.hpp"

#if !defined(MXEMU_CUDA_ON_HOST)
#include <driver_types.h>
#endif

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

#if !defined(MXEMU_CUDA_ON_HOST)
/// Throws Error unless `status` is success. `what` says what was tried: "allocating 16 bytes".
void require_success(cudaError_t status, const char* what);
#endif

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
