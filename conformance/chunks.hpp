// Work of the reference shared among all cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "conformance/subject.hpp"
#include "fast/first_failure.hpp"

namespace mxemu::conformance {

/// Runs work(first, last) over [0, count) in chunks on every core. The calling thread works too and calls
/// `tick`.
template <class Work>
void for_each_chunk(std::size_t count, std::size_t elements_per_item, const Tick& tick, const Work& work) {
  const std::size_t chunk = std::max<std::size_t>(1, 65536 / std::max<std::size_t>(1, elements_per_item));
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> stopped = false;
  fast::FirstFailure failure;
  const auto take_chunks = [&](bool ticks) {
    std::size_t reported = 0;
    while (!stopped) {
      const std::size_t first = next.fetch_add(chunk);
      if (first >= count) return;
      const std::size_t last = std::min(count, first + chunk);
      failure.guard([&] { work(first, last); });
      if (failure.occurred()) stopped = true;
      const std::size_t total = done += (last - first) * elements_per_item;
      if (ticks && tick && !tick(total - std::exchange(reported, total))) stopped = true;
    }
  };
  const std::size_t chunks = (count + chunk - 1) / chunk;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < std::min(cores, chunks); ++i)
        others.emplace_back([&] { take_chunks(false); });
    } catch (const std::system_error&) {
      // Fewer threads do the same work.
    }
    take_chunks(true);
  }
  failure.rethrow();
  if (stopped) throw Interrupted{};
}

}  // namespace mxemu::conformance
