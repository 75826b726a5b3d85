// The C ABI: the reference's bits through names and plain buffers.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "buffers.hpp"
#include "c_request.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "golden_tensor.hpp"
#include "random_source.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

mxemu_float_type c_type(spec::FloatType type) {
  return static_cast<mxemu_float_type>(type);
}
mxemu_packing c_packing(spec::ElementPacking packing) {
  return static_cast<mxemu_packing>(packing);
}

/// Chooses the tier of the whole process, and leaves the choice to the library again.
class CApi : public EveryTier {
 protected:
  void SetUp() override {
    EveryTier::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(mxemu_set_isa(spec::name_of(GetParam())), MXEMU_OK) << mxemu_last_error();
    EXPECT_STREQ(mxemu_isa(), spec::name_of(GetParam()));
  }
  void TearDown() override { EXPECT_EQ(mxemu_set_isa(nullptr), MXEMU_OK); }
};

mxemu_grid c_grid(const GoldenTensor& tensor) {
  const fast::BlockGrid grid = tensor.grid();
  return {grid.outer, grid.length, grid.inner};
}

void expect_c_sizes(const mxemu_request* request, const GoldenTensor& tensor, const Settings& settings) {
  const mxemu_grid grid = c_grid(tensor);
  std::uint64_t code_bytes = 0, scale_bytes = 0;
  EXPECT_EQ(mxemu_sizes(request, &grid, c_packing(settings.packing), &code_bytes, &scale_bytes), MXEMU_OK);
  EXPECT_EQ(code_bytes, tensor.packed_codes(settings.packing).size());
  EXPECT_EQ(scale_bytes, tensor.scales().size());
}

void expect_c_quantize(const mxemu_request* request, const GoldenTensor& tensor, const Settings& settings) {
  const mxemu_grid grid = c_grid(tensor);
  const GivenTensor& given = tensor.given();
  const std::vector<std::uint8_t>& expected = tensor.packed_codes(settings.packing);
  GuardedBuffer codes(expected.size(), 1), scales(tensor.scales().size(), 1);
  EXPECT_EQ(mxemu_quantize(request, &grid, c_type(given.type), given.source.data(), given.source.size(),
                           c_packing(settings.packing), codes.bytes().data(), codes.bytes().size(),
                           scales.bytes().data(), scales.bytes().size(),
                           given.random_words.empty() ? nullptr : given.random_words.data()),
            MXEMU_OK)
      << mxemu_last_error();
  EXPECT_TRUE(same_bytes("codes", expected, codes.bytes(), tensor.code_context(settings)));
  EXPECT_TRUE(same_bytes("scales", tensor.scales(), scales.bytes(), tensor.scale_context(settings)));
  EXPECT_TRUE(codes.canaries_live() && scales.canaries_live());
}

void expect_c_values(const mxemu_request* request, const GoldenTensor& tensor, const Settings& settings,
                     spec::FloatType type) {
  const mxemu_grid grid = c_grid(tensor);
  const GivenTensor& given = tensor.given();
  const std::vector<std::uint8_t>& codes = tensor.packed_codes(settings.packing);
  const std::vector<std::byte>& expected = tensor.values(type);
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  GuardedBuffer values(expected.size(), 1), again(expected.size(), 1);
  EXPECT_EQ(mxemu_dequantize(request, &grid, c_packing(settings.packing), codes.data(), codes.size(),
                             tensor.scales().data(), tensor.scales().size(), c_type(type),
                             values.raw().data(), values.raw().size()),
            MXEMU_OK)
      << mxemu_last_error();
  EXPECT_EQ(mxemu_roundtrip(request, &grid, c_type(given.type), given.source.data(), given.source.size(),
                            c_type(type), again.raw().data(), again.raw().size(),
                            given.random_words.empty() ? nullptr : given.random_words.data()),
            MXEMU_OK)
      << mxemu_last_error();
  const Context context = tensor.value_context(settings, type);
  EXPECT_TRUE(same_records("values", expected, values.raw(), width, context));
  EXPECT_TRUE(same_records("round trip", expected, again.raw(), width, context));
  EXPECT_TRUE(values.canaries_live() && again.canaries_live());
}

