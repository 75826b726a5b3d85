// The functions of fast/codec.hpp, by themselves, against the reference: what the tiers and the devices are
// made of.
#include "fast/codec.hpp"

#include <gtest/gtest.h>

#include "comparison.hpp"
#include "conformance/describe.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "fast/pack.hpp"
#include "random_request.hpp"
#include "random_source.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/packing.hpp"
#include "reference/random.hpp"
#include "reference/scale.hpp"

namespace mxemu::fast_tests {
namespace {

using reference::Value;

constexpr int requests = 400;
constexpr int numbers_per_request = 1500;

/// One number of a type under one scale.
struct Input {
  spec::FloatType type;
  std::uint64_t bits;
  int scale_exponent;
  std::uint32_t random_word;

  const spec::FloatFormat& format() const { return spec::format_of(type); }
};

template <class Word>
spec::FloatType any_source(Random& random) {
  const auto type = any_word<spec::FloatType>(random);
  return sizeof(Word) == 4 && type == spec::FloatType::Float64 ? spec::FloatType::Float32 : type;
}

/// Any scale; a number whose quotient is near the range of the element formats, most of the time.
template <class Word>
Input any_input(Random& random) {
  const spec::FloatType type = any_source<Word>(random);
  const int exponent = static_cast<int>(below(random, 255)) - 127;
  const int centre = exponent + static_cast<int>(below(random, 40)) - 20 + spec::format_of(type).bias;
  const std::uint64_t bits =
      random_number(random, spec::format_of(type), static_cast<Fill>(below(random, fill_count)), centre);
  const auto word = static_cast<std::uint32_t>(random());
  return {type, bits, exponent, one_in(random, 4) ? 0 : one_in(random, 4) ? ~0u : word};
}

/// The value that the reference's tensors would see, the policy on subnormal inputs included.
Value value_of(const spec::Policy& policy, const spec::FloatFormat& format, std::uint64_t bits) {
  Value value = reference::decode_float(format, bits);
  const bool flush = policy.subnormal_input == spec::SubnormalInput::FlushToZero;
  if (flush && reference::is_subnormal(format, value)) value.magnitude = {};
  return value;
}

std::uint8_t golden_code(const spec::Request& request, const Input& input) {
  const spec::Policy& policy = request.policy;
  const Value value = value_of(policy, input.format(), input.bits);
  const bool ignored = (value.is_nan() && policy.nan_in_block == spec::NonFiniteInBlock::Ignore) ||
                       (value.is_infinite() && policy.inf_in_block == spec::NonFiniteInBlock::Ignore);
  return reference::encode_element(request.element_format(), ignored ? Value{} : value,
                                   reference::power_of_two(input.scale_exponent), request.rounding, policy,
                                   input.random_word);
}

std::string describe(const spec::Request& request, const Input& input) {
  return fast_tests::describe(request) + "\n  input " + spec::name_of(input.type) + " " +
         conformance::hex(input.bits, input.format().bits / 4) + " scale 2^" +
         std::to_string(input.scale_exponent) + " random word " + conformance::hex(input.random_word, 8);
}

template <class Word>
void expect_codes(Random& random, const spec::Request& request) {
  const spec::ElementFormat& format = request.element_format();
  const auto words = fast::make_element_words<Word>(format, request.rounding, request.policy);
  for (int i = 0; i < numbers_per_request; ++i) {
    const Input input = any_input<Word>(random);
    const std::uint32_t code =
        fast::encode_element<Word>(format, words, input.format(), static_cast<Word>(input.bits),
                                   input.scale_exponent, static_cast<Word>(input.random_word));
    ASSERT_TRUE(
        same_bits("code", golden_code(request, input), code, [&] { return describe(request, input); }));
  }
}

TEST(Codec, EncodesElementsAsTheReferenceDoesInBothWidths) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < requests; ++i) {
    const spec::Request request = arbitrary_request(random);
    expect_codes<std::uint64_t>(random, request);
    if (!fast::needs_wide_word(request.rounding)) expect_codes<std::uint32_t>(random, request);
  }
}

template <class Word>
void expect_values(const spec::Request& request, const spec::FloatFormat& output) {
  const spec::ElementFormat& element = request.element_format();
  const spec::ScaleFormat& scale = request.scale_format();
  const auto words = fast::make_decode_words<Word>(scale, output, request.policy);
  for (int x = 0; x < 256; x += x < 40 || x > 230 ? 1 : 5)
    for (int code = 0; code < element.code_count(); ++code) {
      const std::uint64_t expected = reference::dequantize_element(request, static_cast<std::uint8_t>(x),
                                                                   static_cast<std::uint8_t>(code), output);
      const Word got = fast::decode_element<Word>(
          element, scale, output, words, static_cast<std::uint32_t>(code), static_cast<std::uint32_t>(x));
      ASSERT_TRUE(same_bits("value", expected, got, [&] {
        return fast_tests::describe(request) + "\n  scale code " + std::to_string(x) + " code " +
               std::to_string(code) + " output " + spec::name_of(output.type);
      }));
    }
}

TEST(Codec, DecodesElementsAsTheReferenceDoesInBothWidths) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 40; ++i) {
    const spec::Request request = arbitrary_request(random);
    for (const auto& output : spec::float_formats) {
      expect_values<std::uint64_t>(request, output);
      if (output.type != spec::FloatType::Float64) expect_values<std::uint32_t>(request, output);
    }
  }
}

