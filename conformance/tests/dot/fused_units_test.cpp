// Every fused unit of the field, on random finite operands, against the second model in doubles.
#include <gtest/gtest.h>

#include <cmath>

#include "../golden/rational.hpp"
#include "../golden/seed.hpp"
#include "double_model.hpp"
#include "fixed_point.hpp"
#include "operands.hpp"

namespace mxemu::dot_test {
namespace {

using spec::FloatType, spec::OperandType;

double value_of(OperandType type, std::uint32_t code) {
  if (spec::is_element(type))
    return std::ldexp(static_cast<double>(fixed_element(type, static_cast<std::uint8_t>(code)).units), -16);
  return golden::hardware_value(spec::float_format_of(type).type, code);
}

/// Finite codes; exponents within a window whose width varies, zeros and subnormals now and then.
std::uint32_t drawn_code(std::mt19937_64& random, OperandType type, int spread) {
  if (spec::is_element(type)) return drawn_codes(random, type, 1, false)[0];
  const spec::FloatFormat& format = spec::float_format_of(type);
  const std::uint64_t rest =
      random() & (format.sign_mask() | ((std::uint64_t{1} << format.mantissa_bits) - 1));
  if (random() % 24 == 0) return static_cast<std::uint32_t>(random() % 2 ? rest : rest & format.sign_mask());
  const int exponent = std::clamp(static_cast<int>(random() % static_cast<unsigned>(2 * spread + 1)) - spread,
                                  format.emin, format.emax);
  const auto field = static_cast<std::uint64_t>(exponent + format.bias) << format.mantissa_bits;
  std::uint64_t code = rest | field;
  if (type == OperandType::Float32) code &= ~std::uint64_t{0x1fff};  // tf32
  return static_cast<std::uint32_t>(code);
}

Vector drawn_line(std::mt19937_64& random, OperandType type, std::size_t length, int spread, bool scaled) {
  Vector line{type};
  for (std::size_t i = 0; i < length; ++i) line.push(drawn_code(random, type, spread));
  if (!scaled) return line;
  const unsigned width = random() % 2 ? 8 : 40;
  for (std::size_t block = 0; block < length / 32; ++block)
    line.scales.push_back(static_cast<std::uint8_t>(127 - width / 2 + random() % width));
  return line;
}

DoubleTerms numbers_of(const Vector& a, const Vector& b) {
  DoubleTerms terms;
  const auto emin = [](OperandType type) {
    return spec::is_element(type) ? spec::element_format_of(type).emin : spec::float_format_of(type).emin;
  };
  terms.emin_a = emin(a.type);
  terms.emin_b = emin(b.type);
  for (std::size_t i = 0; i < a.size(); ++i) {
    terms.a.push_back(value_of(a.type, a.codes().code_at(i)));
    terms.b.push_back(value_of(b.type, b.codes().code_at(i)));
    terms.scale.push_back(a.scales.empty() ? 0 : a.scales[i / 32] + b.scales[i / 32] - 254);
  }
  return terms;
}

/// One drawn dot product of the unit under both models.
void check_once(std::mt19937_64& random, const UnitFacts& facts, OperandType type_a, OperandType type_b,
                FloatType output) {
  const auto& row = spec::row_of(facts.type);
  const bool scaled = row.scale != spec::ScaleEntry::Unscaled;
  const std::size_t length =
      (1 + random() % 3) * static_cast<std::size_t>(std::max(facts.products, scaled ? 32 : 1));
  const int spread = static_cast<int>(random() % 20);
  const Vector a = drawn_line(random, type_a, length, spread, scaled);
  const Vector b = drawn_line(random, type_b, length, spread, scaled);
  const bool half = output == FloatType::Float16;
  const auto type_c = half ? OperandType::Float16 : OperandType::Float32;
  std::uint32_t c = drawn_code(random, type_c, 2 * spread);
  if (row.float32_mantissa_bits == 13 && !half) c &= ~0x3ffu;
  ASSERT_EQ(dot_of(request_of(facts.type, a, b, output), a, b, c),
            double_model(facts, numbers_of(a, b), value_of(type_c, c), half))
      << row.name << " " << spec::name_of(type_a) << " x " << spec::name_of(type_b);
}

TEST(FusedUnits, EqualASecondModelInDoubles) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const UnitFacts& facts : units_by_hand) {
    const auto& row = spec::row_of(facts.type);
    for (int a = 0; a < spec::operand_type_count; ++a)
      for (int b = 0; b < spec::operand_type_count; ++b)
        for (const FloatType output : {FloatType::Float32, FloatType::Float16}) {
          const auto type_a = static_cast<OperandType>(a), type_b = static_cast<OperandType>(b);
          if (spec::refusal({.accumulator = row.type, .a = type_a, .b = type_b, .output = output})) continue;
          for (int i = 0; i < (row.mixes ? 30 : 300); ++i) {
            check_once(random, facts, type_a, type_b, output);
            if (testing::Test::HasFatalFailure()) return;
          }
        }
  }
}

