// The C ABI beyond conversions: error statistics and layouts, right and misused.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "c_request.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "golden_errors.hpp"
#include "reference/packing.hpp"

namespace mxemu::fast_tests {
namespace {

using Bytes = std::vector<std::uint8_t>;

void expect_refused(mxemu_status got, const std::string& part) {
  EXPECT_EQ(got, MXEMU_INVALID_ARGUMENT) << part;
  const std::string sentence = mxemu_last_error();
  EXPECT_NE(sentence.find(part), std::string::npos)
      << "\"" << sentence << "\" does not say \"" << part << "\"";
}

fast::ErrorStatistics from_c(const mxemu_error_statistics& c) {
  fast::ErrorStatistics s = {.elements = c.elements,
                             .compared = c.compared,
                             .not_finite = c.not_finite,
                             .lost = c.lost,
                             .saturated = c.saturated,
                             .flushed = c.flushed,
                             .signal = {c.signal, c.signal_exponent},
                             .noise = {c.noise, c.noise_exponent},
                             .max_absolute = c.max_absolute,
                             .max_relative = c.max_relative};
  std::copy(std::begin(c.relative_errors), std::end(c.relative_errors), s.relative_errors.begin());
  return s;
}

TEST(CApiStatistics, AreThoseOfTheCppInterfaceAndExact) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 60; ++i) {
    const spec::Request wanted = arbitrary_request(random);
    const CRequest request = c_request(wanted);
    const Shape shape = {2, 1 + static_cast<std::int64_t>(below(random, 90)),
                         1 + static_cast<std::int64_t>(below(random, one_in(random, 2) ? 1 : 20))};
    const auto type = any_word<spec::FloatType>(random), output_type = any_word<spec::FloatType>(random);
    const GoldenTensor tensor(random_tensor(random, wanted, shape, 1, type));
    const GivenTensor& given = tensor.given();
    const fast::BlockGrid blocks = tensor.grid();
    const mxemu_grid grid = {blocks.outer, blocks.length, blocks.inner};
    const auto c_type = static_cast<mxemu_float_type>(type);
    const auto c_output = static_cast<mxemu_float_type>(output_type);
    const std::vector<std::byte>& expected = tensor.values(output_type);
    std::vector<std::byte> values(expected.size());
    mxemu_error_statistics at_once = {}, afterwards = {};
    at_once.struct_size = afterwards.struct_size = sizeof at_once;
    EXPECT_EQ(mxemu_roundtrip_statistics(request.get(), &grid, c_type, given.source.data(),
                                         given.source.size(), c_output, values.data(), values.size(),
                                         given.random_words.empty() ? nullptr : given.random_words.data(),
                                         &at_once),
              MXEMU_OK)
        << mxemu_last_error();
    EXPECT_EQ(values, expected);
    EXPECT_EQ(mxemu_measure_errors(request.get(), &grid, c_type, given.source.data(), given.source.size(),
                                   tensor.scales().data(), tensor.scales().size(), c_output, values.data(),
                                   values.size(), &afterwards),
              MXEMU_OK)
        << mxemu_last_error();
    EXPECT_TRUE(same_statistics(from_c(at_once), from_c(afterwards)));
    EXPECT_TRUE(
        same_errors(golden_errors({wanted, blocks, given.view(), tensor.scales(), {output_type, expected}}),
                    from_c(at_once)))
        << describe(wanted);
  }
}

TEST(CApiStatistics, CarryTheExponentOfEachSum) {
  const CRequest request = c_request("MXFP8_E4M3");
  const mxemu_grid grid = {1, 2, 1};
  const double source[] = {0x1p900, 1}, output[] = {0x1p900, 3};
  const std::uint8_t scale = 127;
  mxemu_error_statistics s = {};
  s.struct_size = sizeof s;
  ASSERT_EQ(mxemu_measure_errors(request.get(), &grid, MXEMU_F64, source, sizeof source, &scale, 1, MXEMU_F64,
                                 output, sizeof output, &s),
            MXEMU_OK)
      << mxemu_last_error();
  EXPECT_EQ(std::ldexp(s.signal, s.signal_exponent - 1800), 1);
  EXPECT_EQ(std::ldexp(s.noise, s.noise_exponent), 4);
}

/// Arguments on two lines of 48 float32; each test spoils one.
struct StatisticsArguments {
  CRequest owned = c_request("MXFP4_E2M1");
  mxemu_grid lines = {2, 48, 1};
  std::vector<float> numbers = std::vector<float>(96, 1.5f);
  std::vector<float> values = std::vector<float>(96, -1);
  Bytes scale_bytes = Bytes(4, 127);
  mxemu_error_statistics figures = {};

