// A test bench in C++: what a simulator passes to libmxemu_dpi.so.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "conformance/dpi/mxemu_dpi.h"

namespace mxemu::conformance::dpi {

inline constexpr unsigned lanes = 33;  // more than a block, and no multiple of a word

struct Request {
  explicit Request(const char* format, const char* options = "")
      : handle(mxemu_dpi_make_request(format, options)) {
    EXPECT_NE(handle, nullptr) << mxemu_dpi_last_error();
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
  ~Request() { mxemu_dpi_free_request(handle); }

  void* handle;
};

/// A packed vector of SystemVerilog, filled with ones so that what is not written shows.
struct Vector {
  explicit Vector(std::size_t bits) : words((bits + 31) / 32, ~0u) {}

  std::uint64_t lane(unsigned width, unsigned index) const {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < width; ++i)
      bits |= std::uint64_t{words[(width * index + i) / 32] >> (width * index + i) % 32 & 1} << i;
    return bits;
  }
  void set_lane(unsigned width, unsigned index, std::uint64_t bits) {
    for (unsigned i = 0; i < width; ++i) {
      std::uint32_t& word = words[(width * index + i) / 32];
      const std::uint32_t mask = 1u << (width * index + i) % 32;
      word = bits >> i & 1 ? word | mask : word & ~mask;
    }
  }

  std::vector<std::uint32_t> words;
};

inline Vector numbers_of(unsigned width, const std::vector<std::uint64_t>& list) {
  Vector numbers(64 * lanes);
  for (unsigned i = 0; i < list.size(); ++i) numbers.set_lane(width, i, list[i]);
  return numbers;
}

inline Vector code_vector() {
  return Vector(8 * lanes);
}

}  // namespace mxemu::conformance::dpi
