// What must hold of exact dot products whatever the numbers (RapidCheck).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "../golden/generators.hpp"
#include "operands.hpp"

namespace mxemu::dot_test {
namespace {

using golden::drawn_in, spec::AccumulatorType, spec::OperandType;

OperandType drawn_element_type() {
  return static_cast<OperandType>(drawn_in(0, spec::element_operand_count));
}

/// A line of one to seventy elements with scales around 1, no specials.
Vector drawn_vector(OperandType type, std::size_t length) {
  Vector vector{type};
  std::mt19937_64 random(golden::drawn_word());
  for (const std::uint8_t code : drawn_codes(random, type, length, false)) vector.push(code);
  for (std::size_t block = 0; block < (length + 31) / 32; ++block)
    vector.scales.push_back(static_cast<std::uint8_t>(drawn_in(100, 150)));
  return vector;
}

struct Drawn {
  Vector a, b;
};

Drawn drawn_operands() {
  const auto length = static_cast<std::size_t>(drawn_in(1, 71));
  return {drawn_vector(drawn_element_type(), length), drawn_vector(drawn_element_type(), length)};
}

Vector with_bytes(const Vector& vector, const std::vector<std::size_t>& order) {
  Vector permuted = vector;
  for (std::size_t i = 0; i < order.size(); ++i) permuted.bytes[i] = vector.bytes[order[i]];
  return permuted;
}

Vector negated(Vector vector) {
  for (std::byte& code : vector.bytes) {
    const auto bits = std::to_integer<std::uint8_t>(code);
    const std::uint8_t sign = spec::element_format_of(vector.type).sign_mask;
    code = static_cast<std::byte>(vector.type == OperandType::INT8 ? static_cast<std::uint8_t>(-bits)
                                                                   : bits ^ sign);
  }
  return vector;
}

bool has_int8_minimum(const Vector& vector) {
  return vector.type == OperandType::INT8 &&
         std::find(vector.bytes.begin(), vector.bytes.end(), std::byte{0x80}) != vector.bytes.end();
}

RC_GTEST_PROP(DotLaws, PermutingElementsWithinBlocksChangesNoExactSum, ()) {
  const Drawn d = drawn_operands();
  std::vector<std::size_t> order(d.a.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937 random(golden::drawn_word());
  for (std::size_t first = 0; first < order.size(); first += 32)
    std::shuffle(order.begin() + static_cast<std::ptrdiff_t>(first),
                 order.begin() + static_cast<std::ptrdiff_t>(std::min(first + 32, order.size())), random);
  const Vector a = with_bytes(d.a, order), b = with_bytes(d.b, order);
  for (const auto type : {AccumulatorType::Exact, AccumulatorType::BlockExact})
    RC_ASSERT(dot_of(type, a, b) == dot_of(type, d.a, d.b));
}

RC_GTEST_PROP(DotLaws, PermutingWholeBlocksChangesNoExactSum, ()) {
  const auto blocks = static_cast<std::size_t>(drawn_in(1, 5));
  const Vector a = drawn_vector(drawn_element_type(), 32 * blocks),
               b = drawn_vector(drawn_element_type(), 32 * blocks);
  const auto reversed = [&](Vector vector) {
    std::reverse(vector.bytes.begin(), vector.bytes.end());
    std::reverse(vector.scales.begin(), vector.scales.end());
    return vector;
  };
  RC_ASSERT(dot_of(AccumulatorType::Exact, reversed(a), reversed(b)) == dot_of(AccumulatorType::Exact, a, b));
}

RC_GTEST_PROP(DotLaws, ScalingByPowersOfTwoScalesTheResult, ()) {
  Drawn d = drawn_operands();
  for (const auto type : {AccumulatorType::Exact, AccumulatorType::BlockExact}) {
    const float before = std::bit_cast<float>(dot_of(type, d.a, d.b));
    Vector scaled = d.a;
    const int shift = drawn_in(-20, 21);
    for (auto& scale : scaled.scales) scale = static_cast<std::uint8_t>(scale + shift);
    const float after = std::bit_cast<float>(dot_of(type, scaled, d.b));
    // Within 2^-100 and 2^100 no rounding changes with the scale.
    const auto is_safe = [](float x) {
      return x == 0 || (std::fabs(x) > 0x1p-100f && std::fabs(x) < 0x1p100f);
    };
    RC_PRE(is_safe(before) && is_safe(after));
    RC_ASSERT(bits_of(std::ldexp(before, shift)) == bits_of(after));
  }
}

RC_GTEST_PROP(DotLaws, NegatingAnOperandNegatesTheResult, ()) {
  const Drawn d = drawn_operands();
  RC_PRE(!has_int8_minimum(d.a));
  for (const auto type : {AccumulatorType::Exact, AccumulatorType::BlockExact}) {
    const std::uint32_t result = dot_of(type, d.a, d.b), opposite = dot_of(type, negated(d.a), d.b);
    RC_ASSERT(opposite == ((result & 0x7fffffff) == 0 ? 0 : result ^ 0x80000000));
  }
}

RC_GTEST_PROP(DotLaws, TheOperandsCommute, ()) {
  const Drawn d = drawn_operands();
  for (const auto& row : spec::accumulators) {
    if (!row.operands.has(d.a.type) || !row.operands.has(d.b.type)) continue;
    if (row.scale == spec::ScaleEntry::Unscaled || (!row.mixes && d.a.type != d.b.type)) continue;
    RC_ASSERT(dot_of(row.type, d.a, d.b) == dot_of(row.type, d.b, d.a));
  }
}

RC_GTEST_PROP(DotLaws, TheExactSumOfABlockPairIsTheBlockExactOne, ()) {
  const auto length = static_cast<std::size_t>(drawn_in(1, 33));
  const Vector a = drawn_vector(drawn_element_type(), length), b = drawn_vector(drawn_element_type(), length);
  RC_ASSERT(dot_of(AccumulatorType::Exact, a, b) == dot_of(AccumulatorType::BlockExact, a, b));
}

}  // namespace
}  // namespace mxemu::dot_test
