// Laws that hold for every number, block and policy.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "blocks.hpp"
#include "freedoms.hpp"
#include "generators.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "tensors.hpp"

namespace mxemu::golden {
namespace {

using reference::decode_element;
using reference::encode_element;
using Numbers = std::vector<double>;

Rational converted(const spec::ElementFormat& format, double number, const spec::Rounding& rounding,
                   std::uint32_t word) {
  return rational_of(decode_element(format, encode_element(format, value_of(number), rounding, {}, word)));
}

/// The code of the number with the opposite sign.
int negated(const spec::ElementFormat& format, int code) {
  if (format.encoding == spec::Encoding::TwosComplement)
    return (format.code_count() - code) % format.code_count();
  return code ^ format.sign_mask;
}

RC_GTEST_PROP(ElementLaws, ConversionIsMonotoneInEveryMode, ()) {
  const auto mode = drawn_mode();
  const std::uint32_t word = drawn_word();
  double low = drawn_between(-20, 18), high = drawn_between(-20, 18);
  if (drawn_in(0, 2)) high = low * (1 + drawn_word() * 0x1p-34);
  if (high < low) std::swap(low, high);
  for (const auto& row : spec::element_formats)
    RC_ASSERT(converted(row, low, {.mode = mode}, word) <= converted(row, high, {.mode = mode}, word));
}

RC_GTEST_PROP(ElementLaws, NegatingTheNumberNegatesTheCodeAndSwapsUpAndDown, ()) {
  const auto mode = drawn_mode();
  const std::uint32_t word = drawn_word();
  const double number = drawn_between(-20, 18);
  const auto mirrored = mode == spec::RoundingMode::Up     ? spec::RoundingMode::Down
                        : mode == spec::RoundingMode::Down ? spec::RoundingMode::Up
                                                           : mode;
  for (const auto& row : spec::element_formats) {
    const int code = encode_element(row, value_of(number), {.mode = mode}, {}, word);
    const int mirror = encode_element(row, value_of(-number), {.mode = mirrored}, {}, word);
    RC_ASSERT(mirror == negated(row, code));
  }
}

RC_GTEST_PROP(ElementLaws, DirectedRoundingsBracketTheNumberAndNearestIsOneOfThem, ()) {
  for (const auto& row : spec::element_formats) {
    const double number = drawn_between(-20, row.emax);
    const auto by = [&](spec::RoundingMode mode) { return converted(row, number, {.mode = mode}, 0); };
    const Rational down = by(spec::RoundingMode::Down), up = by(spec::RoundingMode::Up);
    const Rational nearest = by(spec::RoundingMode::NearestEven);
    RC_ASSERT(down <= Rational(number));
    RC_ASSERT(Rational(number) <= up);
    RC_ASSERT(nearest == down || nearest == up);
    RC_ASSERT(by(spec::RoundingMode::TowardZero) == (number < 0 ? up : down));
  }
}

RC_GTEST_PROP(BlockLaws, QuantisingWhatWasDequantisedChangesNoValue, ()) {
  const auto request = spec::make_request(drawn_block_type());
  Numbers numbers(static_cast<std::size_t>(drawn_in(1, 33)));
  for (double& number : numbers) number = drawn_float32();
  const Numbers once = dequantized(request, quantized(request, numbers));
  const Numbers twice = dequantized(request, quantized(request, once));
  for (std::size_t i = 0; i < once.size(); ++i) RC_ASSERT(bits_of(once[i]) == bits_of(twice[i]));
}

RC_GTEST_PROP(BlockLaws, TwiceTheNumbersIsTwiceTheScaleAndTheSameCodes, ()) {
  spec::Request request = spec::make_request(drawn_block_type());
  request.scale_rule = drawn_rule();
  Numbers numbers = drawn_block(-60, 60, 12);
  numbers.push_back(0x1p-60);  // never a zero block
  const auto block = quantized(request, numbers);
  for (double& number : numbers) number *= 2;
  const auto doubled = quantized(request, numbers);
  RC_ASSERT(doubled.scale == block.scale + 1);
  RC_ASSERT(doubled.codes == block.codes);
}

RC_GTEST_PROP(BlockLaws, ReorderingABlockReordersItsCodes, ()) {
  spec::Request request = spec::make_request(drawn_block_type());
  request.scale_rule = drawn_rule();
  Numbers numbers = drawn_block(-150, 130, 20);
  auto block = quantized(request, numbers);
  const auto turn = drawn_in<std::size_t>(0, numbers.size());
  std::rotate(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(turn), numbers.end());
  std::rotate(block.codes.begin(), block.codes.begin() + static_cast<std::ptrdiff_t>(turn),
              block.codes.end());
  RC_ASSERT(quantized(request, numbers) == block);
}

RC_GTEST_PROP(BlockLaws, OnlyTheLargestMagnitudeChoosesTheScale, ()) {
  spec::Request request = spec::make_request(drawn_block_type());
  request.scale_rule = drawn_rule();
  const Numbers numbers = drawn_block(-150, 130, 20);
  double amax = 0;
  for (const double number : numbers) amax = std::max(amax, std::fabs(number));
  RC_ASSERT(quantized(request, numbers).scale == reference::shared_scale(request, value_of(amax).magnitude));
}

/// Normal numbers whose quotients by every rule-floor scale lie between the smallest normal and the largest
/// number of every element format: |v| = s * 2^j with 1 <= s <= 1.5 and j = 0 or 1.
Numbers plain_numbers(int count) {
  Numbers numbers;
  for (int i = 0; i < count; ++i) {
    const double magnitude = std::ldexp(1 + drawn_in(0, 1 << 22) * 0x1p-23, drawn_in(0, 2));
    numbers.push_back(drawn_in(0, 2) ? -magnitude : magnitude);
  }
  return numbers;
}

RC_GTEST_PROP(PolicyLaws, NoPolicyChangesAnInRangeNumberThatItDoesNotName, ()) {
  const auto type = drawn_block_type();
  const Numbers numbers = plain_numbers(64);
  const auto ocp = spec::make_request(type);
  const auto expected = quantized_tensor(ocp, {64}, 0, numbers);
  const auto values = reference::dequantize_tensor(ocp, expected, spec::FloatType::Float32);
  for_each_variant({}, [&](const char*, const char*, const spec::Policy& policy) {
    spec::Request request = ocp;
    request.policy = policy;
    const auto tensor = quantized_tensor(request, {64}, 0, numbers);
    RC_ASSERT(tensor.codes == expected.codes);
    RC_ASSERT(tensor.scales == expected.scales);
    RC_ASSERT(reference::dequantize_tensor(request, tensor, spec::FloatType::Float32) == values);
  });
}

RC_GTEST_PROP(PolicyLaws, DecodingATailDoesNotDependOnHowItWasPadded, ()) {
  spec::Request request = spec::make_request(drawn_block_type());
  const int length = drawn_in(1, 100);
  const auto tensor =
      quantized_tensor(request, {length}, 0, sample_numbers(static_cast<std::size_t>(length)));
  const auto expected = reference::dequantize_tensor(request, tensor, spec::FloatType::Float32);
  for (const auto& tail : spec::words<spec::Tail>) {
    request.policy.tail = tail.value;
    RC_ASSERT(reference::dequantize_tensor(request, tensor, spec::FloatType::Float32) == expected);
  }
}

RC_GTEST_PROP(ScaleLaws, RceilNeverSaturatesAndIsTheSmallestScaleThatDoesNot, ()) {
  spec::Request request = spec::make_request(drawn_block_type());
  request.scale_rule = spec::ScaleRuleType::Rceil;
  const auto amax = value_of(std::fabs(drawn_between(-80, 80)) + 0x1p-90).magnitude;
  const int e = reference::shared_scale(request, amax) - request.scale_format().bias;
  const Rational largest = rational_of(reference::max_normal(request.element_format()));
  RC_ASSERT(rational_of(amax) <= largest * two_to(e));
  RC_ASSERT(rational_of(amax) > largest * two_to(e - 1));
}

}  // namespace
}  // namespace mxemu::golden
