#include <gtest/gtest.h>

#include <string>

#include "tools/io/safetensors.hpp"
#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

using test::fault_of;
using test::little_endian;

std::string file_of(const std::string& json, std::size_t data_bytes) {
  return little_endian<std::uint64_t>(json.size()) + json + std::string(data_bytes, 'd');
}

std::string fault(const std::string& json, std::size_t data_bytes) {
  return fault_of(file_of(json, data_bytes), "model.safetensors");
}

// One F32 tensor "a" of this shape and these offsets.
std::string one_tensor(const std::string& shape, const std::string& offsets, std::size_t data_bytes) {
  return fault(R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}",
               data_bytes);
}

TEST(Safetensors, TheHeaderIsReadAsTheFormatDefinesIt) {
  const test::TempDir dir;
  const auto path = dir / "model.safetensors";
  test::write_file(path, file_of(R"({"__metadata__":{"k":"v"},)"
                                 R"("late":{"dtype":"BF16","shape":[2,1],"data_offsets":[4,8]},)"
                                 R"("early":{"data_offsets":[0,4],"shape":[],"dtype":"F32"}}   )",
                                 8));
  const auto file = TensorFile::open(path);
  EXPECT_EQ(file.container(), Container::Safetensors);
  ASSERT_EQ(file.tensors().size(), 2U);
  EXPECT_EQ(file.tensors()[0].name, "early");
  EXPECT_EQ(file.tensors()[1].name, "late");
  EXPECT_EQ(file.tensors()[1].shape, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(file.tensors()[1].dtype, DType::BF16);
  EXPECT_EQ(test::text_of(file.bytes(file.tensors()[1])), "dddd");
  EXPECT_EQ(file.metadata(), (Metadata{{"k", "v"}}));
  EXPECT_EQ(file.find("early"), &file.tensors()[0]);
  EXPECT_EQ(file.find("none"), nullptr);
}

TEST(Safetensors, EveryDtypeOfTheFormatIsKnown) {
  for (const auto& row : all_dtypes()) {
    if (!row.safetensors) continue;
    const auto bytes = std::to_string(row.unit_bits);  // eight elements take as many bytes as one has bits
    EXPECT_EQ(test::sentence_of([&] {
                const std::string file = file_of(std::string(R"({"a":{"dtype":")") + row.name +
                                                     R"(","shape":[8],"data_offsets":[0,)" + bytes + "]}}",
                                                 static_cast<std::size_t>(row.unit_bits));
                EXPECT_EQ(parse_safetensors("m", test::bytes_of(file)).tensors.at(0).dtype, row.type);
              }),
              "");
  }
}

TEST(Safetensors, AFileOfNothingButAnEmptyHeaderIsValid) {
  EXPECT_TRUE(parse_safetensors("m", test::bytes_of(file_of("{}", 0))).tensors.empty());
}

TEST(Safetensors, OffsetsPastTheEndAreOneSentence) {
  EXPECT_EQ(one_tensor("[1024]", "[0,4096]", 2048),
            "tensor \"a\": data_offsets [0, 4096] end past the 2048 data bytes of the file");
}

TEST(Safetensors, OffsetsThatRunBackwardsAreRefused) {
  EXPECT_EQ(one_tensor("[1]", "[4,0]", 4), "tensor \"a\": data_offsets [4, 0] end before they begin");
}

TEST(Safetensors, OffsetsAndDimensionsAreNonNegativeIntegersBelow2To63) {
  const std::string ending = " is not an integer between 0 and 2^63 - 1";
  EXPECT_EQ(one_tensor("[1]", "[-4,0]", 4), "tensor \"a\": data_offsets[0]: -4" + ending);
  EXPECT_EQ(one_tensor("[1]", "[0,4.0]", 4), "tensor \"a\": data_offsets[1]: 4.0" + ending);
  EXPECT_EQ(one_tensor("[1]", "[0,\"4\"]", 4), "tensor \"a\": data_offsets[1]: \"4\"" + ending);
  EXPECT_EQ(one_tensor("[-1]", "[0,4]", 4), "tensor \"a\": shape[0]: -1" + ending);
  EXPECT_EQ(one_tensor("[2,9223372036854775808]", "[0,4]", 4),
            "tensor \"a\": shape[1]: 9223372036854775808" + ending);
  EXPECT_EQ(one_tensor("[99999999999999999999]", "[0,4]", 4),
            "tensor \"a\": shape[0]: 99999999999999999999" + ending);
  EXPECT_EQ(one_tensor("[null]", "[0,4]", 4), "tensor \"a\": shape[0]: null" + ending);
  EXPECT_EQ(one_tensor("[[1]]", "[0,4]", 4), "tensor \"a\": shape[0]: a list" + ending);
}

