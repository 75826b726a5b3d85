// Every float32 by itself through fast::encode_elements, against the reference's staircase at the scale 1.
//
// Every tier takes all of the binades in which the code changes, from below half the smallest number to
// beyond the largest, and the AVX-512 tier all 2^32. The others take all 2^32 through their block kernels, in
// block_sweep_test.cpp, and here as well with MXEMU_EXHAUSTIVE=1.
#include <gtest/gtest.h>

#include "fast/mxemu.hpp"
#include "golden_staircase.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

using conformance::Staircase;
using conformance::Sweep;

constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);

std::uint32_t binade(int exponent) {
  return static_cast<std::uint32_t>(exponent + float32.bias) << float32.mantissa_bits;
}

/// Encodes consecutive float32 in the calling thread.
auto encoder(const spec::Request& request, fast::Isa isa) {
  return [request, isa](std::uint32_t first_bits, std::span<std::uint8_t> codes) {
    std::uint32_t numbers[conformance::sweep_batch];
    for (std::size_t i = 0; i < codes.size(); ++i) numbers[i] = first_bits + static_cast<std::uint32_t>(i);
    fast::encode_elements(request,
                          {spec::FloatType::Float32, std::as_bytes(std::span(numbers, codes.size()))}, codes,
                          0, {}, {.isa = isa, .threads = 1});
  };
}

std::string heading(const spec::Request& request, fast::Isa isa) {
  return std::string(request.block_format().name) + " scale 1 tier=" + spec::name_of(isa) + ": ";
}

class ElementSweep : public EveryTier {};

TEST_P(ElementSweep, OfEveryFloat32OrAllWhoseCodeMayChange) {
  const bool whole = exhaustive() || GetParam() == fast::Isa::Avx512;
  for (const auto& format : spec::block_formats) {
    const spec::Request request = spec::make_request(format.type);
    const spec::ElementFormat& element = request.element_format();
    Sweep sweep;
    for (const bool negative : {false, true}) {
      Staircase golden = element_staircase(element.type, 0, negative);
      const std::uint32_t sign = golden.first_bits();
      if (!whole)
        golden = clip(golden, sign | binade(element.emin - element.mantissa_bits - 2),
                      (sign | binade(element.emax + 2)) - 1);
      sweep.merge(conformance::verify(golden, encoder(request, GetParam())), 10);
      const conformance::ElementConversion conversion = {.element = element.type};
      const Staircase rest = conformance::non_finite_staircase(conversion, negative);
      if (whole) sweep.merge(conformance::verify(rest, encoder(request, GetParam())), 10);
    }
    EXPECT_TRUE(sweep.passed()) << heading(request, GetParam()) << conformance::describe(sweep);
    if (whole) {
      EXPECT_EQ(sweep.checked, std::uint64_t{1} << 32);
    }
  }
}

/// Every Inf and NaN, whatever its payload, under the policies that say what becomes of it.
TEST_P(ElementSweep, OfEveryNanPayloadUnderEveryNanPolicy) {
  for (const auto& format : spec::block_formats)
    for (const auto& word : spec::words<spec::NanToFinite>)
      for (const auto& code : spec::words<spec::NanCode>) {
        spec::Request request = spec::make_request(format.type);
        request.policy.nan_to_finite = word.value;
        request.policy.nan_code = code.value;
        if (!request.element_format().has_nan() && code.value != spec::NanCode::AllOnes) continue;
        for (const bool negative : {false, true}) {
          const conformance::ElementConversion conversion = {.element = request.element_format().type,
                                                             .policy = request.policy};
          Staircase golden = conformance::non_finite_staircase(conversion, negative);
          if (word.value != spec::NanToFinite::PositiveMax || code.value != spec::NanCode::AllOnes)
            golden = clip(golden, golden.first_bits(), golden.first_bits() + 0x1ffff);
          const Sweep sweep = conformance::verify(golden, encoder(request, GetParam()));
          EXPECT_TRUE(sweep.passed()) << heading(request, GetParam()) << word.name << ' ' << code.name << ' '
                                      << conformance::describe(sweep);
        }
      }
}

MXEMU_ON_EVERY_TIER(ElementSweep);

}  // namespace
}  // namespace mxemu::fast_tests
