// Numbers that are interesting to a conversion: where codes change, where formats end, and random ones.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "reference/exact.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance::vectors {

/// The number of a type nearest to 2^exponent times an exact number: Inf or 0 beyond the type's range.
std::uint64_t nearest_number(const spec::FloatFormat& type, const reference::Exact& number, int exponent,
                             bool negative = false);

/// Every finite magnitude of the element format, the midpoints between neighbours and beyond the largest, and
/// the numbers one ulp to either side of each, times 2^scale_exponent, of both signs. No number twice.
std::vector<std::uint64_t> boundary_numbers(const spec::ElementFormat& element, const spec::FloatFormat& type,
                                            int scale_exponent);

struct SpecialNumber {
  std::uint64_t bits;
  const char* name;
};

/// Zeros, subnormals, ends of the range, infinities and NaNs of both signs.
std::vector<SpecialNumber> special_numbers(const spec::FloatFormat& type);

/// Significands from 1 up to 2 at which some scale rule changes its mind, each with its neighbours, as
/// numbers of `type` times 2^exponent.
std::vector<std::uint64_t> rule_boundaries(const spec::ElementFormat& element, const spec::FloatFormat& type,
                                           int exponent);

/// Random blocks: magnitudes spread below a random largest one, long runs of equal bits as often as random
/// ones, now and then a zero, a subnormal, an Inf or a NaN.
class RandomNumbers {
 public:
  RandomNumbers(const spec::FloatFormat& type, std::uint64_t seed) : type_(type), random_(seed) {}

  /// Chooses the binade of the next block.
  void start_block();
  std::uint64_t next();
  std::uint32_t word() { return static_cast<std::uint32_t>(random_() >> 32); }

 private:
  spec::FloatFormat type_;
  std::mt19937_64 random_;
  std::uint64_t top_field_ = 0;  ///< largest exponent field of the block
  std::uint64_t spread_ = 1;     ///< binades that the block covers
  bool with_non_finite_ = false;
};

}  // namespace mxemu::conformance::vectors
