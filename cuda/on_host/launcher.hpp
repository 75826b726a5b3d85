// A grid on one thread of this machine. Blocks run one after the other. Threads that meet (barriers,
// shuffles, votes) are fibers: each runs until it must wait, and goes on when those it waits for have come.
// Odd blocks run their threads in descending order, so that code which counts on an order, for want of a
// barrier, is caught.
#pragma once

#include <cstddef>
#include <functional>
#include <new>
#include <stdexcept>

namespace mxemu::on_host {

/// As CUDA's dim3 and its built-in variables.
struct Index {
  unsigned x = 0;
  unsigned y = 0;
  unsigned z = 0;
};

inline constexpr unsigned warp_threads = 32;
inline constexpr std::size_t shared_bytes =
    48 * 1024;  ///< of a block, as on every GPU without asking for more

/// A kernel did what CUDA leaves undefined, and a GPU might hang at. One sentence: which kernel, which
/// thread, what.
struct Fault : std::logic_error {
  using std::logic_error::logic_error;
};

/// Runs `body` once for every thread of a grid of `blocks` blocks of `threads` threads, with threadIdx,
/// blockIdx, blockDim and gridDim set. Throws what `body` throws, and Fault when threads wait for each other
/// in vain or meet without `cooperating`. `what` names the kernel in its text.
void run(const char* what, bool cooperating, std::size_t blocks, unsigned threads,
         const std::function<void()>& body);

/// The shared memory of the running block: bytes of 0xcd until written, as nothing may be taken for granted.
void* shared_memory_of_block(std::size_t bytes);

template <class T>
T& shared_memory() {
  return *std::launder(static_cast<T*>(shared_memory_of_block(sizeof(T))));
}

}  // namespace mxemu::on_host

// CUDA's names, global as there.
inline thread_local constinit mxemu::on_host::Index threadIdx{};
inline thread_local constinit mxemu::on_host::Index blockIdx{};
inline thread_local constinit mxemu::on_host::Index blockDim{1, 1, 1};
inline thread_local constinit mxemu::on_host::Index gridDim{1, 1, 1};
