// How far a sweep has come, on a terminal and nowhere else.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace mxemu::sweep {

class Progress {
 public:
  Progress(std::string what, std::uint64_t total);
  ~Progress();  ///< wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// From any thread.
  void add(std::uint64_t done);

 private:
  std::string what_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point shown_;
  bool terminal_;
};

}  // namespace mxemu::sweep