  const mxemu_request* request = owned.get();
  const mxemu_grid* grid = &lines;
  mxemu_float_type type = MXEMU_F32;
  const void* source = numbers.data();
  std::uint64_t source_size = 96 * 4;
  const std::uint8_t* scales = scale_bytes.data();
  std::uint64_t scale_size = 4;
  void* output = values.data();
  std::uint64_t output_size = 96 * 4;
  mxemu_error_statistics* statistics = &figures;

  StatisticsArguments() { figures.struct_size = sizeof figures; }
  StatisticsArguments(const StatisticsArguments&) = delete;

  mxemu_status round_trip() {
    return mxemu_roundtrip_statistics(request, grid, type, source, source_size, type, output, output_size,
                                      nullptr, statistics);
  }
  mxemu_status measure() {
    return mxemu_measure_errors(request, grid, type, source, source_size, scales, scale_size, type, output,
                                output_size, statistics);
  }
  void expect_both_refused(const std::string& part) {
    expect_refused(round_trip(), part);
    expect_refused(measure(), part);
    EXPECT_EQ(values, std::vector<float>(96, -1)) << "a refused call has written";
  }
};

template <class Spoil>
void expect_statistics_refused(const std::string& part, const Spoil& spoil) {
  StatisticsArguments arguments;
  spoil(arguments);
  arguments.expect_both_refused(part);
}

