// Exact numbers and their places on a grid: what the explanations of failing cases are made of.
#include <gtest/gtest.h>

#include "oracle.hpp"
#include "rational.hpp"
#include "reference/element.hpp"
#include "reference/exact.hpp"
#include "reference/rounding.hpp"

namespace mxemu::golden {
namespace {

using reference::Exact;

/// (below + remainder / whole) * 2^quantum_exponent.
Rational located(const reference::GridPosition& position) {
  const Rational part(BigInteger(position.remainder), BigInteger(position.whole));
  return (Rational(BigInteger(position.below)) + part) * two_to(position.quantum_exponent);
}

TEST(Exact, SeveralPairsSpellTheSameNumber) {
  EXPECT_TRUE((Exact{6, 0} == Exact{3, 1}));
  EXPECT_TRUE((Exact{0, 5} == Exact{0, -900}));
  EXPECT_TRUE((Exact{3, 1000} > Exact{5, 999}));
  EXPECT_TRUE((Exact{1, -1000} < Exact{1, 1000}));
  EXPECT_TRUE((Exact{5, 0} <= Exact{5, 0}));
  EXPECT_TRUE((Exact{5, 0} >= Exact{5, 0}));
  EXPECT_FALSE((Exact{5, 0} > Exact{5, 0}));
}

TEST(Exact, ProductsAndLogarithmsOfPowersOfTwoAreExact) {
  EXPECT_EQ(rational_of(reference::multiply({3, -7}, {5, 1000})), Rational(15) * two_to(993));
  for (int e = -1080; e <= 1080; e += 9) {
    EXPECT_EQ(reference::floor_log2(reference::power_of_two(e)), e);
    EXPECT_EQ(reference::floor_log2({3, e}), e + 1);
    EXPECT_EQ(reference::floor_log2_of_ratio({3, e}, {3, -e}), 2 * e);
    EXPECT_EQ(reference::floor_log2_of_ratio({3, e}, {7, 0}), e - 2);
    EXPECT_EQ(reference::floor_log2_of_ratio({7, e}, {3, 0}), e + 1);
  }
}

TEST(GridPosition, ALocatedNumberIsItselfAgain) {
  for (const auto& row : spec::element_formats)
    for (const double number : {0.0, 1.0, 0x1.8p-30, 0x1.fffffep7, 2.5, 3.01, 1e300, 5e-324})
      for (const int scale : {-127, 0, 1, 127}) {
        const auto position =
            reference::locate_element(row, value_of(number).magnitude, reference::power_of_two(scale));
        EXPECT_EQ(located(position), Rational(Rational(number) / two_to(scale))) << row.name << " " << number;
        EXPECT_LT(position.remainder, position.whole) << row.name << " " << number;
      }
}

TEST(GridPosition, AScaleThatIsNoPowerOfTwoDividesExactly) {
  const auto& format = spec::format_of(spec::ElementType::E2M1);
  const auto position = reference::locate_element(format, {1, 0}, {3, 0});
  EXPECT_EQ(located(position), Rational(1, 3));
  EXPECT_EQ(reference::encode_element(format, value_of(1.0), {3, 0}, {}, {}), 0x1);
  EXPECT_EQ(reference::encode_element(format, value_of(15.0), {6, 0}, {}, {}), 0x4)
      << "15 / 6 is the tie 2.5";
}

TEST(GridPosition, TiesAndExactPlacesAreSeenAsSuch) {
  const auto at = [](double number) {
    return reference::locate_element(spec::format_of(spec::ElementType::E2M1), value_of(number).magnitude,
                                     {1, 0});
  };
  EXPECT_TRUE(at(2.5).is_tie());
  EXPECT_FALSE(at(2.5).is_exact());
  EXPECT_TRUE(at(3.0).is_exact());
  EXPECT_FALSE(at(3.0).is_tie());
  EXPECT_FALSE(at(2.25).is_tie());
  EXPECT_EQ(at(2.5).quantum_exponent, 0);
  EXPECT_EQ(at(5.0).quantum_exponent, 1);
  EXPECT_EQ(at(0.1).quantum_exponent, -1);
  EXPECT_EQ(at(100.0).quantum_exponent, 5) << "exponents have no upper end";
}

TEST(GridPosition, Int8HasOneQuantumForEveryNumber) {
  for (const double number : {0.001, 1.5, 1.999, 3.01, 1e10})
    EXPECT_EQ(reference::locate_element(spec::format_of(spec::ElementType::INT8), value_of(number).magnitude,
                                        {1, 0})
                  .quantum_exponent,
              -6);
}

TEST(DecodeFloat, BitsBeyondTheWidthAreRefused) {
  for (const auto& format : spec::float_formats)
    if (format.bits < 64) {
      EXPECT_THROW(reference::decode_float(format, std::uint64_t{1} << format.bits), std::invalid_argument);
    }
}

}  // namespace
}  // namespace mxemu::golden
