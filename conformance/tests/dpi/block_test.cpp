// Numbers, codes and scales cross the interface as the reference gives them.
#include <iostream>
#include <random>

#include "conformance/tests/dpi/bench.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance::dpi {
namespace {

constexpr unsigned count = 32;

/// Finite and other numbers around an exponent that their type has.
std::vector<std::uint64_t> random_numbers(const spec::FloatFormat& type, std::mt19937_64& random) {
  const std::uint64_t bits = (type.sign_mask() << 1) - 1;
  const std::uint64_t fields = type.infinity_bits() >> type.mantissa_bits;
  const std::uint64_t exponent = random() % (fields - 4);
  std::vector<std::uint64_t> list;
  for (unsigned i = 0; i < count; ++i)
    list.push_back((random() & bits & ~type.infinity_bits()) | (exponent + random() % 4)
                                                                   << type.mantissa_bits);
  return list;
}

void expect_block_as_reference(const spec::BlockFormat& format, const spec::FloatFormat& type,
                               std::mt19937_64& random) {
  const Request request(format.name, (std::string("type=") + spec::name_of(type.type)).c_str());
  const auto list = random_numbers(type, random);
  std::vector<reference::Value> values;
  for (const std::uint64_t bits : list) values.push_back(reference::decode_float(type, bits));
  const spec::Request wanted = spec::make_request(format.type);
  const reference::Block golden = reference::quantize_block(wanted, values);
  const auto golden_numbers = reference::dequantize_block(wanted, golden, type);

  const auto width = static_cast<unsigned>(type.bits);
  const unsigned code_width = mxemu_dpi_code_bits(request.handle);
  ASSERT_EQ(mxemu_dpi_number_bits(request.handle), width);
  ASSERT_EQ(code_width, static_cast<unsigned>(format.element_format().bits));
  const Vector numbers = numbers_of(width, list);
  Vector codes = code_vector(), back(64 * lanes);
  unsigned char scale = 1, scale_alone = 2;
  ASSERT_EQ(mxemu_dpi_quantize_block(request.handle, lanes, count, numbers.words.data(), nullptr, &scale,
                                     codes.words.data()),
            0);
  ASSERT_EQ(mxemu_dpi_shared_scale(request.handle, lanes, count, numbers.words.data(), &scale_alone), 0);
  ASSERT_EQ(
      mxemu_dpi_dequantize_block(request.handle, lanes, count, scale, codes.words.data(), back.words.data()),
      0);
  EXPECT_EQ(scale, golden.scale);
  EXPECT_EQ(scale_alone, golden.scale);
  for (unsigned i = 0; i < count; ++i) {
    EXPECT_EQ(codes.lane(code_width, i), golden.codes[i]);
    EXPECT_EQ(back.lane(width, i), golden_numbers[i]);
  }
}

TEST(DpiBlock, IsTheReferencesForEveryFormatAndType) {
  const unsigned seed = 1;
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  for (const auto& format : spec::block_formats)
    for (const auto& type : spec::float_formats)
      for (int repeat = 0; repeat < 8; ++repeat) {
        SCOPED_TRACE(std::string(format.name) + " " + spec::name_of(type.type));
        expect_block_as_reference(format, type, random);
      }
}

TEST(DpiBlock, CodesOfSixBitsStandWithoutGapsAndUnusedLanesAreZero) {
  const Request request("MXFP6_E2M3");
  const Vector numbers = numbers_of(32, {0x3f800000, 0xbf800000, 0x40e00000});  // 1, -1, 7
  Vector codes = code_vector();
  unsigned char scale = 0;
  ASSERT_EQ(mxemu_dpi_quantize_block(request.handle, lanes, 3, numbers.words.data(), nullptr, &scale,
                                     codes.words.data()),
            0);
  EXPECT_EQ(scale, 0x7f);
  EXPECT_EQ(codes.words[0], 0x08u | 0x28u << 6 | 0x1eu << 12);
  for (std::size_t i = 1; i < codes.words.size(); ++i) EXPECT_EQ(codes.words[i], 0u);
}

TEST(DpiBlock, StochasticRoundingTakesTheWordOfItsLane) {
  const Request request("MXFP4_E2M1", "rounding=stochastic");
  const Vector numbers = numbers_of(32, {0x40800000, 0x3fa00000, 0x3fa00000});  // 4, 1.25, 1.25
  const std::vector<std::uint32_t> words = {0, 0x7fff, 0x8000};  // a fraction of one half and these over 2^16
  Vector codes = code_vector();
  unsigned char scale = 0;
  ASSERT_EQ(mxemu_dpi_quantize_block(request.handle, lanes, 3, numbers.words.data(), words.data(), &scale,
                                     codes.words.data()),
            0);
  EXPECT_EQ(codes.words[0], 0x326u);  // 4, 1, 1.5
}

TEST(DpiElement, IsEncodedAndDecodedUnderTheScaleThatIsGiven) {
  const Request request("MXFP8_E4M3");
  unsigned char code = 0;
  unsigned long long number = 0;
  ASSERT_EQ(mxemu_dpi_encode_element(request.handle, 0x3f200000, 0x7e, 0, &code), 0);  // 0.625 over 0.5
  EXPECT_EQ(code, 0x3a);                                                               // 1.25
  ASSERT_EQ(mxemu_dpi_decode_element(request.handle, code, 0x7e, &number), 0);
  EXPECT_EQ(number, 0x3f200000u);
}

TEST(DpiExpectation, CareMasksLeaveOutWhatTheStandardLeavesOpen) {
  const Request request("MXINT8");
  Vector codes = code_vector(), care = code_vector();
  unsigned char scale = 1, scale_care = 1;
  const auto expect = [&](const Vector& numbers, unsigned n) {
    ASSERT_EQ(mxemu_dpi_expect_block(request.handle, lanes, n, numbers.words.data(), nullptr, &scale,
                                     &scale_care, codes.words.data(), care.words.data()),
              0);
  };
  expect(numbers_of(32, {0xbfffffff, 0x3f800000}), 2);  // just above -2, 1: -127/64 or -2
  EXPECT_EQ(scale_care, 0xff);
  EXPECT_EQ(codes.lane(8, 0), 0x81u);
  EXPECT_EQ(care.lane(8, 0), 0xfeu);
  EXPECT_EQ(care.lane(8, 1), 0xffu);
  expect(numbers_of(32, {0, 0}), 2);  // a block of zeros: any scale but NaN
  EXPECT_EQ(scale_care, 0);
  expect(numbers_of(32, {0x7fc00000, 0}), 2);  // a NaN scale leaves the codes open
  EXPECT_EQ(scale, 0xff);
  EXPECT_EQ(scale_care, 0xff);
  EXPECT_EQ(care.lane(8, 0), 0u);
}

TEST(DpiExpectation, NumbersThatOverflowOrAreNanHaveNarrowMasks) {
  const Request request("MXFP4_E2M1");
  Vector codes = code_vector(), numbers(64 * lanes), care(64 * lanes);
  codes.set_lane(4, 0, 7);
  codes.set_lane(4, 1, 2);
  const auto expect = [&](unsigned char scale) {
    ASSERT_EQ(mxemu_dpi_expect_numbers(request.handle, lanes, 2, scale, codes.words.data(),
                                       numbers.words.data(), care.words.data()),
              0);
  };
  expect(0xfe);  // 6 * 2^127 is beyond float32, 2^127 is not
  EXPECT_EQ(care.lane(32, 0), 0u);
  EXPECT_EQ(care.lane(32, 1), 0xffffffffu);
  EXPECT_EQ(numbers.lane(32, 1), 0x7f000000u);
  expect(0xff);
  EXPECT_EQ(numbers.lane(32, 0), 0x7fc00000u);
  EXPECT_EQ(care.lane(32, 0), 0x7f800000u);
}

}  // namespace
}  // namespace mxemu::conformance::dpi
