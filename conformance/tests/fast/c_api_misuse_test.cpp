// The C ABI misused: every mistake returns a status and leaves a sentence; none of them crashes or writes.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "c_request.hpp"
#include "fast/isa.hpp"

namespace mxemu::fast_tests {
namespace {

/// The call failed as it should, and says why in words with `part` among them.
void expect_refused(mxemu_status got, const std::string& part, mxemu_status status = MXEMU_INVALID_ARGUMENT) {
  EXPECT_EQ(got, status) << part;
  const std::string sentence = mxemu_last_error();
  EXPECT_NE(sentence.find(part), std::string::npos)
      << "\"" << sentence << "\" does not say \"" << part << "\"";
}

/// Arguments of a call on two lines of 48 float32; each test spoils one.
struct Arguments {
  CRequest owned = c_request("MXFP4_E2M1");
  mxemu_grid lines = {2, 48, 1};
  std::vector<float> numbers = std::vector<float>(96, 1.5f);
  std::vector<std::uint8_t> code_buffer = std::vector<std::uint8_t>(48);
  std::vector<std::uint8_t> scale_buffer = std::vector<std::uint8_t>(4);
  std::vector<float> value_buffer = std::vector<float>(96);

  const mxemu_request* request = owned.get();
  bool grid_is_null = false;
  int type = MXEMU_F32;
  int packing = MXEMU_BIT_STREAM;
  const void* source = numbers.data();
  std::uint64_t source_bytes = 96 * 4;
  std::uint8_t* codes = code_buffer.data();
  std::uint64_t code_bytes = 48;
  std::uint8_t* scales = scale_buffer.data();
  std::uint64_t scale_bytes = 4;
  void* values = value_buffer.data();
  std::uint64_t value_bytes = 96 * 4;
  std::uint64_t sizes[2] = {};

  const mxemu_grid* grid() const { return grid_is_null ? nullptr : &lines; }
  mxemu_float_type float_type() const { return static_cast<mxemu_float_type>(type); }
  mxemu_packing element_packing() const { return static_cast<mxemu_packing>(packing); }

