// The float32 accumulators against loops in the machine's own float32 (compiled without contraction).
#include <gtest/gtest.h>

#include <cmath>

#include "../golden/seed.hpp"
#include "operands.hpp"

namespace mxemu::dot_test {
namespace {

using spec::AccumulatorType, spec::OperandType;

std::uint32_t canonical(float value) {
  return std::isnan(value) ? 0x7fc00000 : bits_of(value);
}

float sequential(const std::vector<float>& a, const std::vector<float>& b, float c) {
  for (std::size_t i = 0; i < a.size(); ++i) c += a[i] * b[i];
  return c;
}

float fma_chain(const std::vector<float>& a, const std::vector<float>& b, float c) {
  for (std::size_t i = 0; i < a.size(); ++i) c = std::fma(a[i], b[i], c);
  return c;
}

float pairwise(const std::vector<float>& a, const std::vector<float>& b, float c) {
  std::vector<float> sums;
  for (std::size_t i = 0; i < a.size(); ++i) sums.push_back(a[i] * b[i]);
  for (std::size_t width = 1; width < sums.size(); width *= 2)
    for (std::size_t i = 0; i + width < sums.size(); i += 2 * width) sums[i] += sums[i + width];
  return sums.empty() ? c : c + sums[0];
}

/// Exponents within a window, so that roundings, cancellations, overflow and subnormals are all met.
std::vector<float> drawn_floats(std::mt19937_64& random, std::size_t count, int low, int high) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto span = static_cast<unsigned>(high - low + 1);
    const float significand = 1 + std::ldexp(static_cast<float>(random() % (1 << 23)), -23);
    const float magnitude = std::ldexp(significand, low + static_cast<int>(random() % span));
    values.push_back(random() % 40 == 0 ? (random() % 2 ? -0.0f : 0.0f)
                     : random() % 2     ? magnitude
                                        : -magnitude);
  }
  return values;
}

Vector float_vector(const std::vector<float>& values) {
  Vector vector{OperandType::Float32};
  for (const float value : values) vector.push(bits_of(value));
  return vector;
}

void expect_loops_equal(const std::vector<float>& a, const std::vector<float>& b, float c) {
  const Vector va = float_vector(a), vb = float_vector(b);
  const auto dot = [&](AccumulatorType type) { return dot_of(type, va, vb, bits_of(c)); };
  EXPECT_EQ(dot(AccumulatorType::Float32Sequential), canonical(sequential(a, b, c)));
  EXPECT_EQ(dot(AccumulatorType::Float32Fma), canonical(fma_chain(a, b, c)));
  EXPECT_EQ(dot(AccumulatorType::Float32Pairwise), canonical(pairwise(a, b, c)));
}

TEST(Float32Loops, EqualTheMachinesOwnOnRandomVectors) {
  std::mt19937_64 random = golden::seeded_generator();
  const int windows[][2] = {{-2, 2}, {-12, 12}, {-80, -60}, {40, 66}, {-126, 127}};
  for (int round = 0; round < 600 && !testing::Test::HasFailure(); ++round) {
    const auto& window = windows[round % 5];
    const std::size_t count = random() % 70;
    const auto a = drawn_floats(random, count, window[0], window[1]);
    const auto b = drawn_floats(random, count, window[0], window[1]);
    expect_loops_equal(a, b, drawn_floats(random, 1, 2 * window[0] < -126 ? -126 : window[0], window[1])[0]);
  }
}

TEST(Float32Loops, EqualTheMachinesOwnOnInfinitiesNansAndZeros) {
  const float inf = INFINITY;
  const std::vector<float> values[] = {
      {0.0f, -0.0f, 1.0f},  {-0.0f, -0.0f},        {inf, 1.0f},   {-inf, inf},
      {NAN, 1.0f},          {inf, 0.0f},           {1.0f, -1.0f}, {0x1p-149f, 0x1p-149f},
      {0x1p127f, 0x1p127f}, {-0x1p127f, -0x1p127f}};
  for (const auto& a : values)
    for (const float factor : {1.0f, -1.0f, 0.0f, 0x1p-10f, 2.0f})
      for (const float c : {0.0f, -0.0f, 1.0f, -inf})
        expect_loops_equal(a, std::vector<float>(a.size(), factor), c);
}

TEST(Float32Loops, TakeMxBlocksDequantised) {
  // X P of a is 448 * 2^127: beyond float32, so Inf before it is multiplied (MX-5.1-e); exact sums do not see
  // it.
  const Vector a = vector_of(OperandType::E4M3, {0x7e}, {0xfe}),
               b = vector_of(OperandType::E4M3, {0x01}, {0x00});
  EXPECT_EQ(dot_of(AccumulatorType::Float32Sequential, a, b), 0x7f800000u);
  EXPECT_EQ(dot_of(AccumulatorType::Float32Fma, a, b), 0x7f800000u);
  EXPECT_EQ(dot_of(AccumulatorType::BlockExact, a, b), bits_of(448 * 0x1p-9f));
}

TEST(Float32Loops, AnFmaKeepsWhatARoundedProductLoses) {
  // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24; rounded to float32 the last term is a tie that goes to even.
  const float x = 1 + 0x1p-12f;
  const Vector a = float_vector({x}), minus_one = float_vector({x});
  EXPECT_EQ(dot_of(AccumulatorType::Float32Sequential, a, minus_one, bits_of(-(1 + 0x1p-11f))),
            bits_of(0.0f));
  EXPECT_EQ(dot_of(AccumulatorType::Float32Fma, a, minus_one, bits_of(-(1 + 0x1p-11f))), bits_of(0x1p-24f));
}

}  // namespace
}  // namespace mxemu::dot_test
