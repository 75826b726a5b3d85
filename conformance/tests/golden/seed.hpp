// Where random tests get their numbers: a seed that is printed first and may be set from outside.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace mxemu::golden {

/// A generator seeded from MXEMU_SEED, or with 1; the seed is printed.
inline std::mt19937_64 seeded_generator() {
  const char* text = std::getenv("MXEMU_SEED");
  const std::uint64_t seed = text ? std::stoull(text) : 1;
  std::cout << "seed " << seed << " (MXEMU_SEED)" << std::endl;
  return std::mt19937_64(seed);
}

}  // namespace mxemu::golden
