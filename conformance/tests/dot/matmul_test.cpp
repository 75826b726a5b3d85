// Matrix products: layouts, C, factors, roundings, errors, and the explanation of one element.
#include <gtest/gtest.h>

#include <cmath>

#include "../golden/seed.hpp"
#include "operands.hpp"
#include "reference/float_rounding.hpp"
#include "reference/sum.hpp"

namespace mxemu::dot_test {
namespace {

using reference::Operand, reference::Rational, reference::Value;
using spec::AccumulatorType, spec::FloatType, spec::OperandType, spec::RoundingMode;

struct Matrix {
  OperandType type;
  std::vector<std::uint8_t> codes, scales;

  reference::CodeArray array() const { return {type, std::as_bytes(std::span(codes))}; }
};

Matrix drawn_matrix(std::mt19937_64& random, OperandType type, std::size_t elements, std::size_t blocks) {
  Matrix matrix{type, drawn_codes(random, type, elements, false), {}};
  for (std::size_t i = 0; i < blocks; ++i)
    matrix.scales.push_back(static_cast<std::uint8_t>(120 + random() % 14));
  return matrix;
}

TEST(Matmul, EveryElementIsTheDotProductOfItsRowAndItsColumn) {
  std::mt19937_64 random = golden::seeded_generator();
  const std::size_t m = 3, n = 4, k = 45;
  const Matrix a = drawn_matrix(random, OperandType::E4M3, m * k, m * 2);
  const Matrix b = drawn_matrix(random, OperandType::E2M3, k * n, 2 * n);
  const Operand rows = reference::lines_along_rows(a.array(), a.scales, m, k, 32);
  const Operand columns = reference::lines_along_columns(b.array(), b.scales, k, n, 32);
  const spec::DotRequest request = {.a = a.type, .b = b.type};
  const auto result = reference::matmul(request, rows, columns);
  ASSERT_EQ(result.size(), m * n);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      Vector row{a.type}, column{b.type};
      for (std::size_t l = 0; l < k; ++l) {
        row.push(a.codes[i * k + l]);
        column.push(b.codes[l * n + j]);
      }
      row.scales = {a.scales[2 * i], a.scales[2 * i + 1]};
      column.scales = {b.scales[j], b.scales[n + j]};
      EXPECT_EQ(result[i * n + j], dot_of(request, row, column));
    }
}

TEST(Matmul, AddsCAndTakesRationalFactorsUnderTheExactAccumulator) {
  const Vector a = repeated(OperandType::E4M3, 0x38, 3), b = repeated(OperandType::E4M3, 0x38, 3);
  const spec::DotRequest request = request_of(AccumulatorType::Exact, a, b);
  const std::uint32_t c[] = {bits_of(5)};
  // 1/3 * 3 - 2/5 * 5 = -1
  EXPECT_EQ(reference::matmul(request, a.operand(), b.operand(), c, {{false, 1, 3}, {true, 2, 5}})[0],
            bits_of(-1));
  // 1/7 * 3 + 0 * C, C not read
  const std::uint32_t nan[] = {0x7fc00000};
  EXPECT_EQ(reference::matmul(request, a.operand(), b.operand(), nan, {{false, 1, 7}, {false, 0, 1}})[0],
            bits_of(3.0f / 7.0f));
  EXPECT_EQ(reference::matmul(request, a.operand(), b.operand(), c)[0], bits_of(8));
}

TEST(Matmul, RoundsTheExactSumByAnyModeToAnyOutput) {
  // 1 + 2^-9 (E4M3: 1 * 1 + 2^-6 * 2^-3) lies a quarter of the way from 1 to the next bfloat16, 1 + 2^-7.
  const Vector a = vector_of(OperandType::E4M3, {0x38, 0x08}), b = vector_of(OperandType::E4M3, {0x38, 0x20});
  const auto rounded = [&](RoundingMode mode, FloatType output, bool negative) {
    Vector signed_a = a;
    if (negative)
      for (std::byte& code : signed_a.bytes) code ^= std::byte{0x80};
    spec::DotRequest request = request_of(AccumulatorType::Exact, a, b, output);
    request.rounding.mode = mode;
    return dot_of(request, signed_a, b);
  };
  EXPECT_EQ(rounded(RoundingMode::NearestEven, FloatType::BFloat16, false), 0x3f80u);
  EXPECT_EQ(rounded(RoundingMode::Up, FloatType::BFloat16, false), 0x3f81u);
  EXPECT_EQ(rounded(RoundingMode::Up, FloatType::BFloat16, true), 0xbf80u);
  EXPECT_EQ(rounded(RoundingMode::Down, FloatType::BFloat16, true), 0xbf81u);
  EXPECT_EQ(rounded(RoundingMode::TowardZero, FloatType::BFloat16, true), 0xbf80u);
  EXPECT_EQ(rounded(RoundingMode::TowardZero, FloatType::Float16, false), 0x3c02u);
  EXPECT_EQ(rounded(RoundingMode::NearestAway, FloatType::Float32, false), bits_of(1 + 0x1p-9f));
}

TEST(Matmul, DirectedRoundingsOverflowToTheLargestNumber) {
  const Vector a = vector_of(OperandType::E5M2, {0x7b}, {0xfe}),
               minus = vector_of(OperandType::E5M2, {0xfb}, {0xfe});
  const auto rounded = [&](RoundingMode mode, const Vector& x) {
    spec::DotRequest request = request_of(AccumulatorType::Exact, a, a);
    request.rounding.mode = mode;
    return dot_of(request, x, a);
  };
  EXPECT_EQ(rounded(RoundingMode::NearestEven, a), 0x7f800000u);
  EXPECT_EQ(rounded(RoundingMode::TowardZero, a), 0x7f7fffffu);
  EXPECT_EQ(rounded(RoundingMode::Down, a), 0x7f7fffffu);
  EXPECT_EQ(rounded(RoundingMode::Up, a), 0x7f800000u);
  EXPECT_EQ(rounded(RoundingMode::Up, minus), 0xff7fffffu);
  EXPECT_EQ(rounded(RoundingMode::Down, minus), 0xff800000u);
}

TEST(Matmul, StochasticRoundingCountsItsWordsByOutput) {
  // 1 + 2^-9 to bfloat16, a quarter of the way: about a quarter of 400 results go up.
  Matrix a{OperandType::E4M3, {}, {}};
  for (int row = 0; row < 400; ++row) a.codes.insert(a.codes.end(), {0x38, 0x08});
  const Vector b = vector_of(OperandType::E4M3, {0x38, 0x20});
  spec::DotRequest request = {
      AccumulatorType::Exact, a.type, b.type, FloatType::BFloat16, {RoundingMode::Stochastic, 16, 7}};
  const auto result =
      reference::matmul(request, reference::lines_along_rows(a.array(), {}, 400, 2, 32), b.operand());
  const auto up = std::count(result.begin(), result.end(), 0x3f81u);
  EXPECT_EQ(up + std::count(result.begin(), result.end(), 0x3f80u), 400);
  EXPECT_GT(up, 60);
  EXPECT_LT(up, 140);
}

TEST(Matmul, ErrorsSayWhatDoesNotFitWithBothNumbers) {
  const Vector a = repeated(OperandType::E4M3, 0x38, 32, {127}),
               b = repeated(OperandType::E4M3, 0x38, 33, {127, 127});
  const auto message = [](auto call) -> std::string {
    try {
      call();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "no error";
  };
  const auto dot = [&](AccumulatorType type, const Vector& x, const Vector& y) {
    return message([&] { dot_of(type, x, y); });
  };
  EXPECT_EQ(dot(AccumulatorType::BlockExact, a, b), "a dot product of 32 and 33 elements");
  EXPECT_EQ(dot(AccumulatorType::HopperFp8, a, a),
            "operand a has scales, but the accumulator hopper_fp8 takes none");
  EXPECT_EQ(dot(AccumulatorType::BlackwellMxf4, a, a),
            "blackwell_mxf4, E4M3 x E4M3 to f32: the accumulator does not take this type of operand");
  EXPECT_EQ(message([&] { reference::lines_along_rows(a.codes(), a.scales, 2, 32, 32); }),
            "32 bytes of E4M3 codes where 64 are needed");
  EXPECT_EQ(message([&] { reference::lines_along_columns(a.codes(), a.scales, 16, 2, 32); }),
            "1 scales where 2 are needed");
  const std::uint32_t c[] = {0, 0};
  EXPECT_EQ(message([&] { reference::matmul({}, a.operand(), a.operand(), c); }),
            "2 elements of c where 1 x 1 are needed");
  EXPECT_EQ(message([&] {
              reference::matmul({}, a.operand(), a.operand(), {}, {{false, 1, 2}, {}});
            }),
            "the accumulator block_exact takes alpha = 1 and beta = 1 or 0 only");
}

TEST(Explanation, EveryStepLeadsToTheNextAndTheLastToTheResult) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const auto& row : spec::accumulators) {
    if (!row.operands.has(OperandType::E4M3) && !row.operands.has(OperandType::E2M1)) continue;
    const OperandType type = row.operands.has(OperandType::E4M3) ? OperandType::E4M3 : OperandType::E2M1;
    Vector a{type}, b{type};
    for (const std::uint8_t code : drawn_codes(random, type, 128, false)) a.push(code);
    for (const std::uint8_t code : drawn_codes(random, type, 128, false)) b.push(code);
    if (row.scale != spec::ScaleEntry::Unscaled) a.scales = b.scales = {127, 130, 125, 120};
    const spec::DotRequest request = request_of(row.type, a, b);
    const auto explanation = reference::explain_dot(request, a.operand(), 0, b.operand(), 0, bits_of(3));
    EXPECT_EQ(explanation.code, dot_of(request, a, b, bits_of(3))) << row.name;
    ASSERT_FALSE(explanation.steps.empty()) << row.name;
    std::size_t products = 0;
    const auto& float32 = spec::format_of(FloatType::Float32);
    for (const auto& step : explanation.steps) {
      EXPECT_FALSE(step.parts.empty()) << row.name;
      products += step.count;
    }
    EXPECT_EQ(products % 128, 0u) << row.name;
    EXPECT_EQ(reference::encode_float(float32, explanation.steps.back().after), explanation.code) << row.name;
    for (std::size_t i = 1; row.scale != spec::ScaleEntry::AfterRounding && i < explanation.steps.size(); ++i)
      EXPECT_EQ(reference::encode_float(float32, explanation.steps[i].before),
                reference::encode_float(float32, explanation.steps[i - 1].after))
          << row.name;
  }
}

