// Which tier works, and how work is split among threads.
#pragma once

#include <cstddef>

#include "fast/first_failure.hpp"
#include "fast/job.hpp"
#include "fast/mxemu.hpp"
#ifdef _OPENMP
#include <omp.h>
#endif

namespace mxemu::fast {

/// Below so many elements a parallel region costs more than it saves.
inline constexpr std::size_t parallel_from = std::size_t{1} << 18;

/// Throws std::invalid_argument when a tier is asked for that is not there.
const Tier& tier_of(const Execution& execution);

/// How many threads may work.
inline int thread_count(const Execution& execution) {
#ifdef _OPENMP
  return execution.threads > 0 ? execution.threads : omp_get_max_threads();
#else
  static_cast<void>(execution);
  return 1;
#endif
}

/// Calls work(first, last) on disjoint ranges that cover 0 … count; every range starts at a multiple of
/// `grain`. `elements` decides whether threads are worth their while. Rethrows the first exception of `work`.
template <class Work>
void in_parallel(std::size_t count, std::size_t grain, std::size_t elements, const Execution& execution,
                 const Work& work) {
#ifdef _OPENMP
  const int threads = thread_count(execution);
  const std::size_t grains = count / grain + (count % grain != 0);
  if (threads > 1 && elements >= parallel_from && grains > 1) {
    FirstFailure failure;
#pragma omp parallel num_threads(threads)
    {
      const auto team = static_cast<std::size_t>(omp_get_num_threads());
      const auto member = static_cast<std::size_t>(omp_get_thread_num());
      const std::size_t share = grains / team;
      const std::size_t extra = grains % team;
      const std::size_t first = (member * share + (member < extra ? member : extra)) * grain;
      const std::size_t last = first + (share + (member < extra ? 1 : 0)) * grain;
      if (first < count) failure.guard([&] { work(first, last < count ? last : count); });
    }
    failure.rethrow();
    return;
  }
#endif
  static_cast<void>(grain);
  static_cast<void>(elements);
  static_cast<void>(execution);
  if (count > 0) work(std::size_t{0}, count);
}

}  // namespace mxemu::fast
