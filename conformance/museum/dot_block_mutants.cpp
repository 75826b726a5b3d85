// Bugs of sums of blocks, and of loops.
#include <algorithm>

#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/museum/dot_mutants.hpp"
#include "reference/float_rounding.hpp"
#include "reference/sum.hpp"

namespace mxemu::conformance::museum {
namespace {

using reference::Value;

constexpr DotOperand e5m2 = {spec::OperandType::E5M2, true};
constexpr DotOperand e4m3 = {spec::OperandType::E4M3, true};
constexpr DotOperand e2m3 = {spec::OperandType::E2M3, true};
constexpr DotOperand e2m1 = {spec::OperandType::E2M1, true};
constexpr DotOperand bfloat16 = {spec::OperandType::BFloat16, false};

const spec::Accumulator& row(spec::AccumulatorType type) {
  return spec::row_of(type);
}

DotAnswers under(const spec::Accumulator& accumulator, const DotCases& cases) {
  return {dots_under(accumulator, cases), {}};
}

DotAnswers block_exact(const DotCases& cases) {
  return under(row(spec::AccumulatorType::BlockExact), cases);
}

std::uint32_t float32_bits(const Value& value) {
  return static_cast<std::uint32_t>(
      reference::encode_float(spec::format_of(spec::FloatType::Float32), value));
}

Value float32_value(std::uint32_t bits) {
  return reference::decode_float(spec::format_of(spec::FloatType::Float32), bits);
}

Value scale_value(std::uint8_t code) {
  if (code == 0xff) return {.kind = reference::ValueClass::Nan};
  return {.magnitude = {1, code - 127}};
}

/// Case `index` without its scales, and without c.
DotCases bare(const DotCases& cases, std::size_t index) {
  DotCases part = part_of(cases, index, 1);
  std::fill(part.a.scales.begin(), part.a.scales.end(), scale_one);
  std::fill(part.b.scales.begin(), part.b.scales.end(), scale_one);
  part.c = {0};
  return part;
}

/// Blocks one by one: what `of_block` makes of the exact sum of products and of both scales, added in
/// float32.
template <class OfBlock>
DotAnswers by_blocks(const DotCases& cases, const OfBlock& of_block) {
  DotAnswers answers;
  const auto k = static_cast<std::size_t>(cases.block_size);
  for (std::size_t i = 0; i < cases.count(); ++i) {
    const DotLine a = line_of(cases, cases.a, cases.a_operand, i);
    const DotLine b = line_of(cases, cases.b, cases.b_operand, i);
    const auto products = dot_terms(bare(cases, i), 0);
    Value sum = float32_value(cases.c[i]);
    for (std::size_t block = 0; block < cases.blocks(); ++block) {
      reference::ExactSum exact;
      for (std::size_t e = block * k; e < std::min(cases.elements, (block + 1) * k); ++e)
        exact.add(products[e]);
      const Value of = of_block(reference::without_zero_sign(exact.value()), scale_value(a.scales[block]),
                                scale_value(b.scales[block]));
      sum = reference::round_to_float32(reference::sum(sum, of));
    }
    answers.results.push_back(float32_bits(sum));
  }
  return answers;
}

/// The sum of E5M2 products in units of 2^-32 has 70 bits; the upper ones are lost.
DotAnswers int64_sum(const DotCases& cases) {
  return by_blocks(cases, [](const Value& exact, const Value& x, const Value& y) {
    Value wrapped = exact;
    if (exact.is_finite() && !exact.is_zero()) {
      const reference::Integer units =
          reference::in_units(exact.magnitude, std::min(-32, exact.magnitude.exponent));
      const reference::Integer modulus = reference::Integer(1) << 64;
      reference::Integer rest = units % modulus;
      if (rest >= modulus / 2) {
        rest = modulus - rest;
        wrapped.negative = !wrapped.negative;
      }
      wrapped.magnitude = {rest, std::min(-32, exact.magnitude.exponent)};
    }
    return reference::round_to_float32(reference::product(wrapped, reference::product(x, y)));
  });
}

DotAnswers scales_in_float32(const DotCases& cases) {
  return by_blocks(cases, [](const Value& exact, const Value& x, const Value& y) {
    const Value scale = reference::round_to_float32(reference::product(x, y));
    return reference::round_to_float32(reference::product(exact, scale));
  });
}

DotAnswers scales_after_rounding(const DotCases& cases) {
  return by_blocks(cases, [](const Value& exact, const Value& x, const Value& y) {
    // The block leaves as bfloat16, as units with narrow outputs have it, and is scaled then.
    const auto& narrow = spec::format_of(spec::FloatType::BFloat16);
    return reference::round_to_float32(
        reference::product(reference::round_to_float(narrow, exact), reference::product(x, y)));
  });
}

DotAnswers forgets_scale(const DotCases& cases) {
  DotCases changed = cases;
  std::fill(changed.b.scales.begin(), changed.b.scales.end(), scale_one);
  return block_exact(changed);
}

DotAnswers first_scale_for_all(const DotCases& cases) {
  DotCases changed = cases;
  for (std::size_t i = 0; i < cases.a.scales.size(); ++i)
    changed.a.scales[i] = cases.a.scales[i - i % cases.blocks()];
  return block_exact(changed);
}

DotAnswers nan_scale_is_a_power(const DotCases& cases) {
  DotCases changed = cases;
  for (std::uint8_t& scale : changed.b.scales) scale = std::min<std::uint8_t>(scale, 0xfe);
  return block_exact(changed);
}

DotAnswers lowest_scale_is_zero(const DotCases& cases) {
  return by_blocks(cases, [](const Value& exact, const Value& x, const Value& y) {
    const auto flushed = [](const Value& scale) {
      return scale.is_finite() && scale.magnitude == reference::power_of_two(-127) ? Value{} : scale;
    };
    return reference::round_to_float32(reference::product(exact, reference::product(flushed(x), flushed(y))));
  });
}

DotAnswers zero_skips_nan(const DotCases& cases) {
  return by_blocks(cases, [](const Value& exact, const Value& x, const Value& y) {
    return exact.is_zero() ? Value{}
                           : reference::round_to_float32(reference::product(exact, reference::product(x, y)));
  });
}

DotAnswers dropped_c(const DotCases& cases) {
  DotCases changed = cases;
  std::fill(changed.c.begin(), changed.c.end(), 0);
  return block_exact(changed);
}

DotAnswers sequential_float32(const DotCases& cases) {
  return under(row(spec::AccumulatorType::Float32Sequential), cases);
}

DotAnswers contracted_loop(const DotCases& cases) {
  return under(row(spec::AccumulatorType::Float32Fma), cases);
}

/// The short last block takes its missing elements from the case behind it.
DotAnswers tail_reads_on(const DotCases& cases) {
  DotAnswers answers;
  const auto k = static_cast<std::size_t>(cases.block_size);
  for (std::size_t i = 0; i < cases.count(); ++i) {
    const std::size_t next = (i + 1) % cases.count();
    DotLine a = line_of(cases, cases.a, cases.a_operand, i);
    DotLine b = line_of(cases, cases.b, cases.b_operand, i);
    const DotLine a_next = line_of(cases, cases.a, cases.a_operand, next);
    const DotLine b_next = line_of(cases, cases.b, cases.b_operand, next);
    for (std::size_t e = 0; a.codes.size() % k != 0; ++e) {
      a.codes.push_back(a_next.codes[e % cases.elements]);
      b.codes.push_back(b_next.codes[e % cases.elements]);
    }
    DotCases longer = empty_dots(cases.pair(), a.codes.size());
    append(longer, a, b, cases.c[i]);
    answers.results.push_back(block_exact(longer).results[0]);
  }
  return answers;
}

DotAnswers tail_dropped(const DotCases& cases) {
  DotAnswers answers;
  const auto k = static_cast<std::size_t>(cases.block_size);
  for (std::size_t i = 0; i < cases.count(); ++i) {
    DotCases part = part_of(cases, i, 1);
    const auto bytes = static_cast<std::size_t>(spec::code_bytes(cases.a_operand.type));
    for (std::size_t e = cases.elements / k * k; e < cases.elements; ++e)
      std::fill_n(part.a.codes.begin() + static_cast<std::ptrdiff_t>(e * bytes), bytes, std::byte{0});
    answers.results.push_back(block_exact(part).results[0]);
  }
  return answers;
}

DotAnswers minus_zero_kept(const DotCases& cases) {
  DotAnswers answers = block_exact(cases);
  for (std::size_t i = 0; i < cases.count(); ++i)
    if (answers.results[i] == 0 && cases.c[i] == 0x80000000) answers.results[i] = 0x80000000;
  return answers;
}

DotAnswers flushed_result(const DotCases& cases) {
  DotAnswers answers = block_exact(cases);
  for (std::uint32_t& result : answers.results)
    if ((result & 0x7f800000) == 0) result &= 0x80000000;
  return answers;
}

DotAnswers saturated_result(const DotCases& cases) {
  DotAnswers answers = block_exact(cases);
  for (std::uint32_t& result : answers.results)
    if ((result & 0x7fffffff) == 0x7f800000) --result;
  return answers;
}

constexpr DotMutant mutants[] = {
    {"dot-int64-sum", "the sum of E5M2 products in 64 bits: it needs 70", no_public_report, "block_exact",
     e5m2, e5m2, int64_sum},
    {"dot-scales-in-float32", "X_A X_B multiplied in float32 before the sum: overflows and vanishes",
     "stillwater-sc/universal 297b88d, dot of mxblock_impl.hpp: X_A X_B is a float", "block_exact", e4m3,
     e4m3, scales_in_float32},
    {"dot-scaled-after-rounding", "a block's sum is rounded to a narrow type and scaled then",
     no_public_report, "block_exact", e4m3, e2m1, scales_after_rounding},
    {"dot-scale-forgotten", "the scales of b are not applied", no_public_report, "block_exact", e4m3, e2m1,
     forgets_scale},
    {"dot-first-scale-for-all", "the scale of the first block stands for all", no_public_report,
     "block_exact", e2m1, e2m1, first_scale_for_all},
    {"dot-nan-scale-is-a-power", "scale 0xff taken as a large power of two",
     "gpt-oss, transformers, ModelOpt: byte 0xff dequantised as exponent "
     "128",
     "block_exact", e2m3, e2m3, nan_scale_is_a_power},
    {"dot-lowest-scale-is-zero", "scale 0x00 flushed to zero",
     "TransformerEngine#3262: byte 0x00 dequantised as 0, whole blocks lost", "block_exact", e4m3, e4m3,
     lowest_scale_is_zero},
    {"dot-zero-skips-nan", "blocks of zeros are skipped, their NaN scale too", no_public_report,
     "block_exact", e2m1, e4m3, zero_skips_nan},
    {"dot-c-dropped", "the accumulator starts from 0", no_public_report, "block_exact", e4m3, e4m3,
     dropped_c},
    {"dot-float32-sum", "a float32 loop where blocks are claimed to be exact",
     "microxcaling#6, #11: asked whether a float32 simulation equals the unit", "block_exact", e4m3, e4m3,
     sequential_float32},
    {"dot-contracted-loop", "a compiler fuses the multiply-add of a loop that is claimed to round twice",
     no_public_report, "float32_sequential", bfloat16, bfloat16, contracted_loop},
    {"dot-tail-reads-on", "a short last block reads its neighbour's elements",
     "vllm#47323, triton#10772: a scale read behind the end, 0xff as it happened", "block_exact", e4m3, e4m3,
     tail_reads_on},
    {"dot-tail-dropped", "a short last block is left out", no_public_report, "block_exact", e2m1, e2m1,
     tail_dropped},
    {"dot-minus-zero-kept", "a sum of zero keeps the sign of c", no_public_report, "block_exact", e4m3, e4m3,
     minus_zero_kept},
    {"dot-result-flushed", "subnormal results become zero", "by design in CDNA2: microsoft/MMA-Sim c785138",
     "block_exact", e4m3, e4m3, flushed_result},
    {"dot-result-saturated", "results beyond the largest number saturate", no_public_report, "block_exact",
     e5m2, e5m2, saturated_result},
};

}  // namespace

std::span<const DotMutant> dot_block_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