TEST(Explanation, ShowsWhatTheWindowCut) {
  // WindowsOf13And25And35Bits in worked_test.cpp: 1.5 * 2^-12 beside c = 2^13 in a window of 25 bits.
  const Vector a = repeated(OperandType::E4M3, 0x0c, 32), b = repeated(OperandType::E4M3, 0x08, 32);
  const spec::DotRequest request = request_of(AccumulatorType::BlackwellF8f6f4, a, b);
  const auto explanation = reference::explain_dot(request, a.operand(), 0, b.operand(), 0, bits_of(0x1p13f));
  ASSERT_EQ(explanation.steps.size(), 1u);
  const auto& part = explanation.steps[0].parts.at(0);
  EXPECT_EQ(part.emax, 13);
  ASSERT_EQ(part.terms.size(), 32u);
  EXPECT_EQ(part.terms[5].index, 5u);
  EXPECT_EQ(part.terms[5].exponent, -12);
  EXPECT_TRUE(part.terms[5].exact.magnitude == (reference::Exact{3, -13}));
  EXPECT_TRUE(part.terms[5].kept.magnitude == (reference::Exact{1, -12}));
  ASSERT_TRUE(explanation.steps[0].joined.has_value());
  EXPECT_EQ(explanation.steps[0].joined->exponent, 13);
}

}  // namespace
}  // namespace mxemu::dot_test
