#include "tools/io/gguf.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

using test::fault_of;
using test::little_endian;

constexpr std::uint64_t huge = ~std::uint64_t{0};

std::string text(const std::string& value) {
  return little_endian<std::uint64_t>(value.size()) + value;
}
std::string u32(std::uint32_t value) {
  return little_endian(value);
}
std::string u64(std::uint64_t value) {
  return little_endian(value);
}

std::string pair_of(const std::string& key, GgufType type, const std::string& value) {
  return text(key) + u32(static_cast<std::uint32_t>(type)) + value;
}

std::string tensor(const std::string& name, const std::vector<std::uint64_t>& ne, std::uint32_t type,
                   std::uint64_t offset) {
  std::string out = text(name) + u32(static_cast<std::uint32_t>(ne.size()));
  for (const auto dimension : ne) out += u64(dimension);
  return out + u32(type) + u64(offset);
}

std::string header(std::uint64_t tensors, std::uint64_t pairs, std::uint32_t version = 3) {
  return "GGUF" + u32(version) + u64(tensors) + u64(pairs);
}

std::string padded(std::string bytes, std::size_t alignment = 32) {
  bytes.append((alignment - bytes.size() % alignment) % alignment, '\0');
  return bytes;
}

std::string fault(const std::string& bytes) {
  return fault_of(bytes, "m.gguf");
}

TEST(Gguf, BothVersionsAreReadWithTheOutermostDimensionFirst) {
  for (const std::uint32_t version : {2U, 3U}) {
    const std::string file =
        padded(header(2, 2, version) + pair_of("general.architecture", GgufType::String, text("llama")) +
               pair_of("n", GgufType::U32, u32(7)) + tensor("w", {32, 3}, 39, 0) + tensor("s", {}, 0, 64)) +
        padded(std::string(51, 'm')) + "ffff";
    const Contents contents = parse_gguf("m.gguf", test::bytes_of(file));
    ASSERT_EQ(contents.tensors.size(), 2U);
    EXPECT_EQ(contents.tensors[0].shape, (std::vector<std::int64_t>{3, 32}));
    EXPECT_EQ(contents.tensors[0].dtype, DType::GGML_MXFP4);
    EXPECT_EQ(contents.tensors[0].byte_size, 51U);
    EXPECT_TRUE(contents.tensors[1].shape.empty());
    EXPECT_EQ(file.substr(contents.tensors[1].byte_offset), "ffff");
    EXPECT_EQ(contents.metadata, (Metadata{{"general.architecture", "llama"}, {"n", "7"}}));
  }
}

TEST(Gguf, OtherQuantisedTypesAreCarriedWithTheirSize) {
  const std::string file = padded(header(1, 0) + tensor("w", {256, 2}, 12, 0)) + std::string(288, 'q');
  const Contents contents = parse_gguf("m.gguf", test::bytes_of(file));
  EXPECT_EQ(contents.tensors.at(0).dtype, DType::GGML_Q4_K);
  EXPECT_EQ(contents.tensors.at(0).byte_size, 288U);
}

TEST(Gguf, EveryKindOfValueIsReadOrSkipped) {
  const std::string nested = u32(9) + u64(2) + u32(0) + u64(1) + "x" + u32(8) + u64(1) + text("deep");
  const std::string file =
      header(0, 8) + pair_of("b", GgufType::Bool, std::string(1, '\1')) + pair_of("i", GgufType::I8, "\xFF") +
      pair_of("l", GgufType::I64, u64(huge)) + pair_of("d", GgufType::F64, u64(0x3FF8000000000000)) +
      pair_of("s", GgufType::Array, u32(8) + u64(2) + text("a") + text("")) +
      pair_of("e", GgufType::Array, u32(6) + u64(0)) + pair_of("n", GgufType::Array, nested) +
      pair_of("general.alignment", GgufType::U32, u32(64));
  const Contents contents = parse_gguf("m.gguf", test::bytes_of(file));
  EXPECT_EQ(contents.metadata,
            (Metadata{{"b", "true"}, {"i", "-1"}, {"l", "-1"}, {"d", "1.5"}, {"general.alignment", "64"}}));
  EXPECT_EQ(contents.alignment, 64U);
  EXPECT_EQ(contents.key_values.size(), 8U);
}

