// Timing on a GPU, for the benchmarks of the CUDA library.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <vector>

#include "cuda/error.hpp"
#include "cuda/memory.hpp"
#include "spec/float_format.hpp"

namespace mxemu::bench {

using cuda::require_success;

/// The time between two places in a stream.
class Stopwatch {
 public:
  Stopwatch() {
    require_success(cudaEventCreate(&begin_), "making an event");
    require_success(cudaEventCreate(&end_), "making an event");
  }
  ~Stopwatch() {
    static_cast<void>(cudaEventDestroy(begin_));
    static_cast<void>(cudaEventDestroy(end_));
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  double seconds_of(const std::function<void()>& work) {
    require_success(cudaEventRecord(begin_), "recording an event");
    work();
    require_success(cudaEventRecord(end_), "recording an event");
    require_success(cudaEventSynchronize(end_), "waiting for the GPU");
    float milliseconds = 0;
    require_success(cudaEventElapsedTime(&milliseconds, begin_, end_), "reading the time");
    return static_cast<double>(milliseconds) * 1e-3;
  }

 private:
  cudaEvent_t begin_ = nullptr;
  cudaEvent_t end_ = nullptr;
};

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Normally distributed numbers, a pattern of them repeated.
inline void fill_numbers(cuda::Buffer& buffer, spec::FloatType type) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  std::vector<std::uint32_t> pattern(std::size_t{1} << 22);
  const auto bits = [&] { return std::bit_cast<std::uint32_t>(normal(random)); };
  for (std::uint32_t& word : pattern)
    word = type == spec::FloatType::Float32 ? bits() : (bits() & 0xffff0000u) | bits() >> 16;
  const auto bytes = std::as_bytes(std::span(pattern));
  for (std::size_t at = 0; at < buffer.size(); at += bytes.size())
    cuda::copy_to_device(bytes.first(std::min(bytes.size(), buffer.size() - at)), buffer.data() + at);
  cuda::synchronize();
}

}  // namespace mxemu::bench
