// The one matcher of these tests: bits are equal or they are not, and what differs is printed with what it
// was made of.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fast/isa.hpp"
#include "spec/packing.hpp"
#include "spec/request.hpp"

namespace mxemu::fast_tests {

/// How the library is called; nothing in it may change a bit.
struct Settings {
  fast::Isa isa = fast::Isa::Portable;
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
  int threads = 1;
  bool stream = false;
  std::size_t source_offset = 0;  ///< of the source from a multiple of 64 bytes
  std::size_t output_offset = 0;  ///< of every output
  unsigned control_word = 0x1f80;
};

/// "MXFP4_E2M1 k=32 rule=floor rounding=nearest_even", then every freedom that differs from `ocp`.
std::string describe(const spec::Request& request);
std::string describe(const Settings& settings);
std::string describe(const std::vector<std::int64_t>& shape, int axis);

/// What is printed beside a difference. Asked only when there is one.
struct Context {
  std::function<std::string()> setting;              ///< request, tier, shape
  std::function<std::string(std::size_t)> input_of;  ///< what element `index` was made of
};

/// Equal, or the number of records of `width` bytes (little-endian) that differ, and the first of them.
testing::AssertionResult same_records(const char* what, std::span<const std::byte> expected,
                                      std::span<const std::byte> got, std::size_t width,
                                      const Context& context);

/// The same of bytes.
testing::AssertionResult same_bytes(const char* what, std::span<const std::uint8_t> expected,
                                    std::span<const std::uint8_t> got, const Context& context);

/// The same of one number.
testing::AssertionResult same_bits(const char* what, std::uint64_t expected, std::uint64_t got,
                                   const std::function<std::string()>& setting);

}  // namespace mxemu::fast_tests
