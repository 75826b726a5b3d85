// The edges of the common case, each of them: tails, numbers of blocks, addresses, ends of memory.
#include <gtest/gtest.h>

#include "buffers.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "floating_environment.hpp"
#include "golden_tensor.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr auto bytes_and_bits = {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream};
constexpr auto common_types = {spec::FloatType::Float32, spec::FloatType::BFloat16};

/// One random tensor of every format and common source type.
template <class Check>
void for_each_common_tensor(Random& random, const Shape& shape, const Check& check) {
  for (const auto& format : spec::block_formats)
    for (const auto type : common_types)
      check(GoldenTensor(random_tensor(random, spec::make_request(format.type), shape, -1, type)), type);
}

class Edges : public EveryTier {};

TEST_P(Edges, EveryTailLengthIsExact) {
  Random random = golden::seeded_generator();
  for (std::int64_t length = 1; length <= 2 * 32 + 1; ++length)
    for (const Shape& shape : {Shape{length}, Shape{3, length}})
      for_each_common_tensor(random, shape, [&](const GoldenTensor& tensor, spec::FloatType type) {
        for (const auto packing : bytes_and_bits)
          expect_everything(tensor, {.isa = GetParam(), .packing = packing}, type);
      });
}

TEST_P(Edges, EveryNumberOfBlocksIsExactWithAndWithoutATail) {
  Random random = golden::seeded_generator();
  for (std::int64_t blocks = 1; blocks <= 35; ++blocks)
    for (const std::int64_t tail : {0, 1, 19})
      for_each_common_tensor(random, {32 * blocks + tail}, [&](const GoldenTensor& tensor, spec::FloatType) {
        for (const auto packing : bytes_and_bits) {
          const Settings settings{.isa = GetParam(), .packing = packing, .stream = blocks % 2 == 0};
          expect_quantized(tensor, settings);
          expect_dequantized(tensor, settings, spec::FloatType::Float32);
        }
      });
}

TEST_P(Edges, EveryAddressOfInputsAndOutputsIsExact) {
  Random random = golden::seeded_generator();
  for_each_common_tensor(random, {2, 32 * 18 + 5}, [&](const GoldenTensor& tensor, spec::FloatType type) {
    for (std::size_t offset = 0; offset < 64; ++offset)
      for (const bool stream : {false, true}) {
        const auto packing = offset % 2 ? spec::ElementPacking::Bytes : spec::ElementPacking::BitStream;
        Settings settings{.isa = GetParam(), .packing = packing, .stream = stream};
        settings.source_offset = offset;
        settings.output_offset = offset * 29 % 64;
        expect_quantized(tensor, settings);
        expect_dequantized(tensor, settings, type);
      }
  });
}

TEST_P(Edges, EveryFloatingPointEnvironmentIsIgnoredAndLeftAsItWas) {
  Random random = golden::seeded_generator();
  for_each_common_tensor(random, {4, 32 * 33 + 7}, [&](const GoldenTensor& tensor, spec::FloatType type) {
    for (const unsigned control_word : hostile_environments)
      for (const auto packing : bytes_and_bits) {
        Settings settings{.isa = GetParam(), .packing = packing};
        settings.control_word = control_word;
        expect_everything(tensor, settings, type);
      }
  });
}

/// Source, codes and scales each end where their page does.
void expect_to_stay_inside(const GoldenTensor& tensor, fast::Isa isa, spec::ElementPacking packing) {
  const std::vector<std::byte>& given = tensor.given().source;
  const std::vector<std::uint8_t>& expected = tensor.packed_codes(packing);
  FencedBuffer source(given.size());
  FencedBuffer codes(expected.size());
  FencedBuffer scales(tensor.scales().size());
  FencedBuffer values(given.size());
  std::copy(given.begin(), given.end(), source.raw().begin());
  const spec::FloatType type = tensor.given().type;
  const Settings settings{.isa = isa, .packing = packing};
  fast::quantize_tensor(tensor.request(), tensor.grid(), {type, source.raw()}, codes.bytes(), scales.bytes(),
                        packing, {}, {.isa = isa});
  EXPECT_TRUE(same_bytes("codes", expected, codes.bytes(), tensor.code_context(settings)));
  fast::dequantize_tensor(tensor.request(), tensor.grid(), codes.bytes(), scales.bytes(),
                          {type, values.raw()}, packing, {.isa = isa});
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  EXPECT_TRUE(
      same_records("values", tensor.values(type), values.raw(), width, tensor.value_context(settings, type)));
}

TEST_P(Edges, NothingIsReadOrWrittenBeyondABuffer) {
  Random random = golden::seeded_generator();
  for (std::int64_t length = 1; length <= 65; ++length)
    for (const Shape& shape : {Shape{length}, Shape{5, length}, Shape{32 * 16 + length}})
      for_each_common_tensor(random, shape, [&](const GoldenTensor& tensor, spec::FloatType) {
        for (const auto packing : bytes_and_bits) expect_to_stay_inside(tensor, GetParam(), packing);
      });
}

MXEMU_ON_EVERY_TIER(Edges);

}  // namespace
}  // namespace mxemu::fast_tests
