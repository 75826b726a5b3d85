// Patterns at which accumulators part: what is exact stays exact, what is cut is cut where the row says.
#include <gtest/gtest.h>

#include "operands.hpp"

namespace mxemu::dot_test {
namespace {

using spec::AccumulatorType, spec::OperandType;

/// One line of E4M3 for every accumulator that takes it, without scales.
template <class Check>
void for_each_e4m3_unit(Check check) {
  for (const auto& row : spec::accumulators)
    if (row.operands.has(OperandType::E4M3)) check(row);
}

TEST(Patterns, ExactCancellationLeavesPlusZeroEverywhere) {
  Vector a{OperandType::E4M3}, b{OperandType::E4M3};
  for (std::uint32_t i = 0; i < 16; ++i)
    for (const std::uint32_t sign : {0u, 0x80u}) {
      a.push((0x30 + 4 * i) % 0x7f);
      b.push(0x38 | sign);
    }
  for_each_e4m3_unit([&](const auto& row) { EXPECT_EQ(dot_of(row.type, a, b), 0u) << row.name; });
}

// Of 2^16, thirty times 2^-18, and -2^16, exact sums keep 30 2^-18. A loop in float32 swallows every tiny
// term, and so does each window of 13 or 25 bits: 2^-18 lies 34 below 2^16.
TEST(Patterns, OneLargeTermAndThirtyTinyOnesAndTheLargeOneBack) {
  Vector a = repeated(OperandType::E4M3, 0x01, 32), b = a;
  a.bytes[0] = b.bytes[0] = b.bytes[31] = std::byte{0x78};
  a.bytes[31] = std::byte{0xf8};
  using enum AccumulatorType;
  for (const auto type : {Exact, BlockExact}) EXPECT_EQ(dot_of(type, a, b), bits_of(30 * 0x1p-18f));
  for (const auto type :
       {Float32Sequential, Float32Fma, AdaFp8, HopperFp8, BlackwellF8f6f4, BlackwellMxf8f6f4})
    EXPECT_EQ(dot_of(type, a, b), 0u) << spec::name_of(type);
}

// 448 * 448 thirty-two times needs five bits more than a product has, and none is lost: 32 * 448^2 = 6422528.
TEST(Patterns, CarriesAboveTheLargestTermAreKept) {
  const Vector a = repeated(OperandType::E4M3, 0x7e, 32);
  for_each_e4m3_unit(
      [&](const auto& row) { EXPECT_EQ(dot_of(row.type, a, a), bits_of(6422528)) << row.name; });
}

// 240 256 + 15 256 + 240 + 15 are sixteen ones, and 1 more carries through all of them: 2^16.
TEST(Patterns, ACarryRunsThroughTheWholeWindow) {
  const Vector a = vector_of(OperandType::E4M3, {0x77, 0x57, 0x77, 0x57, 0x38});
  const Vector b = vector_of(OperandType::E4M3, {0x78, 0x78, 0x38, 0x38, 0x38});
  for_each_e4m3_unit([&](const auto& row) {
    // 13 bits below 2^15 end at 2^2: 61440, 3840 and 240 stay, 15 is cut to 12 and 1 to 0: 65532, whose bits
    // the result keeps all.
    const bool narrow = row.kind == spec::AccumulatorKind::Fused && row.fused.fraction_bits == 13;
    EXPECT_EQ(dot_of(row.type, a, b), bits_of(narrow ? 65532 : 65536)) << row.name;
  });
}

TEST(Patterns, LengthsThatAreNoMultipleOf32AreTheirOwnPaddingExceptWhereZerosWeigh) {
  for (const std::size_t length : {1u, 31u, 33u, 63u, 65u}) {
    Vector a{OperandType::E2M1}, b{OperandType::E2M1};
    for (std::size_t i = 0; i < length; ++i) {
      a.push(static_cast<std::uint32_t>(i * 5 % 16));
      b.push(static_cast<std::uint32_t>(i * 3 % 16));
    }
    for (std::size_t block = 0; block < (length + 31) / 32; ++block) {
      a.scales.push_back(static_cast<std::uint8_t>(120 + block));
      b.scales.push_back(static_cast<std::uint8_t>(130 - block));
    }
    std::vector<std::uint32_t> results;
    for (const auto& row : spec::accumulators) {
      if (!row.operands.has(OperandType::E2M1) || row.scale == spec::ScaleEntry::Unscaled) continue;
      spec::DotRequest request = request_of(row.type, a, b);
      const std::uint32_t padded = dot_of(request, a, b);
      request.tail = spec::Tail::ShortBlock;
      EXPECT_EQ(dot_of(request, a, b), padded) << row.name << " at " << length;
      request.tail = spec::Tail::Refuse;
      EXPECT_THROW(dot_of(request, a, b), std::invalid_argument) << row.name;
      results.push_back(padded);
    }
    // E2M1 under near scales rounds nowhere: every unit agrees.
    for (const std::uint32_t result : results) EXPECT_EQ(result, results.front()) << length;
  }
}

TEST(Patterns, BlocksMayBePermutedUnderExactSumsAndNotUnderTheDefaultContract) {
  // 2^24, 1, -2^24 as blocks: in that order fl(2^24 + 1) = 2^24 loses the 1.
  const auto line = [](std::initializer_list<std::uint8_t> scales,
                       std::initializer_list<std::uint32_t> first) {
    Vector vector = repeated(OperandType::INT8, 0, 96, scales);
    std::size_t block = 0;
    for (const std::uint32_t code : first) vector.bytes[32 * block++] = static_cast<std::byte>(code);
    return vector;
  };
  const Vector ones = line({127, 127, 127}, {0x40, 0x40, 0x40});
  const Vector apart = line({151, 127, 151}, {0x40, 0x40, 0xc0}),
               together = line({151, 151, 127}, {0x40, 0xc0, 0x40});
  EXPECT_EQ(dot_of(AccumulatorType::Exact, apart, ones), bits_of(1));
  EXPECT_EQ(dot_of(AccumulatorType::Exact, together, ones), bits_of(1));
  EXPECT_EQ(dot_of(AccumulatorType::BlockExact, apart, ones), 0u);
  EXPECT_EQ(dot_of(AccumulatorType::BlockExact, together, ones), bits_of(1));
}

}  // namespace
}  // namespace mxemu::dot_test