  mxemu_status quantize() {
    return mxemu_quantize(request, grid(), float_type(), source, source_bytes, element_packing(), codes,
                          code_bytes, scales, scale_bytes, nullptr);
  }
  mxemu_status dequantize() {
    return mxemu_dequantize(request, grid(), element_packing(), codes, code_bytes, scales, scale_bytes,
                            float_type(), values, value_bytes);
  }
  mxemu_status round_trip() {
    return mxemu_roundtrip(request, grid(), float_type(), source, source_bytes, float_type(), values,
                           value_bytes, nullptr);
  }
  mxemu_status find_sizes() { return mxemu_sizes(request, grid(), element_packing(), &sizes[0], &sizes[1]); }
};

TEST(CApiMisuse, NothingIsWrongWithTheArgumentsThatTheseTestsSpoil) {
  Arguments a;
  EXPECT_EQ(a.quantize(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(a.dequantize(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(a.round_trip(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(a.find_sizes(), MXEMU_OK) << mxemu_last_error();
}

TEST(CApiMisuse, NullPointersAreNamed) {
  Arguments a;
  a.request = nullptr;
  expect_refused(a.quantize(), "request is null");
  expect_refused(a.dequantize(), "request is null");
  expect_refused(a.round_trip(), "request is null");
  expect_refused(a.find_sizes(), "request is null");
  a = {};
  a.grid_is_null = true;
  expect_refused(a.quantize(), "grid is null");
  expect_refused(a.dequantize(), "grid is null");
  expect_refused(a.round_trip(), "grid is null");
  expect_refused(a.find_sizes(), "grid is null");
  a = {};
  a.source = nullptr;
  expect_refused(a.quantize(), "source is null");
  expect_refused(a.round_trip(), "source is null");
  a.codes = nullptr;
  expect_refused(a.dequantize(), "codes is null");
  a = {};
  a.scales = nullptr;
  expect_refused(a.quantize(), "scales is null");
  expect_refused(a.dequantize(), "scales is null");
  a.values = nullptr;
  expect_refused(a.round_trip(), "output is null");
}

TEST(CApiMisuse, NullPointersOfTheSmallerFunctionsAreRefused) {
  Arguments a;
  mxemu_request* request = nullptr;
  expect_refused(mxemu_request_create("MXFP4_E2M1", nullptr, nullptr), "request is null");
  expect_refused(mxemu_request_create(nullptr, nullptr, &request), "format is null");
  expect_refused(mxemu_request_set(nullptr, "seed", "1"), "request is null");
  expect_refused(mxemu_request_set(a.owned.get(), nullptr, "1"), "name is null");
  expect_refused(mxemu_request_set(a.owned.get(), "seed", nullptr), "value is null");
  expect_refused(mxemu_sizes(a.request, a.grid(), MXEMU_BYTES, nullptr, &a.sizes[1]), "code_bytes is null");
  expect_refused(mxemu_sizes(a.request, a.grid(), MXEMU_BYTES, &a.sizes[0], nullptr), "scale_bytes is null");
  expect_refused(mxemu_encode_elements(a.request, MXEMU_F32, nullptr, 5, 0, a.codes), "source is null");
  expect_refused(mxemu_encode_elements(a.request, MXEMU_F32, a.source, 5, 0, nullptr), "codes is null");
  expect_refused(mxemu_decode_elements(a.request, nullptr, 5, 127, MXEMU_F32, a.values), "codes is null");
  expect_refused(mxemu_decode_elements(nullptr, a.codes, 5, 127, MXEMU_F32, a.values), "request is null");
  mxemu_request_destroy(nullptr);
}

TEST(CApiMisuse, WrongSizesAreRefusedWithBothNumbers) {
  Arguments a;
  a.source_bytes = 383;
  expect_refused(a.quantize(), "383 where 384");
  expect_refused(a.round_trip(), "383 where 384");
  a = {};
  a.code_bytes = 47;
  expect_refused(a.quantize(), "47 where 48");
  expect_refused(a.dequantize(), "47 where 48");
  a = {};
  a.scale_bytes = 3;
  expect_refused(a.quantize(), "3 where 4");
  expect_refused(a.dequantize(), "3 where 4");
  a = {};
  a.value_bytes = 380;
  expect_refused(a.dequantize(), "380 where 384");
  expect_refused(a.round_trip(), "380 where 384");
}

TEST(CApiMisuse, UnknownNamesAreRefusedAndLeaveTheRequestAsItWas) {
  mxemu_request* request = nullptr;
  expect_refused(mxemu_request_create("MXFP5", nullptr, &request), "no format \"MXFP5\"");
  expect_refused(mxemu_request_create("", nullptr, &request), "no format");
  expect_refused(mxemu_request_create("MXINT8", "nobody", &request), "no profile \"nobody\"");
  EXPECT_EQ(request, nullptr);
  Arguments a;
  ASSERT_EQ(a.quantize(), MXEMU_OK);
  const std::vector<std::uint8_t> before = a.code_buffer;
  const char* wrong[][2] = {
      {"colour", "red"},     {"rounding", "sideways"},     {"scale_rule", ""},       {"random_bits", "0"},
      {"random_bits", "33"}, {"random_bits", "1x"},        {"seed", "-1"},           {"seed", " 1"},
      {"block_size", "0"},   {"block_size", "2147483648"}, {"overflow", "Saturate"}, {"", "1"}};
  for (const auto& [name, value] : wrong)
    expect_refused(mxemu_request_set(a.owned.get(), name, value), *name ? name : "nothing called");
  ASSERT_EQ(a.quantize(), MXEMU_OK);
  EXPECT_EQ(a.code_buffer, before);
}

TEST(CApiMisuse, UnknownEnumValuesAreRefused) {
  for (const int value : {4, 255, 1 << 20, -1}) {
    Arguments a;
    a.type = value;
    expect_refused(a.quantize(), "unknown floating-point type");
    expect_refused(a.dequantize(), "unknown floating-point type");
    expect_refused(a.round_trip(), "unknown floating-point type");
    expect_refused(mxemu_encode_elements(a.request, a.float_type(), a.source, 1, 0, a.codes),
                   "unknown floating-point type");
    a = {};
    a.packing = value;
    expect_refused(a.quantize(), "unknown packing");
    expect_refused(a.dequantize(), "unknown packing");
    expect_refused(a.find_sizes(), "unknown packing");
  }
  Arguments a;
  a.packing = 2;  // ggml's blocks hold scales as well and are no packing here
  expect_refused(a.quantize(), "unknown packing 2");
}

TEST(CApiMisuse, UnknownInstructionSetsAreRefused) {
  expect_refused(mxemu_set_isa("sse9"), "sse9");
  expect_refused(mxemu_set_isa(""), "instruction set");
  for (const auto& word : spec::words<fast::Isa>)
    if (!fast::supports(word.value)) expect_refused(mxemu_set_isa(word.name), word.name, MXEMU_NOT_SUPPORTED);
  EXPECT_EQ(mxemu_set_isa(nullptr), MXEMU_OK);
}

TEST(CApiMisuse, OverlappingBuffersAreRefusedAndUntouched) {
  Arguments a;
  const std::vector<float> before = a.numbers;
  auto* const bytes = reinterpret_cast<std::uint8_t*>(a.numbers.data());
  for (std::uint8_t* const inside : {bytes, bytes + 1, bytes + 383}) {
    a.codes = inside;
    expect_refused(a.quantize(), "codes and source overlap");
  }
  a.codes = a.code_buffer.data();
  a.scales = bytes + 380;
  expect_refused(a.quantize(), "scales and source overlap");
  a.scales = a.codes + 47;
  expect_refused(a.quantize(), "scales and codes overlap");
  a = {};
  a.values = a.code_buffer.data();
  expect_refused(a.dequantize(), "output and codes overlap");
  a.values = a.scale_buffer.data() + 3;
  expect_refused(a.dequantize(), "output and scales overlap");
  a.values = reinterpret_cast<std::uint8_t*>(a.numbers.data()) + 4;
  expect_refused(a.round_trip(), "output and source overlap");
  EXPECT_EQ(a.numbers, before);
}

TEST(CApiMisuse, NeighboursThatTouchDoNotOverlap) {
  Arguments a;
  std::vector<std::uint8_t> all(52);
  a.codes = all.data();
  a.scales = all.data() + 48;
  EXPECT_EQ(a.quantize(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(a.dequantize(), MXEMU_OK) << mxemu_last_error();
}

TEST(CApiMisuse, RoundTripsInPlaceAreAllowedForOneTypeOnly) {
  Arguments a;
  a.values = a.numbers.data();
  EXPECT_EQ(a.round_trip(), MXEMU_OK) << mxemu_last_error();
  std::uint16_t narrow[96] = {};
  expect_refused(
      mxemu_roundtrip(a.request, a.grid(), MXEMU_BF16, narrow, 192, MXEMU_F16, narrow, 192, nullptr),
      "overlap");
}

TEST(CApiMisuse, EmptyTensorsNeedNoBuffers) {
  Arguments a;
  for (const mxemu_grid empty : {mxemu_grid{0, 48, 1}, mxemu_grid{2, 0, 1}, mxemu_grid{2, 48, 0}}) {
    EXPECT_EQ(mxemu_quantize(a.request, &empty, MXEMU_F32, nullptr, 0, MXEMU_BYTES, nullptr, 0, nullptr, 0,
                             nullptr),
              MXEMU_OK)
        << mxemu_last_error();
    EXPECT_EQ(mxemu_dequantize(a.request, &empty, MXEMU_BYTES, nullptr, 0, nullptr, 0, MXEMU_F32, nullptr, 0),
              MXEMU_OK)
        << mxemu_last_error();
  }
  EXPECT_EQ(mxemu_encode_elements(a.request, MXEMU_F32, nullptr, 0, 0, nullptr), MXEMU_OK);
  EXPECT_EQ(mxemu_decode_elements(a.request, nullptr, 0, 127, MXEMU_F32, nullptr), MXEMU_OK);
}

TEST(CApiMisuse, ALineOfTwoToTheFortyElementsHasItsSizes) {
  Arguments a;
  a.lines = {1, std::uint64_t{1} << 40, 1};
  ASSERT_EQ(a.find_sizes(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(a.sizes[0], std::uint64_t{1} << 39);
  EXPECT_EQ(a.sizes[1], std::uint64_t{1} << 35);
  expect_refused(a.quantize(), "384 where 4398046511104");
  a.lines = {1, std::uint64_t{1} << 60, 1};
  ASSERT_EQ(a.find_sizes(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(a.sizes[0], std::uint64_t{1} << 59);
  expect_refused(a.quantize(), "384 where");
}

/// Counts that wrap around to what the buffers have must not pass for them.
TEST(CApiMisuse, GridsBeyondMemoryAreRefused) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t big = std::uint64_t{1} << 32;
  for (const mxemu_grid huge :
       {mxemu_grid{1, std::uint64_t{1} << 61, 1}, mxemu_grid{1, std::uint64_t{1} << 62, 1},
        mxemu_grid{1, std::uint64_t{1} << 63, 1}, mxemu_grid{1, most, 1}, mxemu_grid{most, most, most},
        mxemu_grid{big, big, 1}, mxemu_grid{big, 1, big}, mxemu_grid{big * 2, 96, big / 2},
        mxemu_grid{std::uint64_t{1} << 62, 4, 24}, mxemu_grid{(std::uint64_t{1} << 62) + 2, 48, 1}}) {
    Arguments a;
    a.lines = huge;
    EXPECT_EQ(a.find_sizes(), MXEMU_INVALID_ARGUMENT) << huge.outer << ' ' << huge.length;
    EXPECT_EQ(a.quantize(), MXEMU_INVALID_ARGUMENT) << huge.outer << ' ' << huge.length;
    EXPECT_EQ(a.dequantize(), MXEMU_INVALID_ARGUMENT) << huge.outer << ' ' << huge.length;
    EXPECT_EQ(a.round_trip(), MXEMU_INVALID_ARGUMENT) << huge.outer << ' ' << huge.length;
    EXPECT_STRNE(mxemu_last_error(), "");
  }
}

TEST(CApiMisuse, CountsAndExponentsOfElementsBeyondReasonAreRefused) {
  Arguments a;
  for (const std::uint64_t count : {std::uint64_t{1} << 62, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    expect_refused(mxemu_encode_elements(a.request, MXEMU_F32, a.source, count, 0, a.codes), "beyond");
    expect_refused(mxemu_decode_elements(a.request, a.codes, count, 127, MXEMU_F32, a.values), "beyond");
  }
  for (const std::int32_t exponent :
       {-5000, 5000, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()})
    expect_refused(mxemu_encode_elements(a.request, MXEMU_F32, a.source, 4, exponent, a.codes), "exponent");
}

TEST(CApiMisuse, EachThreadHasItsOwnLastErrorAndASuccessLeavesItStanding) {
  Arguments a;
  a.scale_bytes = 3;
  expect_refused(a.quantize(), "3 where 4");
  a.scale_bytes = 4;
  EXPECT_EQ(a.quantize(), MXEMU_OK);
  std::thread([] {
    EXPECT_STREQ(mxemu_last_error(), "") << "a new thread has made no mistake yet";
    mxemu_request* request = nullptr;
    expect_refused(mxemu_request_create("elsewhere", nullptr, &request), "elsewhere");
  }).join();
  EXPECT_NE(std::strstr(mxemu_last_error(), "3 where 4"), nullptr) << mxemu_last_error();
}

}  // namespace
}  // namespace mxemu::fast_tests
