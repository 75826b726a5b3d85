// What launch shapes are chosen from.
#pragma once

#include "cuda/backend.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

struct DeviceProperties {
  unsigned multiprocessors;
  unsigned threads_per_multiprocessor;
};

/// Of the current device, asked once. Throws cuda::Error when there is none.
const DeviceProperties& device_properties();

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
