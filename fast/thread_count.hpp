// How many threads a library that asks OpenMP gets.
#pragma once

#ifdef _OPENMP
#include <omp.h>
#endif

namespace mxemu::fast {

/// The threads of the caller's next parallel regions, for as long as it lives.
class ThreadCount {
 public:
#ifdef _OPENMP
  explicit ThreadCount(int threads) : callers_(omp_get_max_threads()) {
    if (threads > 0) omp_set_num_threads(threads);
  }
  ~ThreadCount() {
    omp_set_num_threads(callers_);
  }

 private:
  int callers_;
#else
  explicit ThreadCount(int) {}
#endif

 public:
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;
};

}  // namespace mxemu::fast
