// One source, two machines: kernels and the calls around them are compiled by a CUDA compiler for a GPU, and
// by any C++ compiler for this machine, where a serial launcher stands in for the grid (cuda/on_host). The
// inline namespace keeps the two apart in one program: a translation unit that defines MXEMU_CUDA_ON_HOST
// talks to the second. A third build, for GPUs of sm_89 and later, lets their conversion instructions round
// FP8 (MXEMU_CUDA_HARDWARE_CVT): a subject by itself until somebody has seen it pass at level exhaustive.
#pragma once

#include <stdexcept>

#if defined(MXEMU_CUDA_ON_HOST)
#define MXEMU_CUDA_BACKEND on_host
#elif defined(MXEMU_CUDA_HARDWARE_CVT)
#define MXEMU_CUDA_BACKEND on_device_cvt
#else
#define MXEMU_CUDA_BACKEND on_device
#endif

/// The CUDA runtime's own type, so that this header needs no toolkit: cudaStream_t.
struct CUstream_st;

namespace mxemu::cuda {

/// A cudaStream_t; null is the default stream. The host backend has no streams and takes any.
using Stream = CUstream_st*;

/// A call of the CUDA runtime failed, or there is no GPU. One sentence: what was tried, and what the runtime
/// says.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace mxemu::cuda
