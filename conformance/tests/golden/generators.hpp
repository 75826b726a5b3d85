// What RapidCheck draws: formats, modes and numbers over the whole range of their type. Include after gtest.
#pragma once

#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <vector>

#include "spec/request.hpp"

namespace mxemu::golden {

/// Uniform over low <= n < high, whatever the size that RapidCheck has reached.
template <class Integer>
Integer drawn_in(Integer low, Integer high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Integer>(low, high));
}

inline spec::BlockType drawn_block_type() {
  const int count = static_cast<int>(std::size(spec::block_formats));
  return static_cast<spec::BlockType>(drawn_in(0, count));
}

inline spec::RoundingMode drawn_mode() {
  const int count = static_cast<int>(std::size(spec::words<spec::RoundingMode>));
  return static_cast<spec::RoundingMode>(drawn_in(0, count));
}

inline spec::ScaleRuleType drawn_rule() {
  const int count = static_cast<int>(std::size(spec::scale_rules));
  return static_cast<spec::ScaleRuleType>(drawn_in(0, count));
}

/// Uniform over all words: unlike gen::arbitrary it does not grow from zero.
inline std::uint32_t drawn_word() {
  return (drawn_in<std::uint32_t>(0, 0x10000) << 16) + drawn_in<std::uint32_t>(0, 0x10000);
}

/// A finite float32: any bits, zeros and subnormals with them.
inline double drawn_float32() {
  const float number = std::bit_cast<float>(drawn_word());
  return std::isfinite(number) ? number : 0.0;
}

/// A finite float64.
inline double drawn_float64() {
  const double number = std::bit_cast<double>(std::uint64_t{drawn_word()} << 32 | drawn_word());
  return std::isfinite(number) ? number : 0.0;
}

/// A number of magnitude 2^low to 2^high, or zero once in sixteen.
inline double drawn_between(int low, int high) {
  if (drawn_in(0, 16) == 0) return drawn_in(0, 2) ? -0.0 : 0.0;
  const double significand = 1.0 + drawn_word() * 0x1p-32;
  const double sign = drawn_in(0, 2) ? -1.0 : 1.0;
  return sign * std::ldexp(significand, drawn_in(low, high));
}

/// One to forty numbers whose exponents share a window of `spread`, anywhere from 2^low to 2^high.
inline std::vector<double> drawn_block(int low, int high, int spread) {
  const int start = drawn_in(low, high - spread + 1);
  std::vector<double> numbers(static_cast<std::size_t>(drawn_in(1, 41)));
  for (double& number : numbers) number = drawn_between(start, start + spread);
  return numbers;
}

}  // namespace mxemu::golden
