// Philox4x32-10 against its published known answers, and stochastic rounding counted over all random words.
#include "reference/random.hpp"

#include <gtest/gtest.h>

#include "rational.hpp"
#include "reference/element.hpp"

namespace mxemu::golden {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(reference::philox4x32({0, 0, 0, 0}, {0, 0}),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(reference::philox4x32({ones, ones, ones, ones}, {ones, ones}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(reference::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, ElementsTakeTheFourWordsOfABlockInOrder) {
  const Words zero = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(reference::random_word(0, i), zero[i]);
}

TEST(Philox, CountersAndSeedsAbove32BitsReachTheSecondWord) {
  const std::uint64_t seed = 0x0123456789abcdef, block = 0x0000000500000007;
  const Words expected = reference::philox4x32({7, 5, 0, 0}, {0x89abcdef, 0x01234567});
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(reference::random_word(seed, 4 * block + i), expected[i]);
}

/// How many of the 2^bits random numbers take `number` away from zero.
int count_up(const spec::ElementFormat& format, double number, int bits) {
  const spec::Rounding rounding{.mode = spec::RoundingMode::Stochastic, .random_bits = bits};
  const spec::Rounding truncation{.mode = spec::RoundingMode::TowardZero};
  const int down = reference::encode_element(format, value_of(number), truncation);
  int count = 0;
  for (std::uint32_t word = 0; word < 1u << bits; ++word) {
    const int code = reference::encode_element(format, value_of(number), rounding, {}, word);
    EXPECT_TRUE(code == down || code == down + 1);
    count += code != down;
  }
  return count;
}

TEST(StochasticRounding, GoesUpForExactlyTheFractionOfAllSixteenBitWords) {
  const auto& e2m1 = spec::format_of(spec::ElementType::E2M1);
  EXPECT_EQ(count_up(e2m1, 2.0, 16), 0);               // an exact value never moves
  EXPECT_EQ(count_up(e2m1, 2.25, 16), 0x4000);         // a quarter of the way from 2 to 3
  EXPECT_EQ(count_up(e2m1, -2.5, 16), 0x8000);         // half
  EXPECT_EQ(count_up(e2m1, 2 + 0x1p-16, 16), 1);       // one part in 2^16
  EXPECT_EQ(count_up(e2m1, 2 + 0x1p-17, 16), 0);       // half a part is cut off
  EXPECT_EQ(count_up(e2m1, 2 + 0x1.8p-15, 16), 3);     // three parts
  EXPECT_EQ(count_up(e2m1, 3 - 0x1p-40, 16), 0xffff);  // all but the word 0
  EXPECT_EQ(count_up(e2m1, 0x1p-60, 16), 0);           // too small to be seen by 16 bits
  EXPECT_EQ(count_up(spec::format_of(spec::ElementType::INT8), 0.5 / 64, 16), 0x8000);
}

TEST(StochasticRounding, CountsAreTheFractionCutToTheNumberOfBits) {
  for (const auto& row : spec::element_formats)
    for (const int bits : {1, 4, 8})
      for (int i = 0; i < 64; ++i) {
        const double fraction = i / 64.0 + 0x1p-30;
        const double step =
            row.encoding == spec::Encoding::TwosComplement ? 1.0 / 64 : 1.0 / (1 << row.mantissa_bits);
        EXPECT_EQ(count_up(row, 1 + fraction * step, bits), static_cast<int>(fraction * (1 << bits)))
            << row.name;
      }
}

TEST(StochasticRounding, OnlyTheLowBitsOfAWordDecide) {
  const auto& format = spec::format_of(spec::ElementType::E2M1);
  const spec::Rounding rounding{.mode = spec::RoundingMode::Stochastic, .random_bits = 8};
  EXPECT_EQ(reference::encode_element(format, value_of(2.5), rounding, {}, 0xffffff7f), 0x4);
  EXPECT_EQ(reference::encode_element(format, value_of(2.5), rounding, {}, 0x00000080), 0x5);
}

TEST(StochasticRounding, AllThirtyTwoBitsCount) {
  const auto& format = spec::format_of(spec::ElementType::E2M1);
  const spec::Rounding rounding{.mode = spec::RoundingMode::Stochastic, .random_bits = 32};
  EXPECT_EQ(reference::encode_element(format, value_of(2 + 0x1p-32), rounding, {}, 0xffffffff), 0x5);
  EXPECT_EQ(reference::encode_element(format, value_of(2 + 0x1p-32), rounding, {}, 0xfffffffe), 0x4);
}

TEST(StochasticRounding, NumbersBetweenTheLargestAndTheNextOverflowAsAnyOther) {
  const auto& format = spec::format_of(spec::ElementType::E4M3);
  const spec::Rounding rounding{.mode = spec::RoundingMode::Stochastic, .random_bits = 16};
  const spec::Policy nonfinite{.overflow = spec::Overflow::NonFinite};
  EXPECT_EQ(reference::encode_element(format, value_of(464.0), rounding, {}, 0xffff), 0x7e);
  EXPECT_EQ(reference::encode_element(format, value_of(464.0), rounding, nonfinite, 0x8000), 0x7f);
  EXPECT_EQ(reference::encode_element(format, value_of(464.0), rounding, nonfinite, 0x7fff), 0x7e);
}

TEST(StochasticRounding, TakesOneToThirtyTwoBits) {
  const auto& format = spec::format_of(spec::ElementType::E2M1);
  for (const int bits : {-1, 0, 33}) {
    const spec::Rounding rounding{.mode = spec::RoundingMode::Stochastic, .random_bits = bits};
    EXPECT_THROW(reference::encode_element(format, value_of(2.5), rounding), std::invalid_argument) << bits;
  }
}

}  // namespace
}  // namespace mxemu::golden
