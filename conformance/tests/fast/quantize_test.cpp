// Random tensors through every operation: formats, source and output types, shapes, axes, requests.
#include <gtest/gtest.h>

#include <deque>

#include "conformance/tests/golden/seed.hpp"
#include "golden_tensor.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

struct Laid {
  Shape shape;
  int axis;
};

std::int64_t extent(Random& random, std::size_t low, std::size_t high) {
  return static_cast<std::int64_t>(low + below(random, high - low + 1));
}

/// One line, lines with tails, whole blocks, the first axis, a middle one, many columns that start at bytes of
/// their own; now and then nothing at all.
Laid random_layout(Random& random) {
  switch (below(random, 7)) {
    case 0: return {{extent(random, 0, 260)}, -1};
    case 1: return {{extent(random, 1, 6), extent(random, 0, 150)}, -1};
    case 2: return {{extent(random, 1, 4), 32 * extent(random, 1, 36)}, 1};
    case 3: return {{extent(random, 0, 100), extent(random, 1, 40)}, 0};
    case 4: return {{extent(random, 1, 3), extent(random, 1, 70), extent(random, 1, 200)}, 1};
    case 5: return {{extent(random, 1, 2), extent(random, 1, 70), 8 * extent(random, 8, 40)}, 1};
    default: return {{extent(random, 1, 2), extent(random, 33, 34), extent(random, 1020, 1030)}, 1};
  }
}

/// What the vector tiers have kernels for.
constexpr spec::FloatType common_types[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                            spec::FloatType::Float16};

/// Goldens are made once and serve every tier.
using Goldens = std::deque<GoldenTensor>;

const Goldens& common_tensors() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    for (int i = 0; i < 600; ++i) {
      const spec::FloatType type = common_types[below(random, std::size(common_types))];
      const Laid laid = random_layout(random);
      made.emplace_back(random_tensor(random, common_request(random), laid.shape, laid.axis, type));
    }
    return made;
  }();
  return goldens;
}

const Goldens& arbitrary_tensors() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    for (int i = 0; i < 600; ++i) {
      const Laid laid = random_layout(random);
      made.emplace_back(random_tensor(random, arbitrary_request(random), laid.shape, laid.axis,
                                      any_word<spec::FloatType>(random)));
    }
    return made;
  }();
  return goldens;
}

/// Large enough for a parallel region, laid so that threads divide lines, blocks, columns and bytes.
const Goldens& large_tensors() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    const Laid layouts[] = {{{270'001}, 0},     {{8192, 33}, 1},  {{33, 8200}, 0},
                            {{3, 31, 2900}, 1}, {{1024, 257}, 1}, {{512, 512}, 1},
                            {{512, 520}, 0}};
    Goldens made;
    for (const Laid& laid : layouts)
      for (const auto format :
           {spec::BlockType::MXFP8_E4M3, spec::BlockType::MXFP6_E2M3, spec::BlockType::MXFP4_E2M1}) {
        const auto type = one_in(random, 2) ? spec::FloatType::Float32 : spec::FloatType::BFloat16;
        made.emplace_back(random_tensor(random, spec::make_request(format), laid.shape, laid.axis, type));
      }
    spec::Request stochastic = arbitrary_request(random);
    stochastic.rounding = {.mode = spec::RoundingMode::Stochastic, .random_bits = 20, .seed = random()};
    stochastic.block_size = 33;
    made.emplace_back(random_tensor(random, stochastic, {270'003}, 0, spec::FloatType::Float64));
    return made;
  }();
  return goldens;
}

class RandomTensors : public EveryTier {
 protected:
  void expect_all(const Goldens& goldens, int runs) {
    Random random = golden::seeded_generator();
    for (const GoldenTensor& tensor : goldens)
      for (int i = 0; i < runs; ++i)
        expect_everything(tensor, any_settings(random, GetParam()), any_word<spec::FloatType>(random));
  }
};

TEST_P(RandomTensors, OfTheCommonCaseHaveTheReferencesBits) {
  expect_all(common_tensors(), 3);
}

TEST_P(RandomTensors, UnderArbitraryRequestsHaveTheReferencesBits) {
  expect_all(arbitrary_tensors(), 2);
}

TEST_P(RandomTensors, HaveTheSameBitsFromOneTwoAndThreeThreads) {
  for (const GoldenTensor& tensor : large_tensors())
    for (const int threads : {1, 2, 3})
      for (const auto packing : {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream}) {
        const Settings settings{
            .isa = GetParam(), .packing = packing, .threads = threads, .stream = threads == 2};
        expect_everything(tensor, settings, spec::FloatType::BFloat16);
      }
}

TEST_P(RandomTensors, AreDequantisedToAllFourTypes) {
  Random random = golden::seeded_generator();
  for (const GoldenTensor& tensor : common_tensors()) {
    if (!one_in(random, 4)) continue;
    for (const auto& output : spec::float_formats) {
      expect_dequantized(tensor, any_settings(random, GetParam()), output.type);
      expect_round_trip(tensor, any_settings(random, GetParam()), output.type);
    }
  }
}

TEST_P(RandomTensors, MayBeRoundTrippedInPlace) {
  for (const GoldenTensor& tensor : common_tensors()) {
    std::vector<std::byte> values = tensor.given().source;
    const spec::FloatType type = tensor.given().type;
    fast::roundtrip_tensor(tensor.request(), tensor.grid(), {type, values}, {type, values}, {},
                           {.isa = GetParam()});
    const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
    EXPECT_TRUE(same_records("round trip in place", tensor.values(type), values, width,
                             tensor.value_context({.isa = GetParam()}, type)));
  }
}

MXEMU_ON_EVERY_TIER(RandomTensors);

}  // namespace
}  // namespace mxemu::fast_tests
