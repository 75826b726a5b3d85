// Memory as kernels read and write it: as wide as the hardware goes, or byte by byte where an array begins at
// an odd place.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/kernel.hpp"

#if defined(MXEMU_CUDA_ON_HOST)
#include <string>
#endif

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Whether a kernel may read through the cache for what nobody writes, or writes what it reads.
enum class Reads { Constant, InPlace };

/// A GPU stops at a wide access whose address is no multiple of its width. So does this machine.
template <class Wide>
__device__ void require_place(const void* at) {
#if defined(MXEMU_CUDA_ON_HOST)
  if (reinterpret_cast<std::uintptr_t>(at) % sizeof(Wide) != 0)
    throw ::mxemu::on_host::Fault("a kernel accesses " + std::to_string(sizeof(Wide)) +
                                  " bytes at once at an address that is no multiple of that");
#else
  static_cast<void>(at);
#endif
}

template <class Wide, Reads R = Reads::Constant>
__device__ Wide load_wide(const void* at) {
  require_place<Wide>(at);
  const auto* wide = static_cast<const Wide*>(at);
  if constexpr (R == Reads::Constant) return __ldg(wide);
  return *wide;
}

/// One instruction: an assignment may be taken apart into words.
template <class Wide>
__device__ void store_wide(void* at, const Wide& value) {
  require_place<Wide>(at);
#if defined(MXEMU_CUDA_ON_HOST)
  *static_cast<Wide*>(at) = value;
#else
  __stwb(static_cast<Wide*>(at), value);
#endif
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
