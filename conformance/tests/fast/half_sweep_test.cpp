// Every bfloat16 and every float16 under every scale that blocks of them can have, bytes and bit streams.
//
// The sentinel goes through all binades of the source type, its subnormals included; beside it stand all
// numbers of no larger binade, of both signs.
#include <gtest/gtest.h>

#include <algorithm>

#include "comparison.hpp"
#include "conformance/describe.hpp"
#include "golden_staircase.hpp"
#include "reference/value.hpp"
#include "sweep_blocks.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr std::uint16_t sign_bit = 0x8000;

/// The float32 of the same value: exact for bfloat16 and float16.
std::uint32_t widened(const spec::FloatFormat& format, std::uint16_t bits) {
  const reference::Value value = reference::decode_float(format, bits);
  return static_cast<std::uint32_t>(
      reference::encode_float(spec::format_of(spec::FloatType::Float32), value));
}

/// All finite numbers of a source type, by magnitude, each positive and negative, and their float32.
struct AllNumbers {
  explicit AllNumbers(const spec::FloatFormat& format) {
    for (std::uint32_t magnitude = 0; magnitude < format.infinity_bits(); ++magnitude)
      for (const std::uint32_t sign : {0u, std::uint32_t{sign_bit}}) {
        bits.push_back(static_cast<std::uint16_t>(sign | magnitude));
        wide.push_back(widened(format, bits.back()));
      }
  }
  std::vector<std::uint16_t> bits;
  std::vector<std::uint32_t> wide;
};

/// The code of every number under one scale, in the order of AllNumbers.
std::vector<std::uint8_t> golden_codes(spec::ElementType element, int scale_exponent,
                                       const AllNumbers& numbers) {
  const conformance::Staircase stairs[] = {element_staircase(element, scale_exponent, false),
                                           element_staircase(element, scale_exponent, true)};
  std::size_t step[2] = {0, 0};
  std::vector<std::uint8_t> codes;
  codes.reserve(numbers.wide.size());
  for (const std::uint32_t bits : numbers.wide) {
    const std::size_t sign = bits >> 31;
    const auto& steps = stairs[sign].steps;
    while (step[sign] + 1 < steps.size() && steps[step[sign] + 1].first_bits <= bits) ++step[sign];
    codes.push_back(steps[step[sign]].code);
  }
  return codes;
}

struct HalfCase {
  const spec::FloatFormat& source;
  spec::Request request;
  int exponent;  ///< of the sentinel
};

/// Bits of 2^exponent, which may be subnormal.
std::uint16_t power_bits(const spec::FloatFormat& format, int exponent) {
  const int above = exponent - format.emin;
  return static_cast<std::uint16_t>(above >= 0 ? (above + 1) << format.mantissa_bits
                                               : 1 << (format.mantissa_bits + above));
}

void expect_blocks(const HalfCase& given, const AllNumbers& numbers, std::span<const std::uint8_t> golden,
                   int scale_exponent, fast::Isa isa, spec::ElementPacking packing) {
  const std::uint16_t sentinel = power_bits(given.source, given.exponent);
  // All numbers below twice the sentinel; in the subnormal binades that is a power of two as well.
  const std::uint16_t end = given.exponent == given.source.emax
                                ? static_cast<std::uint16_t>(given.source.infinity_bits())
                                : power_bits(given.source, given.exponent + 1);
  const std::size_t tested = std::size_t{2} * end;
  SweepBlocks<std::uint16_t> blocks(given.source.type, tested);
  const auto place = static_cast<std::size_t>(given.exponent + 256) % block_size;
  blocks.fill(tested, sentinel, place, [&](std::size_t i) { return numbers.bits[i]; });
  blocks.quantize(given.request, isa, packing);
  std::vector<std::uint8_t> codes(tested);
  blocks.take_codes(codes);
  const Context context = {[&] {
                             return describe(given.request) + "\n  " +
                                    describe(Settings{.isa = isa, .packing = packing}) +
                                    " source=" + spec::name_of(given.source.type) + " sentinel 2^" +
                                    std::to_string(given.exponent) + " at " + std::to_string(place);
                           },
                           [&](std::size_t i) { return conformance::hex(numbers.bits[i], 4); }};
  EXPECT_TRUE(same_bytes("codes", golden.first(tested), codes, context));
  const std::vector<std::uint8_t> scales(blocks.scales().size(),
                                         static_cast<std::uint8_t>(scale_exponent + 127));
  EXPECT_TRUE(same_bytes("scales", scales, blocks.scales(), context));
}

void sweep(const spec::FloatFormat& source, const spec::Request& request, fast::Isa isa) {
  const AllNumbers numbers(source);
  const spec::ElementFormat& element = request.element_format();
  const int lowest = source.emin - source.mantissa_bits;
  const auto binades = static_cast<std::uint64_t>(source.emax - lowest + 1);
  conformance::on_all_cores(binades, [&](std::uint64_t index) {
    const int exponent = lowest + static_cast<int>(index);
    const int scale_exponent = std::max(exponent - element.emax, request.scale_format().emin);
    const auto golden = golden_codes(element.type, scale_exponent, numbers);
    for (const auto packing : {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream})
      expect_blocks({source, request, exponent}, numbers, golden, scale_exponent, isa, packing);
  });
}

class HalfSweep : public EveryTier {};

TEST_P(HalfSweep, OfEveryBfloat16UnderEveryScale) {
  for (const auto& format : spec::block_formats)
    sweep(spec::format_of(spec::FloatType::BFloat16), spec::make_request(format.type), GetParam());
}

TEST_P(HalfSweep, OfEveryFloat16UnderEveryScale) {
  for (const auto& format : spec::block_formats)
    sweep(spec::format_of(spec::FloatType::Float16), spec::make_request(format.type), GetParam());
}

MXEMU_ON_EVERY_TIER(HalfSweep);

}  // namespace
}  // namespace mxemu::fast_tests
