// A progress line on standard error: only on a terminal, gone when the work is done.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "conformance/subject.hpp"

namespace mxemu::cli {

class Progress {
 public:
  enum class Rate { Elements, None };

  /// `total` is in elements; how many there will be to convert. Without a rate, it counts anything else.
  explicit Progress(std::size_t total, Rate rate = Rate::Elements);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void label(const std::string& what) { label_ = what; }
  void advance(std::size_t elements);

  /// Advances with the subject's work.
  conformance::Tick tick();

 private:
  void draw();

  bool visible_;
  Rate rate_;
  std::size_t total_;
  std::size_t done_ = 0;
  std::string label_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace mxemu::cli