TEST(FusedUnits, AreAllInTheSecondModelExceptTheConstructedOne) {
  std::size_t fused = 0;
  for (const auto& row : spec::accumulators) fused += row.kind == spec::AccumulatorKind::Fused;
  EXPECT_EQ(units_by_hand.size() + 1, fused);  // hopper_fp8_block_scaled
}

TEST(FusedUnits, AHopperKernelAddsItsScaledBlocksByFma) {
  std::mt19937_64 random = golden::seeded_generator();
  for (int round = 0; round < 200; ++round) {
    const Vector a = drawn_line(random, OperandType::E4M3, 96, 0, true);
    const Vector b = drawn_line(random, OperandType::E5M2, 96, 0, true);
    float c = std::ldexp(static_cast<float>(random() % 1000), -5);
    const std::uint32_t start = bits_of(c);
    for (std::size_t block = 0; block < 3; ++block) {
      Vector block_a{a.type}, block_b{b.type};
      for (std::size_t i = 32 * block; i < 32 * block + 32; ++i) {
        block_a.push(a.codes().code_at(i));
        block_b.push(b.codes().code_at(i));
      }
      const float dot = std::bit_cast<float>(dot_of(spec::AccumulatorType::HopperFp8, block_a, block_b));
      c = std::fma(dot, std::ldexp(1.0f, a.scales[block] + b.scales[block] - 254), c);
    }
    ASSERT_EQ(dot_of(spec::AccumulatorType::HopperFp8BlockScaled, a, b, start), bits_of(c));
  }
}

/// fl(a b + 0) and flushed sums in the machine's float32.
float flush(float x, bool flushes) {
  return flushes && std::fabs(x) < 0x1p-126f ? std::copysign(0.0f, x) : x;
}

TEST(FlushedTrees, EqualTheMachinesFloats) {
  std::mt19937_64 random = golden::seeded_generator();
  struct Tree {
    spec::AccumulatorType type;
    OperandType operand;
    std::size_t products;
    bool flushes;
  };
  using enum spec::AccumulatorType;
  const Tree trees[] = {{Cdna1, OperandType::Float16, 4, false},
                        {Cdna1Bf16, OperandType::BFloat16, 2, false},
                        {Cdna2, OperandType::Float16, 4, true},
                        {Cdna2, OperandType::BFloat16, 4, true},
                        {Cdna2Bf16, OperandType::BFloat16, 2, true}};
  for (const Tree& tree : trees)
    for (int round = 0; round < 400; ++round) {
      const int spread = round % 4 == 0 ? 90 : 12;  // bfloat16: products and sums that are subnormal
      const Vector a = drawn_line(random, tree.operand, 16, spread, false);
      const Vector b = drawn_line(random, tree.operand, 16, spread, false);
      const std::uint32_t start = drawn_code(random, OperandType::Float32, spread);
      const float emin = tree.operand == OperandType::Float16 ? 0x1p-14f : 0x1p-126f;
      const auto operand = [&](const Vector& v, std::size_t i) {
        const auto x = static_cast<float>(value_of(v.type, v.codes().code_at(i)));
        return tree.flushes && std::fabs(x) < emin ? 0.0f : x;
      };
      const auto leaf = [&](std::size_t i) {
        return flush(std::fma(operand(a, i), operand(b, i), 0.0f), tree.flushes);
      };
      float c = std::bit_cast<float>(start);
      if (tree.flushes && std::fabs(c) < 0x1p-126f) c = 0;
      for (std::size_t i = 0; i < 16; i += tree.products) {
        float sum = flush(leaf(i) + leaf(i + 1), tree.flushes);
        if (tree.products == 4)
          sum = flush(sum + flush(leaf(i + 2) + leaf(i + 3), tree.flushes), tree.flushes);
        c = flush(c + sum, tree.flushes);
      }
      if (std::isnan(c)) continue;  // an overflow on either side
      ASSERT_EQ(dot_of(tree.type, a, b, start), bits_of(c)) << spec::name_of(tree.type);
    }
}

}  // namespace
}  // namespace mxemu::dot_test
