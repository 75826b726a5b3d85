// What kernels are written in: CUDA C++ where a CUDA compiler reads this, its emulation where another does.
#pragma once

#include "cuda/backend.hpp"

#if defined(MXEMU_CUDA_ON_HOST)
#include "cuda/on_host/collectives.hpp"
#include "cuda/on_host/intrinsics.hpp"
#include "cuda/on_host/launcher.hpp"
#else
#include <cuda_runtime.h>
#endif

#include <cstddef>
#include <cstdint>
#include <utility>

#include "cuda/error.hpp"

#if defined(MXEMU_CUDA_ON_HOST)
/// A variable that the threads of a block share; at most one in a kernel.
#define MXEMU_SHARED(Type, name) Type& name = ::mxemu::on_host::shared_memory<Type>()
#else
#define MXEMU_SHARED(Type, name) __shared__ Type name
#endif

/// Before a loop: unrolled, so that arrays indexed by its variable are registers; or never, where code is
/// rare.
#if defined(__CUDACC__)
#define MXEMU_UNROLL _Pragma("unroll")
#define MXEMU_KEEP_ROLLED _Pragma("unroll 1")
#else
#define MXEMU_UNROLL
#define MXEMU_KEEP_ROLLED
#endif

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Whether the threads of a block meet: at barriers, in shuffles and votes. The host backend runs threads
/// that do not meet one after the other, and refuses a meeting that was not announced.
enum class Threads { Independent, Cooperating };

/// Of a grid of one dimension.
struct LaunchShape {
  std::size_t blocks;
  unsigned threads;
};

/// As many blocks of `threads` as `items` threads take, and no more than keep every multiprocessor busy:
/// kernels stride over the rest.
LaunchShape shape_for(std::size_t items, unsigned threads);

/// Starts `kernel`, asynchronously on a GPU. `what` names it in errors.
template <class... Parameters, class... Arguments>
void launch(const char* what, Threads threads, LaunchShape shape, Stream stream,
            void (*kernel)(Parameters...), Arguments&&... arguments) {
  if (shape.blocks == 0) return;
#if defined(MXEMU_CUDA_ON_HOST)
  static_cast<void>(stream);
  try {
    ::mxemu::on_host::run(what, threads == Threads::Cooperating, shape.blocks, shape.threads,
                          [&] { kernel(arguments...); });
  } catch (const ::mxemu::on_host::Fault& fault) {
    throw Error(fault.what());
  }
#else
  static_cast<void>(threads);
  const auto blocks = static_cast<unsigned>(shape.blocks);
  // clang-format off
  kernel<<<blocks, shape.threads, 0, stream>>>(std::forward<Arguments>(arguments)...);
  // clang-format on
  require_success(cudaGetLastError(), what);
#endif
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
