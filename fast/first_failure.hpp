// Exceptions of work that is shared among threads: none may leave the thread that it arose in, where it would
// end the program.
#pragma once

#include <atomic>
#include <exception>
#include <mutex>

namespace mxemu::fast {

/// Keeps the first exception until the thread that waits for all others rethrows it.
class FirstFailure {
 public:
  template <class Work>
  void guard(const Work& work) noexcept {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      occurred_ = true;
    }
  }

  /// Whether there is one: what is left need not be done.
  bool occurred() const noexcept { return occurred_; }

  /// To be called once no other thread works.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::atomic<bool> occurred_ = false;
};

}  // namespace mxemu::fast
