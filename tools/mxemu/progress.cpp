#include "tools/mxemu/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tools/io/error.hpp"

namespace mxemu::cli {
namespace {
constexpr std::chrono::milliseconds redraw_interval{100};
constexpr std::size_t label_width = 40;
}  // namespace

Progress::Progress(std::size_t total, Rate rate)
    : visible_(isatty(STDERR_FILENO) != 0),
      rate_(rate),
      total_(std::max<std::size_t>(1, total)),
      start_(std::chrono::steady_clock::now()),
      drawn_(start_) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void Progress::advance(std::size_t elements) {
  done_ += elements;
  if (visible_ && std::chrono::steady_clock::now() - drawn_ > redraw_interval) draw();
}

conformance::Tick Progress::tick() {
  return [this](std::size_t elements) {
    advance(elements);
    return true;
  };
}

void Progress::draw() {
  drawn_ = std::chrono::steady_clock::now();
  const double seconds = std::chrono::duration<double>(drawn_ - start_).count();
  const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const double left = share > 0 ? seconds / share - seconds : 0;
  char rate[32] = "";
  if (rate_ == Rate::Elements)
    std::snprintf(rate, sizeof rate, "%.1f M elements/s  ", static_cast<double>(done_) / seconds / 1e6);
  std::fprintf(stderr, "\r\033[K%3.0f%%  %s%.0f s left  %.*s", 100 * share, rate, left,
               static_cast<int>(label_width), io::printable(label_).c_str());
}

}  // namespace mxemu::cli
