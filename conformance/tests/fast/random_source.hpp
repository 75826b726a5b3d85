// Numbers by chance, chosen so that what is interesting about a format comes up often.
#pragma once

#include <cstdint>
#include <vector>

#include "random_request.hpp"
#include "spec/float_format.hpp"

namespace mxemu::fast_tests {

/// What a stretch of numbers is like.
enum class Fill {
  AnyBits,     ///< NaN and Inf among them
  Ties,        ///< few mantissa bits, or one ulp beside: ties of some element format
  Narrow,      ///< exponents within three of each other
  Wide,        ///< exponents spread over more than the range of any element format
  Subnormals,  ///< of the source type, now and then a small normal number
  Zeros,       ///< of both signs
  NonFinite,   ///< a NaN or an Inf now and then
};
inline constexpr int fill_count = 7;

/// The bits of one number whose biased exponent is near `centre`.
std::uint64_t random_number(Random& random, const spec::FloatFormat& format, Fill fill, int centre);

/// `count` numbers in stretches of one fill each, of up to `longest` numbers.
std::vector<std::uint64_t> random_numbers(Random& random, const spec::FloatFormat& format, std::size_t count,
                                          std::size_t longest);

}  // namespace mxemu::fast_tests