TEST_P(CApi, GivesTheReferencesBitsForAnyRequestMadeFromNames) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 150; ++i) {
    const spec::Request wanted = one_in(random, 2) ? common_request(random) : arbitrary_request(random);
    const Shape shape = {1 + static_cast<std::int64_t>(below(random, 4)),
                         1 + static_cast<std::int64_t>(below(random, 90)),
                         1 + static_cast<std::int64_t>(below(random, one_in(random, 2) ? 1 : 20))};
    const GoldenTensor tensor(random_tensor(random, wanted, shape, 1, any_word<spec::FloatType>(random)));
    const CRequest request = c_request(wanted);
    const Settings settings = {
        .isa = GetParam(),
        .packing = one_in(random, 2) ? spec::ElementPacking::Bytes : spec::ElementPacking::BitStream};
    expect_c_sizes(request.get(), tensor, settings);
    expect_c_quantize(request.get(), tensor, settings);
    expect_c_values(request.get(), tensor, settings, any_word<spec::FloatType>(random));
  }
}

TEST_P(CApi, EncodesAndDecodesSingleElements) {
  Random random = golden::seeded_generator();
  const spec::FloatFormat& float32 = spec::format_of(spec::FloatType::Float32);
  for (const auto& format : spec::block_formats) {
    const spec::Request wanted = spec::make_request(format.type);
    const CRequest request = c_request(wanted);
    for (const int exponent : {-127, -3, 0, 60}) {
      const auto numbers = random_numbers(random, float32, 777, 50);
      const std::vector<std::byte> source = bytes_of(spec::FloatType::Float32, numbers);
      std::vector<std::uint8_t> expected, codes(numbers.size());
      for (const std::uint64_t bits : numbers)
        expected.push_back(reference::encode_element(wanted.element_format(),
                                                     reference::decode_float(float32, bits),
                                                     reference::power_of_two(exponent), {}, {}));
      EXPECT_EQ(mxemu_encode_elements(request.get(), MXEMU_F32, source.data(), numbers.size(), exponent,
                                      codes.data()),
                MXEMU_OK)
          << mxemu_last_error();
      EXPECT_EQ(codes, expected) << format.name << " under 2^" << exponent;
    }
    std::vector<std::uint8_t> codes;
    for (int code = 0; code < wanted.element_format().code_count(); ++code)
      codes.push_back(static_cast<std::uint8_t>(code));
    for (const int scale : {0, 1, 127, 254, 255}) {
      std::vector<std::uint16_t> values(codes.size());
      EXPECT_EQ(mxemu_decode_elements(request.get(), codes.data(), codes.size(),
                                      static_cast<std::uint8_t>(scale), MXEMU_BF16, values.data()),
                MXEMU_OK);
      for (const std::uint8_t code : codes)
        EXPECT_EQ(values[code], reference::dequantize_element(wanted, static_cast<std::uint8_t>(scale), code,
                                                              spec::format_of(spec::FloatType::BFloat16)));
    }
  }
}

TEST_P(CApi, LetsManyThreadsUseOneRequest) {
  Random random = golden::seeded_generator();
  const spec::Request wanted = spec::make_request(spec::BlockType::MXFP6_E3M2);
  const GoldenTensor tensor(random_tensor(random, wanted, {40, 100}, 1, spec::FloatType::Float32));
  tensor.packed_codes(spec::ElementPacking::BitStream);  // made once, before there are threads
  const CRequest request = c_request(wanted);
  const Settings settings = {.isa = GetParam(), .packing = spec::ElementPacking::BitStream};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) expect_c_quantize(request.get(), tensor, settings);
    });
  for (std::thread& thread : threads) thread.join();
}

MXEMU_ON_EVERY_TIER(CApi);

TEST(CApiVersion, IsTheHeadersAndTheRelease) {
  EXPECT_EQ(mxemu_abi_version(), std::uint32_t{MXEMU_ABI_VERSION});
  EXPECT_EQ(
      std::count(mxemu_version(), mxemu_version() + std::char_traits<char>::length(mxemu_version()), '.'), 2)
      << mxemu_version();
}

/// The numbers that C programs see are the order of the words of spec/.
TEST(CApiEnumerations, AreThoseOfTheSpecification) {
  EXPECT_EQ(static_cast<int>(MXEMU_F32), static_cast<int>(spec::FloatType::Float32));
  EXPECT_EQ(static_cast<int>(MXEMU_BF16), static_cast<int>(spec::FloatType::BFloat16));
  EXPECT_EQ(static_cast<int>(MXEMU_F16), static_cast<int>(spec::FloatType::Float16));
  EXPECT_EQ(static_cast<int>(MXEMU_F64), static_cast<int>(spec::FloatType::Float64));
  EXPECT_EQ(static_cast<int>(MXEMU_BYTES), static_cast<int>(spec::ElementPacking::Bytes));
  EXPECT_EQ(static_cast<int>(MXEMU_BIT_STREAM), static_cast<int>(spec::ElementPacking::BitStream));
}

}  // namespace
}  // namespace mxemu::fast_tests