TEST(Safetensors, AShapeWithTheWrongProductIsRefused) {
  EXPECT_EQ(one_tensor("[2,3]", "[0,20]", 20),
            "tensor \"a\": data_offsets [0, 20] hold 20 bytes, but shape [2, 3] of F32 takes 24");
}

TEST(Safetensors, AShapeWhoseProductOverflowsIsRefused) {
  EXPECT_EQ(one_tensor("[4294967296,4294967296]", "[0,0]", 0),
            "tensor \"a\": shape [4294967296, 4294967296] has 2^63 elements or more");
  EXPECT_EQ(one_tensor("[9223372036854775807]", "[0,0]", 0),
            "tensor \"a\": shape [9223372036854775807] of F32 has 2^60 bytes or more");
}

TEST(Safetensors, DataOffsetsAreTwoNumbers) {
  EXPECT_EQ(one_tensor("[1]", "[0]", 4), "tensor \"a\": data_offsets holds 1 numbers, not two");
  EXPECT_EQ(one_tensor("[1]", "[0,4,4]", 4), "tensor \"a\": data_offsets holds 3 numbers, not two");
  EXPECT_EQ(one_tensor("[1]", "4", 4), "tensor \"a\": \"data_offsets\": 4 is not a list of integers");
}

TEST(Safetensors, TensorsNeitherOverlapNorLeaveHoles) {
  const auto two = [](const char* first, const char* second) {
    return std::string(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)") + first +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  EXPECT_EQ(fault(two("[0,4]", "[2,6]"), 8),
            "tensor \"b\": data_offsets begin at 2, inside the tensor before it, which ends at 4");
  EXPECT_EQ(fault(two("[0,4]", "[0,4]"), 8),
            "tensor \"b\": data_offsets begin at 0, inside the tensor before it, which ends at 4");
  EXPECT_EQ(fault(two("[0,4]", "[6,10]"), 10),
            "tensor \"b\": data_offsets begin at 6, leaving a hole after 4");
  EXPECT_EQ(fault(two("[1,5]", "[5,9]"), 9), "tensor \"a\": data_offsets begin at 1, leaving a hole after 0");
  EXPECT_NE(fault(two("[0,4]", "[4,8]"), 9).find("the last 1 bytes of the file belong to no tensor"),
            std::string::npos);
}

TEST(Safetensors, AnEmptyTensorInsideAnotherIsAnOverlap) {
  EXPECT_EQ(fault(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                  R"("b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}})",
                  4),
            "tensor \"b\": data_offsets begin at 2, inside the tensor before it, which ends at 4");
}

TEST(Safetensors, RepeatedKeysAreRefused) {
  const std::string a = R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  EXPECT_EQ(fault("{" + a + "," + a + "}", 1), "header: the key \"a\" is there twice");
  EXPECT_EQ(fault(R"({"__metadata__":{},"__metadata__":{}})", 0),
            "header: the key \"__metadata__\" is there twice");
  EXPECT_EQ(fault(R"({"__metadata__":{"k":"1","k":"2"}})", 0),
            "__metadata__ key \"k\": the key is there twice");
  EXPECT_EQ(fault(R"({"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}})", 1),
            "tensor \"a\": the key \"dtype\" is there twice");
  EXPECT_EQ(fault(R"({"a":{"shape":[1],"shape":[1],"dtype":"U8","data_offsets":[0,1]}})", 1),
            "tensor \"a\": the key \"shape\" is there twice");
}

