#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tools/io/dtype.hpp"

namespace mxemu::io {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

TEST(DTypes, EveryNameNumberAndDescrIsUnique) {
  std::set<std::string> names, descrs;
  std::set<int> numbers;
  for (const auto& row : all_dtypes()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.ggml_type < 0 || numbers.insert(row.ggml_type).second) << row.name;
    EXPECT_TRUE(row.npy == nullptr || descrs.insert(row.npy).second) << row.name;
    EXPECT_EQ(parse_dtype(row.name), row.type);
  }
}

TEST(DTypes, NamesAreReadInAnyCaseExceptFromAFile) {
  EXPECT_EQ(parse_dtype("bf16"), DType::BF16);
  EXPECT_EQ(parse_dtype("F6_e2m3"), DType::F6_E2M3);
  EXPECT_EQ(parse_dtype("F33"), std::nullopt);
  EXPECT_EQ(safetensors_dtype("BF16"), DType::BF16);
  EXPECT_EQ(safetensors_dtype("bf16"), std::nullopt);
  EXPECT_EQ(safetensors_dtype("GGML_MXFP4"), std::nullopt);
}

TEST(DTypes, FourTypesAreFloatTypesOfTheSpecification) {
  int floats = 0;
  for (const auto& row : all_dtypes()) {
    const auto type = float_type_of(row.type);
    EXPECT_EQ(is_float(row.type), type.has_value());
    if (!type) continue;
    ++floats;
    EXPECT_EQ(dtype_of(*type), row.type);
    EXPECT_EQ(spec::format_of(*type).bits, row.unit_bits);
  }
  EXPECT_EQ(floats, 4);
}

TEST(DTypes, MxFp4InGgufTakes17BytesFor32Elements) {
  EXPECT_EQ(bits_per_element(DType::GGML_MXFP4), 4.25);
  EXPECT_EQ(byte_size_of(DType::GGML_MXFP4, std::vector<std::int64_t>{3, 64}).bytes, 3U * 2 * 17);
  EXPECT_NE(byte_size_of(DType::GGML_MXFP4, std::vector<std::int64_t>{64, 3}).problem, "");
  EXPECT_NE(byte_size_of(DType::GGML_MXFP4, {}).problem, "");
  EXPECT_EQ(ggml_dtype(39), DType::GGML_MXFP4);
  EXPECT_EQ(ggml_dtype(4), std::nullopt) << "ggml removed this type";
}

TEST(DTypes, SubByteTensorsFillWholeBytes) {
  EXPECT_EQ(byte_size_of(DType::F4, std::vector<std::int64_t>{3, 2}).bytes, 3U);
  EXPECT_EQ(byte_size_of(DType::F6_E2M3, std::vector<std::int64_t>{4}).bytes, 3U);
  EXPECT_NE(byte_size_of(DType::F4, std::vector<std::int64_t>{3}).problem, "");
  EXPECT_NE(byte_size_of(DType::F6_E3M2, std::vector<std::int64_t>{2}).problem, "");
  EXPECT_NE(byte_size_of(DType::F4, {}).problem, "");
}

TEST(DTypes, ScalarsAndEmptyTensorsHaveASize) {
  EXPECT_EQ(byte_size_of(DType::F32, {}).bytes, 4U);
  const ByteSize empty = byte_size_of(DType::F64, std::vector<std::int64_t>{5, 0, 7});
  EXPECT_EQ(empty.bytes, 0U);
  EXPECT_EQ(empty.problem, "");
}

TEST(DTypes, SizesThatOverflowAreRefusedEvenBesideAZero) {
  EXPECT_NE(byte_size_of(DType::F32, std::vector<std::int64_t>{largest}).problem, "");
  EXPECT_NE(byte_size_of(DType::U8, std::vector<std::int64_t>{largest, 2}).problem, "");
  EXPECT_NE(byte_size_of(DType::U8, std::vector<std::int64_t>{largest, 2, 0}).problem, "");
  EXPECT_NE(byte_size_of(DType::U8, std::vector<std::int64_t>{-1}).problem, "");
  EXPECT_NE(byte_size_of(DType::U8, std::vector<std::int64_t>{-2, -2}).problem, "");
}

}  // namespace
}  // namespace mxemu::io
