// Random tensors through every call: formats, source and output types, shapes, axes, requests, layouts.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "device_tensor.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::below;
using fast_tests::random_tensor;
using fast_tests::Shape;

struct Laid {
  Shape shape;
  int axis;
};

std::int64_t extent(Random& random, std::size_t low, std::size_t high) {
  return static_cast<std::int64_t>(low + below(random, high - low + 1));
}

/// One line, lines with tails, whole blocks, the first axis, a middle one; now and then nothing at all.
Laid random_layout(Random& random) {
  switch (below(random, 6)) {
    case 0: return {{extent(random, 0, 260)}, -1};
    case 1: return {{extent(random, 1, 6), extent(random, 0, 150)}, -1};
    case 2: return {{extent(random, 1, 4), 32 * extent(random, 1, 12)}, 1};
    case 3: return {{extent(random, 1, 4), 8 * extent(random, 1, 24)}, 1};
    case 4: return {{extent(random, 0, 100), extent(random, 1, 40)}, 0};
    default: return {{extent(random, 1, 3), extent(random, 1, 70), extent(random, 1, 70)}, 1};
  }
}

TEST(RandomTensors, OfTheCommonCaseHaveTheReferencesBits) {
  constexpr spec::FloatType types[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                       spec::FloatType::Float16};
  Random random = golden::seeded_generator();
  for (int i = 0; i < 240; ++i) {
    const Laid laid = random_layout(random);
    const GoldenTensor tensor(random_tensor(random, fast_tests::common_request(random), laid.shape, laid.axis,
                                            types[below(random, std::size(types))]));
    expect_everything(tensor, any_setting(random), fast_tests::any_word<spec::FloatType>(random));
  }
}

TEST(RandomTensors, UnderArbitraryRequestsHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 240; ++i) {
    const Laid laid = random_layout(random);
    const GoldenTensor tensor(random_tensor(random, fast_tests::arbitrary_request(random), laid.shape,
                                            laid.axis, fast_tests::any_word<spec::FloatType>(random)));
    expect_everything(tensor, any_setting(random), fast_tests::any_word<spec::FloatType>(random));
  }
}

/// More than a grid has threads at once, so that kernels stride.
TEST(RandomTensors, LargerThanAGridHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  const Laid layouts[] = {{{60, 2048}, 1}, {{301, 333}, 1}, {{70, 1501}, 0}, {{3, 65, 520}, 1}};
  for (const Laid& laid : layouts)
    for (const auto format : {spec::BlockType::MXFP8_E4M3, spec::BlockType::MXFP6_E2M3,
                              spec::BlockType::MXFP4_E2M1, spec::BlockType::MXINT8}) {
      const auto type = fast_tests::one_in(random, 2) ? spec::FloatType::Float32 : spec::FloatType::BFloat16;
      const GoldenTensor tensor(
          random_tensor(random, spec::make_request(format), laid.shape, laid.axis, type));
      expect_everything(tensor, any_setting(random), type);
    }
}

}  // namespace
}  // namespace mxemu::cuda_tests