TEST(Safetensors, MissingAndUnknownKeysAreNamed) {
  EXPECT_EQ(fault(R"({"a":{"shape":[1],"data_offsets":[0,1]}})", 1),
            "tensor \"a\": the key \"dtype\" is missing");
  EXPECT_EQ(fault(R"({"a":{"dtype":"U8","data_offsets":[0,1]}})", 1),
            "tensor \"a\": the key \"shape\" is missing");
  EXPECT_EQ(fault(R"({"a":{"dtype":"U8","shape":[1]}})", 1),
            "tensor \"a\": the key \"data_offsets\" is missing");
  EXPECT_EQ(fault(R"({"a":{"dtype":"U8","strides":[1]}})", 1),
            "tensor \"a\": the key \"strides\" is none of dtype, shape and data_offsets");
}

TEST(Safetensors, AnUnknownDtypeIsNamedWithItsTensor) {
  EXPECT_EQ(fault(R"({"a.weight":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4),
            "tensor \"a.weight\": the dtype \"F31\" is unknown");
}

TEST(Safetensors, SubByteTensorsThatEndInsideAByteAreRefused) {
  EXPECT_EQ(fault(R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}})", 2),
            "tensor \"a\": shape [3] of F4 does not fill whole bytes (12 bits)");
}

TEST(Safetensors, ValuesOfTheWrongKindAreRefused) {
  EXPECT_EQ(fault(R"({"a":1})", 0), "header: 1 is not the JSON object that describes tensor \"a\"");
  EXPECT_EQ(fault(R"({"a":[]})", 0), "header: a list is not the JSON object that describes tensor \"a\"");
  EXPECT_EQ(fault(R"({"a":{"dtype":5}})", 0), "tensor \"a\": \"dtype\": 5 is not a string");
  EXPECT_EQ(fault(R"({"a":{"dtype":{}}})", 0), "tensor \"a\": \"dtype\": an object is not a string");
  EXPECT_EQ(fault(R"({"a":{"shape":true}})", 0), "tensor \"a\": \"shape\": true is not a list of integers");
  EXPECT_EQ(fault(R"({"__metadata__":{"k":1}})", 0), "__metadata__ key \"k\": 1 is not a string");
  EXPECT_EQ(fault(R"({"__metadata__":{"k":[]}})", 0), "__metadata__ key \"k\": a list is not a string");
}

TEST(Safetensors, DeepNestingIsRefusedAtItsFirstLevel) {
  const std::string deep(5'000'000, '[');
  EXPECT_EQ(fault(R"({"a":)" + deep, 0), "header: a list is not the JSON object that describes tensor \"a\"");
}

TEST(Safetensors, BrokenJsonIsReportedWithItsByte) {
  EXPECT_EQ(fault(R"({"a":})", 0), "byte 13: the header is not valid JSON at \"\"a\":}\"");
  EXPECT_NE(fault(R"({"a")", 0).find("the header is not valid JSON"), std::string::npos);
  EXPECT_NE(fault("{} x", 0).find("the header is not valid JSON"), std::string::npos);
  EXPECT_EQ(fault("[]", 0), "byte 8: the header does not start with '{'");
  EXPECT_EQ(fault("", 0), "byte 8: the header does not start with '{'");
}

TEST(Safetensors, AHeaderThatIsNotUtf8IsReportedWithItsByte) {
  EXPECT_EQ(fault("{\"a\xFF\":{}}", 0), "byte 11: the header is not valid UTF-8");
  EXPECT_NE(fault(R"({"\ud800":{}})", 0), "") << "a lone surrogate";
}

TEST(Safetensors, AHeaderLengthThatLiesIsRefused) {
  EXPECT_EQ(fault_of(std::string(5, '\0'), "model.safetensors"),
            "holds 5 bytes, fewer than the 8 of a safetensors header length");
  EXPECT_EQ(fault_of("", "model.safetensors"),
            "holds 0 bytes, fewer than the 8 of a safetensors header length");
  EXPECT_EQ(fault_of(little_endian<std::uint64_t>(3) + "{}", "model.safetensors"),
            "byte 0: the header length 3 exceeds the 2 bytes that follow it");
  EXPECT_EQ(fault_of(little_endian<std::uint64_t>(~std::uint64_t{0}) + "{}", "model.safetensors"),
            "byte 0: the header length 18446744073709551615 exceeds the 100000000 bytes a safetensors header "
            "may have");
}

}  // namespace
}  // namespace mxemu::io
