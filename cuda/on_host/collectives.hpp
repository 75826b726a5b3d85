// Where the threads of a warp or of a block meet, under CUDA's names and with CUDA's rules (CUDA C++
// Programming Guide, "Warp Shuffle Functions", "Warp Vote Functions", "Synchronization Functions"): every
// thread that a mask names takes part, with the same mask; a shuffle reads a lane that takes part. What CUDA
// leaves undefined otherwise is an error here.
#pragma once

#include <cstdint>
#include <cstring>

#include "cuda/on_host/launcher.hpp"

namespace mxemu::on_host {

enum class Meeting { Shuffle, Ballot, Maximum, Sync, Barrier };

/// Waits for the lanes of `mask` and returns what the meeting gives to this lane: the value of lane `source`
/// (counted in the warp), one bit for every lane's nonzero value, the largest value, or nothing.
std::uint64_t meet(Meeting meeting, std::uint32_t mask, std::uint64_t value, unsigned source);

inline unsigned lane() {
  return threadIdx.x % warp_threads;
}

template <class T>
T shuffle(std::uint32_t mask, T value, unsigned source) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "as CUDA's shuffles");
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = meet(Meeting::Shuffle, mask, bits, source);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Lane `lane() + offset` where that is in this lane's group of `width`, else this lane.
inline unsigned lane_above(unsigned offset, unsigned width) {
  return lane() % width + offset < width ? lane() + offset : lane();
}
inline unsigned lane_below(unsigned offset, unsigned width) {
  return lane() % width >= offset ? lane() - offset : lane();
}

}  // namespace mxemu::on_host

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  using namespace mxemu::on_host;
  const auto group = static_cast<unsigned>(width);
  return shuffle(mask, value, lane() / group * group + static_cast<unsigned>(source) % group);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32) {
  using namespace mxemu::on_host;
  const unsigned source = lane() ^ static_cast<unsigned>(lane_mask);
  const auto group = static_cast<unsigned>(width);
  return shuffle(mask, value, source / group > lane() / group ? lane() : source);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned offset, int width = 32) {
  using namespace mxemu::on_host;
  return shuffle(mask, value, lane_above(offset, static_cast<unsigned>(width)));
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned offset, int width = 32) {
  using namespace mxemu::on_host;
  return shuffle(mask, value, lane_below(offset, static_cast<unsigned>(width)));
}
inline unsigned __ballot_sync(unsigned mask, int predicate) {
  using namespace mxemu::on_host;
  return static_cast<unsigned>(meet(Meeting::Ballot, mask, predicate != 0, 0));
}
inline int __any_sync(unsigned mask, int predicate) {
  return __ballot_sync(mask, predicate) != 0;
}
inline int __all_sync(unsigned mask, int predicate) {
  return __ballot_sync(mask, predicate) == mask;
}
inline unsigned __reduce_max_sync(unsigned mask, unsigned value) {
  using namespace mxemu::on_host;
  return static_cast<unsigned>(meet(Meeting::Maximum, mask, value, 0));
}
inline void __syncwarp(unsigned mask = 0xffffffffu) {
  using namespace mxemu::on_host;
  meet(Meeting::Sync, mask, 0, 0);
}
inline void __syncthreads() {
  using namespace mxemu::on_host;
  meet(Meeting::Barrier, 0, 0, 0);
}