TEST(CApiStatistics, MisusedAreRefusedAndNothingIsWritten) {
  using Arguments = StatisticsArguments;
  StatisticsArguments right;
  EXPECT_EQ(right.round_trip(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(right.measure(), MXEMU_OK) << mxemu_last_error();
  expect_statistics_refused("request is null", [](Arguments& a) { a.request = nullptr; });
  expect_statistics_refused("grid is null", [](Arguments& a) { a.grid = nullptr; });
  expect_statistics_refused("source is null", [](Arguments& a) { a.source = nullptr; });
  expect_statistics_refused("output is null", [](Arguments& a) { a.output = nullptr; });
  expect_statistics_refused("statistics is null", [](Arguments& a) { a.statistics = nullptr; });
  expect_statistics_refused("struct_size of 0", [](Arguments& a) { a.figures.struct_size = 0; });
  expect_statistics_refused("struct_size of", [](Arguments& a) { ++a.figures.struct_size; });
  expect_statistics_refused("383 where 384", [](Arguments& a) { a.source_size = 383; });
  expect_statistics_refused("380 where 384", [](Arguments& a) { a.output_size = 380; });
  expect_statistics_refused("unknown floating-point type", [](Arguments& a) { a.type = 4; });
  for (const std::uint64_t extent : {std::uint64_t{1} << 61, ~std::uint64_t{0}})
    expect_statistics_refused("", [&](Arguments& a) { a.lines.length = extent; });
  StatisticsArguments scales;
  scales.scale_size = 3;
  expect_refused(scales.measure(), "3 where 4");
  scales.scales = nullptr;
  expect_refused(scales.measure(), "scales is null");
}

TEST(CApiStatistics, OverlappingWhatIsReadOrWrittenAreRefused) {
  alignas(mxemu_error_statistics) float numbers[96] = {};
  auto* const inside = reinterpret_cast<mxemu_error_statistics*>(numbers);
  inside->struct_size = sizeof *inside;
  StatisticsArguments a;
  a.statistics = inside;
  a.source = numbers;
  expect_refused(a.round_trip(), "statistics and source overlap");
  expect_refused(a.measure(), "statistics and source overlap");
  a.source = a.numbers.data();
  a.output = numbers;
  expect_refused(a.round_trip(), "statistics and output overlap");
  expect_refused(a.measure(), "statistics and output overlap");
  StatisticsArguments b;
  b.output = reinterpret_cast<std::byte*>(b.numbers.data()) + 4;
  expect_refused(b.round_trip(), "output and source overlap");
  b.output = b.numbers.data();
  EXPECT_EQ(b.measure(), MXEMU_OK) << "only read: " << mxemu_last_error();
  EXPECT_EQ(b.round_trip(), MXEMU_OK) << "in place: " << mxemu_last_error();
}

TEST(CApiLayouts, AreTheReferences) {
  Random random = golden::seeded_generator();
  Bytes codes(320), scales(10);
  for (std::uint8_t& code : codes) code = static_cast<std::uint8_t>(below(random, 16));
  for (std::uint8_t& scale : scales) scale = static_cast<std::uint8_t>(below(random, 256));
  const Bytes stream = reference::pack_codes(spec::ElementPacking::BitStream, 4, codes);
  const Bytes golden = reference::pack_ggml_blocks(codes, scales);
  Bytes repacked(160), unpacked(320), blocks(170), back(320), back_scales(10);
  EXPECT_EQ(
      mxemu_repack_codes(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 320, codes.data(), 320, repacked.data(), 160),
      MXEMU_OK);
  EXPECT_EQ(repacked, stream);
  EXPECT_EQ(
      mxemu_repack_codes(MXEMU_BIT_STREAM, MXEMU_BYTES, 4, 320, stream.data(), 160, unpacked.data(), 320),
      MXEMU_OK);
  EXPECT_EQ(unpacked, codes);
  for (const bool packed : {false, true}) {
    const mxemu_packing packing = packed ? MXEMU_BIT_STREAM : MXEMU_BYTES;
    const Bytes& given = packed ? stream : codes;
    EXPECT_EQ(
        mxemu_pack_ggml_blocks(packing, given.data(), given.size(), scales.data(), 10, blocks.data(), 170),
        MXEMU_OK);
    EXPECT_EQ(blocks, golden);
    EXPECT_EQ(mxemu_unpack_ggml_blocks(golden.data(), 170, packing, back.data(), given.size(),
                                       back_scales.data(), 10),
              MXEMU_OK);
    EXPECT_TRUE(std::equal(given.begin(), given.end(), back.begin()));
    EXPECT_EQ(back_scales, scales);
  }
  EXPECT_EQ(mxemu_repack_codes(MXEMU_BYTES, MXEMU_BYTES, 6, 0, nullptr, 0, nullptr, 0), MXEMU_OK);
  EXPECT_EQ(mxemu_pack_ggml_blocks(MXEMU_BYTES, nullptr, 0, nullptr, 0, nullptr, 0), MXEMU_OK);
}

TEST(CApiLayouts, MisusedAreRefused) {
  Bytes codes(64), stream(32), scales(2), blocks(34);
  const auto repack = [&](mxemu_packing from, mxemu_packing to, int bits, std::uint64_t count,
                          const std::uint8_t* in, std::uint8_t* out) {
    return mxemu_repack_codes(from, to, bits, count, in, 64, out, 32);
  };
  std::uint8_t *c = codes.data(), *s = stream.data(), *x = scales.data(), *b = blocks.data();
  EXPECT_EQ(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 64, c, s), MXEMU_OK) << mxemu_last_error();
  expect_refused(repack(2, MXEMU_BIT_STREAM, 4, 64, c, s), "unknown packing 2");
  expect_refused(repack(MXEMU_BYTES, 3, 4, 64, c, s), "unknown packing 3");
  for (const int bits : {-1, 0, 9})
    expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, bits, 64, c, s), "where 1 to 8 are possible");
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 65, c, s), "64 where 65");
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 6, 64, c, s), "32 where 48");
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, ~std::uint64_t{0}, c, s), "64 where");
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 64, nullptr, s), "codes is null");
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 64, c, nullptr), "repacked is null");
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 64, c, c + 63), "overlap");
  EXPECT_EQ(mxemu_pack_ggml_blocks(MXEMU_BYTES, c, 64, x, 2, b, 34), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(mxemu_unpack_ggml_blocks(b, 34, MXEMU_BIT_STREAM, s, 32, x, 2), MXEMU_OK) << mxemu_last_error();
  expect_refused(mxemu_pack_ggml_blocks(2, c, 64, x, 2, b, 34), "unknown packing 2");
  expect_refused(mxemu_pack_ggml_blocks(MXEMU_BIT_STREAM, c, 64, x, 2, b, 34), "64 where 32");
  expect_refused(mxemu_pack_ggml_blocks(MXEMU_BYTES, c, 64, x, 2, b, 33), "33 where 34");
  expect_refused(mxemu_pack_ggml_blocks(MXEMU_BYTES, c, 64, nullptr, 2, b, 34), "scales is null");
  expect_refused(mxemu_pack_ggml_blocks(MXEMU_BYTES, c, 64, x, 2, c + 30, 34), "blocks and codes overlap");
  expect_refused(mxemu_unpack_ggml_blocks(b, 34, MXEMU_BYTES, c, 63, x, 2), "63 where 64");
  expect_refused(mxemu_unpack_ggml_blocks(nullptr, 34, MXEMU_BYTES, c, 64, x, 2), "blocks is null");
  expect_refused(mxemu_unpack_ggml_blocks(b, 34, MXEMU_BYTES, c, 64, c, 2), "scales and codes overlap");
  c[9] = 16;
  expect_refused(repack(MXEMU_BYTES, MXEMU_BIT_STREAM, 4, 64, c, s), "code 16 at element 9");
}

}  // namespace
}  // namespace mxemu::fast_tests