TEST(Codec, IgnoresTheBitsOfACodeBeyondItsWidth) {
  for (const auto& format : spec::block_formats) {
    const spec::Request request = spec::make_request(format.type);
    const spec::FloatFormat output = spec::format_of(spec::FloatType::Float32);
    const auto words = fast::make_decode_words<std::uint32_t>(request.scale_format(), output, request.policy);
    const auto mask = static_cast<std::uint32_t>(request.element_format().code_count() - 1);
    const auto decode = [&](std::uint32_t code) {
      return fast::decode_element<std::uint32_t>(request.element_format(), request.scale_format(), output,
                                                 words, code, 130);
    };
    for (std::uint32_t code = 0; code < 256; ++code) EXPECT_EQ(decode(code), decode(code & mask));
  }
}

/// A block of one to four numbers.
struct SmallBlock {
  spec::FloatType type;
  std::vector<std::uint64_t> bits;
};

template <class Word>
SmallBlock any_block(Random& random) {
  const spec::FloatType type = any_source<Word>(random);
  return {type, random_numbers(random, spec::format_of(type), 1 + below(random, 4), 4)};
}

template <class Word>
void expect_scale(Random& random, const spec::Request& request) {
  const SmallBlock block = any_block<Word>(random);
  const spec::FloatFormat& format = spec::format_of(block.type);
  std::vector<Value> values;
  fast::BlockMaximum<Word> maximum = {};
  for (const std::uint64_t bits : block.bits) {
    values.push_back(value_of(request.policy, format, bits));
    fast::include<Word>(maximum, format, static_cast<Word>(bits));
  }
  const std::vector<std::uint32_t> random_words(values.size());
  const auto words = fast::make_scale_words<Word>(request.element_format(), request.scale_format(),
                                                  spec::rule_of(request.scale_rule), request.policy);
  const int got = fast::shared_scale<Word>(words, format, maximum);
  const int expected = reference::quantize_block(request, values, random_words).scale;
  ASSERT_TRUE(same_bits("scale", static_cast<std::uint64_t>(expected), static_cast<std::uint64_t>(got), [&] {
    std::string text = fast_tests::describe(request) + "\n  block of " + spec::name_of(block.type);
    for (const std::uint64_t bits : block.bits) text += " " + conformance::hex(bits, format.bits / 4);
    return text;
  }));
}

TEST(Codec, ChoosesScalesAsTheReferenceDoesInBothWidths) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 20 * requests; ++i) {
    const spec::Request request = arbitrary_request(random);
    for (int j = 0; j < 8; ++j) {
      expect_scale<std::uint64_t>(random, request);
      expect_scale<std::uint32_t>(random, request);
    }
  }
}

TEST(Codec, EncodesScalesAsTheReferenceDoes) {
  Random random = golden::seeded_generator();
  const spec::ScaleFormat& scale = spec::format_of(spec::ScaleType::E8M0);
  for (int i = 0; i < 300'000; ++i) {
    const Input input = any_input<std::uint64_t>(random);
    const auto overflow = any_word<spec::ScaleOverflow>(random);
    const auto mode = any_word<spec::RoundingMode>(random);
    if (mode == spec::RoundingMode::Stochastic) continue;  // refused by the reference
    const Value value = reference::decode_float(input.format(), input.bits);
    const int got = fast::encode_scale(scale, input.format(), input.bits, mode, overflow);
    ASSERT_TRUE(same_bits("scale code", reference::encode_scale(scale, value, mode, overflow),
                          static_cast<std::uint64_t>(got), [&] {
                            return std::string(spec::name_of(mode)) + " " + spec::name_of(overflow) +
                                   " input " + spec::name_of(input.type) + " " +
                                   conformance::hex(input.bits, input.format().bits / 4);
                          }));
  }
}

TEST(Codec, MakesTheRandomWordsOfTheReference) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t seed = random();
    const std::uint64_t index = i % 2 ? random() : below(random, 1000);
    ASSERT_EQ(fast::random_word(seed, index), reference::random_word(seed, index)) << seed << ' ' << index;
  }
}

TEST(Codec, PacksEightCodesAsTheReferenceDoes) {
  Random random = golden::seeded_generator();
  for (int bits = 1; bits <= 7; ++bits)
    for (int i = 0; i < 2000; ++i) {
      std::vector<std::uint8_t> codes(8);
      std::uint64_t eight = 0, stream = 0;
      for (std::size_t c = 0; c < 8; ++c) {
        codes[c] = static_cast<std::uint8_t>(below(random, std::size_t{1} << bits));
        eight |= std::uint64_t{codes[c]} << 8 * c;
      }
      const auto packed = reference::pack_codes(spec::ElementPacking::BitStream, bits, codes);
      for (std::size_t b = 0; b < packed.size(); ++b) stream |= std::uint64_t{packed[b]} << 8 * b;
      ASSERT_EQ(fast::pack_eight(bits, eight), stream) << bits << " bits";
      ASSERT_EQ(fast::unpack_eight(bits, stream | random() << 8 * bits), eight) << bits << " bits";
    }
}

}  // namespace
}  // namespace mxemu::fast_tests
