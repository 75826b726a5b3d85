// Largest magnitudes: the scale of a block whose one number is not zero, for every rule and format, against
// the reference's staircase of scale codes.
//
// All 2^31 patterns for all 36 pairs take minutes: that is MXEMU_EXHAUSTIVE=1. Otherwise every pair has the
// neighbourhood of each of its steps and 300 maxima of each binade, in every tier and through every operation
// that finds scales; and each vector tier has whole binades: the subnormals, the first and the last, and
// those around 1. (That the rows of spec/ are right for all 2^31 is amax_test's.)
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "comparison.hpp"
#include "conformance/describe.hpp"
#include "golden_staircase.hpp"
#include "maximum_blocks.hpp"
#include "random_request.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

using conformance::Staircase;
using Bytes = std::vector<std::uint8_t>;

/// The codes of blocks that MaximumBlocks made are zero but for one; any packing will do for the scales.
Bytes scales_of_quantize(const spec::Request& request, std::span<const std::byte> source, fast::Isa isa) {
  const fast::BlockGrid grid = {.length = source.size() / 4};
  Bytes scales(grid.block_count()), codes(grid.element_count());
  fast::quantize_tensor(request, grid, {spec::FloatType::Float32, source}, codes, scales,
                        spec::ElementPacking::Bytes, {}, {.isa = isa, .threads = 1});
  return scales;
}

Bytes scales_alone(const spec::Request& request, std::span<const std::byte> source, fast::Isa isa) {
  const fast::BlockGrid grid = {.length = source.size() / 4};
  Bytes scales(grid.block_count());
  fast::shared_scales(request, grid, {spec::FloatType::Float32, source}, scales, {.isa = isa, .threads = 1});
  return scales;
}

/// The upper halves of the float32, as bfloat16.
std::vector<std::byte> halved(std::span<const std::byte> source) {
  std::vector<std::byte> halves;
  for (std::size_t i = 0; i < source.size(); i += 4)
    halves.insert(halves.end(), source.begin() + static_cast<std::ptrdiff_t>(i + 2),
                  source.begin() + static_cast<std::ptrdiff_t>(i + 4));
  return halves;
}

Bytes bfloat16_scales(const spec::Request& request, std::span<const std::byte> source, fast::Isa isa) {
  const std::vector<std::byte> halves = halved(source);
  const fast::BlockGrid grid = {.length = halves.size() / 2};
  Bytes scales(grid.block_count()), codes(grid.element_count());
  fast::quantize_tensor(request, grid, {spec::FloatType::BFloat16, halves}, codes, scales,
                        spec::ElementPacking::Bytes, {}, {.isa = isa, .threads = 1});
  return scales;
}

class AmaxSweep : public EveryTier {
 protected:
  Context context_of(const spec::Request& request, const std::vector<std::uint32_t>& maxima) const {
    return {
        [&request, isa = GetParam()] { return describe(request) + "\n  " + describe(Settings{.isa = isa}); },
        [&maxima](std::size_t b) { return "amax " + conformance::hex(maxima[b], 8); }};
  }
};

TEST_P(AmaxSweep, OfEveryStepOfEveryRuleAndFormat) {
  for (const spec::Request& request : common_requests()) {
    const Staircase golden = scale_staircase(request);
    const std::vector<std::uint32_t> maxima = telling_maxima(golden);
    MaximumBlocks blocks(maxima.size());
    blocks.fill(static_cast<std::size_t>(request.scale_rule) * 5, [&](std::size_t b) { return maxima[b]; });
    Bytes expected, expected_halves;
    for (const std::uint32_t amax : maxima) {
      expected.push_back(golden.code_of(amax));
      const std::uint32_t half = amax & 0xffff0000;
      expected_halves.push_back(half == 0 ? std::uint8_t{0} : golden.code_of(half));
    }
    const auto source = blocks.bytes(maxima.size());
    const Context context = context_of(request, maxima);
    EXPECT_TRUE(same_bytes("scales", expected, scales_of_quantize(request, source, GetParam()), context));
    EXPECT_TRUE(same_bytes("scales alone", expected, scales_alone(request, source, GetParam()), context));
    EXPECT_TRUE(
        same_bytes("scales of bf16", expected_halves, bfloat16_scales(request, source, GetParam()), context));
  }
}

/// A binade of maxima, 2^23 of them (one fewer among the subnormals, where zero is none).
Staircase whole_binade(const Staircase& golden, std::uint32_t field) {
  const std::uint32_t first = field << 23;
  return clip(golden, std::max(first, golden.first_bits()), first + 0x7fffff);
}

conformance::Sweep sweep(const Staircase& golden, const spec::Request& request, fast::Isa isa) {
  return conformance::verify(golden, [&](std::uint32_t first, std::span<std::uint8_t> scales) {
    // As many blocks as stay in the first-level cache.
    constexpr std::size_t at_once = 256;
    static thread_local MaximumBlocks blocks(at_once);
    static thread_local Bytes codes(32 * at_once);
    for (std::size_t done = 0; done < scales.size(); done += at_once) {
      const std::size_t count = std::min(at_once, scales.size() - done);
      blocks.fill(first / conformance::sweep_batch % 32,
                  [&](std::size_t b) { return first + static_cast<std::uint32_t>(done + b); });
      fast::quantize_tensor(request, {.length = 32 * count}, {spec::FloatType::Float32, blocks.bytes(count)},
                            std::span(codes).first(32 * count), scales.subspan(done, count),
                            spec::ElementPacking::Bytes, {}, {.isa = isa, .threads = 1});
    }
  });
}

TEST_P(AmaxSweep, OfWholeBinadesOfEveryRuleAndFormat) {
  if (GetParam() == fast::Isa::Portable && !exhaustive())
    GTEST_SKIP() << "the portable tier takes whole binades with MXEMU_EXHAUSTIVE=1";
  std::vector<std::uint32_t> fields = {0, 1, 127, 254};
  if (exhaustive()) {
    fields.resize(255);
    std::iota(fields.begin(), fields.end(), 0u);
  }
  for (const spec::Request& request : common_requests()) {
    const Staircase golden = scale_staircase(request);
    for (const std::uint32_t field : fields) {
      const conformance::Sweep found = sweep(whole_binade(golden, field), request, GetParam());
      EXPECT_TRUE(found.passed()) << describe(request) << " tier=" << spec::name_of(GetParam())
                                  << ": scales, " << conformance::describe(found);
    }
  }
}

MXEMU_ON_EVERY_TIER(AmaxSweep);

}  // namespace
}  // namespace mxemu::fast_tests