TEST(Gguf, HugeCountsFailBeforeAnythingIsAllocated) {
  EXPECT_EQ(fault(header(huge, 0)),
            "byte 8: the tensor count 18446744073709551615 cannot fit in the 8 bytes left");
  EXPECT_EQ(fault(header(0, huge)),
            "byte 16: the key-value count 18446744073709551615 cannot fit in the 0 bytes left");
  EXPECT_EQ(fault(header(0, 1) + u64(huge) + "abcde"),
            "byte 24: the length of a key 18446744073709551615 cannot fit in the 5 bytes left");
  EXPECT_EQ(fault(header(0, 1) + pair_of("k", GgufType::String, u64(huge))),
            "byte 37: the length of a string value 18446744073709551615 cannot fit in the 0 bytes left");
  EXPECT_EQ(fault(header(0, 1) + pair_of("k", GgufType::Array, u32(10) + u64(huge))),
            "byte 41: the array length 18446744073709551615 cannot fit in the 0 bytes left");
  EXPECT_EQ(fault(header(0, 1) + pair_of("k", GgufType::Array, u32(8) + u64(1) + u64(huge))),
            "byte 57: the file ends inside an array's string, which needs 18446744073709551615 bytes of the "
            "0 left");
  EXPECT_EQ(fault(header(1, 0) + u64(huge) + std::string(24, 'x')),
            "byte 24: the length of a tensor name 18446744073709551615 cannot fit in the 24 bytes left");
}

TEST(Gguf, AWrongMagicOrVersionIsRefused) {
  EXPECT_EQ(fault("GGUX"), "byte 0: the file does not start with the magic GGUF");
  EXPECT_EQ(fault(""), "byte 0: the file does not start with the magic GGUF");
  EXPECT_EQ(fault("GGUF"), "byte 4: the file ends inside the version, which needs 4 bytes of the 0 left");
  EXPECT_EQ(fault(header(0, 0, 1)), "byte 4: GGUF version 1 is not supported (2 and 3 are)");
  EXPECT_EQ(fault(header(0, 0, 0x03000000)), "byte 4: big-endian GGUF files are not supported");
}

TEST(Gguf, BadValuesAreNamedByTheirKey) {
  EXPECT_EQ(fault(header(0, 1) + pair_of("k", static_cast<GgufType>(13), "xxxx")),
            "byte 37: the key \"k\" has the unknown value type 13");
  EXPECT_EQ(fault(header(0, 1) + pair_of("k", GgufType::Array, u32(99) + u64(0))),
            "byte 37: the key \"k\" is an array of the unknown type 99");
  EXPECT_EQ(fault(header(0, 1) + pair_of("k", GgufType::Bool, "\x02")),
            "byte 37: the key \"k\" is a bool of value 2");
  EXPECT_EQ(fault(header(0, 2) + pair_of("k", GgufType::U8, "1") + pair_of("k", GgufType::U8, "1")),
            "byte 38: the key \"k\" is there twice");
  EXPECT_EQ(fault(header(0, 1) + pair_of("\xFF", GgufType::U8, "1")),
            "byte 24: a key \"\\xff\" is not valid UTF-8");
  EXPECT_EQ(fault(header(0, 1) + pair_of("general.alignment", GgufType::U32, u32(48))),
            "byte 53: the key \"general.alignment\" is 48, not a power of two up to 1048576");
  EXPECT_EQ(fault(header(0, 1) + pair_of("general.alignment", GgufType::U32, u32(0))),
            "byte 53: the key \"general.alignment\" is 0, not a power of two up to 1048576");
  EXPECT_EQ(fault(header(0, 1) + pair_of("general.alignment", GgufType::U32, u32(1U << 31))),
            "byte 53: the key \"general.alignment\" is 2147483648, not a power of two up to 1048576");
  EXPECT_EQ(fault(header(0, 1) + pair_of("general.alignment", GgufType::U64, u64(32))),
            "byte 53: the key \"general.alignment\" is not a 32-bit unsigned integer");
}

