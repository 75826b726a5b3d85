#include "tools/sweep/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace mxemu::sweep {

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::add(std::uint64_t done) {
  done_ += done;
  if (!terminal_) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  const auto now = std::chrono::steady_clock::now();
  if (!lock || now - shown_ < std::chrono::milliseconds(200)) return;
  shown_ = now;
  std::fprintf(stderr, "\r%s %3.0f%%\033[K", what_.c_str(),
               100.0 * static_cast<double>(done_) / static_cast<double>(total_));
}

}  // namespace mxemu::sweep