TEST(Gguf, ArraysNestFourDeepAndNoDeeper) {
  const auto nested = [](int depth) {
    std::string value;
    for (int i = 1; i < depth; ++i) value += u32(9) + u64(1);
    return header(0, 1) + pair_of("k", GgufType::Array, value + u32(0) + u64(1) + "x");
  };
  EXPECT_EQ(test::sentence_of([&] { parse_gguf("m", test::bytes_of(nested(4))); }), "");
  EXPECT_NE(fault(nested(5)).find("the key \"k\" nests arrays more than 4 deep"), std::string::npos);
  EXPECT_NE(fault(nested(100'000)).find("the key \"k\" nests arrays more than 4 deep"), std::string::npos);
}

TEST(Gguf, BadTensorsAreNamed) {
  const auto one = [](const std::string& info) { return padded(header(1, 0) + info) + std::string(64, 'd'); };
  EXPECT_EQ(fault(one(tensor("w", {4}, 77, 0))), "tensor \"w\": the ggml type 77 is unknown");
  EXPECT_EQ(fault(one(tensor("w", {1, 1, 1, 1, 1}, 0, 0))),
            "tensor \"w\": has 5 dimensions, more than the 4 of GGUF");
  EXPECT_EQ(fault(one(tensor("w", {huge}, 0, 0))), "tensor \"w\": shape [-1] has a negative dimension");
  EXPECT_EQ(fault(one(tensor("w", {std::uint64_t{1} << 62, 2}, 0, 0))),
            "tensor \"w\": shape [2, 4611686018427387904] has 2^63 elements or more");
  EXPECT_EQ(
      fault(one(tensor("w", {33}, 39, 0))),
      "tensor \"w\": shape [33] of GGML_MXFP4 has a last dimension that is no multiple of its block size 32");
  EXPECT_EQ(fault(one(tensor("w", {16}, 0, 8))), "tensor \"w\": offset 8 is no multiple of the alignment 32");
  EXPECT_EQ(fault(one(tensor("w", {16}, 0, 32))),
            "tensor \"w\": offset 32 and size 64 end past the 64 data bytes of the file");
  EXPECT_EQ(fault(one(tensor("w", {16}, 0, huge - 31))),
            "tensor \"w\": offset 18446744073709551584 and size 64 end past the 64 data bytes of the file");
}

TEST(Gguf, TwoTensorsShareNeitherNameNorData) {
  const auto two = [](const char* second, std::uint64_t offset) {
    return padded(header(2, 0) + tensor("a", {16}, 0, 0) + tensor(second, {16}, 0, offset)) +
           std::string(128, 'd');
  };
  EXPECT_EQ(fault(two("a", 64)), "byte 57: the tensor \"a\" is there twice");
  EXPECT_EQ(fault(two("b", 32)), "tensor \"b\": its data at byte 128 overlaps that of tensor \"a\"");
  EXPECT_EQ(fault(two("b", 0)), "tensor \"b\": its data at byte 96 overlaps that of tensor \"a\"");
}

TEST(Gguf, AFileThatEndsBeforeItsDataIsRefused) {
  EXPECT_EQ(fault(header(1, 0) + tensor("w", {0}, 0, 0)),
            "byte 57: the file ends before its tensor data, which starts at byte 64");
}

TEST(Gguf, NamesAndTypesThatGgmlCannotReadAreNotWritten) {
  const auto refusal = [](const TensorDeclaration& declaration) {
    return test::sentence_of([&] { gguf_header("m", std::vector{declaration}, {}, nullptr); });
  };
  EXPECT_EQ(refusal({"w", DType::U8, {1}}), "m: tensor \"w\": GGUF has no type U8");
  EXPECT_EQ(refusal({"w", DType::F32, {1, 1, 1, 1, 1}}),
            "m: tensor \"w\": has 5 dimensions, more than the 4 of GGUF");
  EXPECT_NE(refusal({std::string(64, 'w'), DType::F32, {1}})
                .find("its name has 64 bytes, and ggml reads at most 63"),
            std::string::npos);
  EXPECT_NE(refusal({"\xFF", DType::F32, {1}}).find("its name is not valid UTF-8"), std::string::npos);
}

TEST(Gguf, AMinimalFileNamesItsArchitecture) {
  const std::string file = gguf_header("m", {}, {{"mxemu.rule", "floor"}}, nullptr);
  EXPECT_EQ(parse_gguf("m", test::bytes_of(file)).metadata,
            (Metadata{{"general.architecture", "mxemu"}, {"mxemu.rule", "floor"}}));
}

TEST(Gguf, TheSourcesPairsAreCopiedByteForByte) {
  const std::string kept = pair_of("tokens", GgufType::Array, u32(8) + u64(2) + text("\xFF") + text("b")) +
                           pair_of("n", GgufType::U32, u32(7)) +
                           pair_of("general.alignment", GgufType::U32, u32(64));
  const std::string source = header(0, 4) + pair_of("mxemu.rule", GgufType::String, text("floor")) + kept;
  const Contents contents = parse_gguf("source", test::bytes_of(source));
  const GgufSource copied{test::bytes_of(source), contents};
  const std::string out = gguf_header("m", {}, {{"mxemu.rule", "even"}, {"n", "7"}, {"new", "x"}}, &copied);
  EXPECT_EQ(out, padded(header(0, 5) + kept + pair_of("mxemu.rule", GgufType::String, text("even")) +
                            pair_of("new", GgufType::String, text("x")),
                        64));
  EXPECT_EQ(test::sentence_of([&] {
              gguf_header("m", {}, {{"n", "8"}}, &copied);
            }),
            "m: key \"n\": the source has a value here that is no string, and \"8\" cannot replace it");
  EXPECT_NE(test::sentence_of([&] { gguf_header("m", {}, {{"tokens", "8"}}, &copied); }), "");
  EXPECT_EQ(gguf_header("m", {}, {}, &copied), padded(header(0, 3) + kept, 64))
      << "a string not named is left out";
}

}  // namespace
}  // namespace mxemu::io
