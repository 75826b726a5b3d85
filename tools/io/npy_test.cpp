#include "tools/io/npy.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

using test::fault_of;
using test::little_endian;

std::string file_of(const std::string& dict, const std::string& data, int major = 1) {
  const auto length = major == 1 ? little_endian(static_cast<std::uint16_t>(dict.size()))
                                 : little_endian(static_cast<std::uint32_t>(dict.size()));
  return std::string(npy_magic) + static_cast<char>(major) + '\0' + length + dict + data;
}

std::string dict_of(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }   \n";
}

std::string fault(const std::string& dict, std::size_t data_bytes) {
  return fault_of(file_of(dict, std::string(data_bytes, 'd')), "x.npy");
}

TEST(Npy, EveryVersionIsRead) {
  for (const int major : {1, 2, 3}) {
    const std::string file = file_of(dict_of("<f4", "False", "(2, 3)"), std::string(24, 'd'), major);
    const Contents contents = parse_npy("dir/weights.npy", test::bytes_of(file));
    ASSERT_EQ(contents.tensors.size(), 1U);
    EXPECT_EQ(contents.tensors[0].name, "weights");
    EXPECT_EQ(contents.tensors[0].dtype, DType::F32);
    EXPECT_EQ(contents.tensors[0].shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(contents.tensors[0].byte_offset, file.size() - 24);
    EXPECT_FALSE(contents.fortran_order);
  }
}

TEST(Npy, TheDictIsReadInAnyOrderAndSpelling) {
  const auto parse = [](const std::string& dict, std::size_t bytes) {
    return parse_npy("x.npy", test::bytes_of(file_of(dict, std::string(bytes, 'd')))).tensors.at(0);
  };
  EXPECT_EQ(parse(R"({"shape":(4L,),"fortran_order":True,"descr":"|u1"})", 4).dtype, DType::U8);
  EXPECT_EQ(parse("{'shape': (), 'fortran_order': False, 'descr': '<i1'}", 1).dtype, DType::I8);
  EXPECT_EQ(parse("{'shape': (0, 3), 'fortran_order': True, 'descr': '<i8'}", 0).byte_size, 0U);
}

TEST(Npy, FortranOrderIsPresentedRowMajor) {
  const test::TempDir dir;
  const auto path = dir / "x.npy";
  // Element (i, j, k) is stored at i + 2 j + 6 k and has that value.
  std::string data;
  for (std::uint16_t i = 0; i < 24; ++i) data += little_endian(i);
  test::write_file(path, file_of(dict_of("<u2", "True", "(2, 3, 4)"), data));
  const auto file = TensorFile::open(path);
  std::string expected;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) expected += little_endian(static_cast<std::uint16_t>(i + 2 * j + 6 * k));
  EXPECT_EQ(test::text_of(file.bytes(file.tensors()[0])), expected);
  file.release(file.tensors()[0]);
  EXPECT_EQ(test::text_of(file.bytes(file.tensors()[0])), expected);
  EXPECT_EQ(file.tensors()[0].shape, (std::vector<std::int64_t>{2, 3, 4}));
}

TEST(Npy, AWrongMagicIsOneSentence) {
  EXPECT_EQ(fault_of("\x93NUMPX and more", "x.npy"),
            "byte 0: the file does not start with the npy magic \\x93NUMPY");
  EXPECT_EQ(fault_of("", "x.npy"), "byte 0: the file does not start with the npy magic \\x93NUMPY");
}

TEST(Npy, AnUnknownVersionIsRefused) {
  EXPECT_EQ(fault_of(std::string(npy_magic) + std::string("\x04\x00\x00\x00", 4), "x.npy"),
            "byte 6: npy version 4.0 is not supported (1.0, 2.0 and 3.0 are)");
}

TEST(Npy, ATruncatedHeaderIsOneSentence) {
  const std::string whole = file_of(dict_of("<f4", "False", "(1,)"), "");
  EXPECT_EQ(fault_of(whole.substr(0, 30), "x.npy"), "byte 10: the file ends inside the header, which needs " +
                                                        std::to_string(whole.size() - 10) +
                                                        " bytes of the 20 left");
  EXPECT_EQ(fault_of(std::string(npy_magic) + std::string("\x02\x00\xff\xff\xff\xff", 6), "x.npy"),
            "byte 12: the file ends inside the header, which needs 4294967295 bytes of the 0 left");
}

TEST(Npy, DataOfAnotherSizeThanTheShapeIsRefused) {
  EXPECT_EQ(fault(dict_of("<f4", "False", "(2, 3)"), 23),
            "header: shape [2, 3] of F32 takes 24 bytes, but 23 follow the header");
  EXPECT_EQ(fault(dict_of("<f4", "False", "(2, 3)"), 25),
            "header: shape [2, 3] of F32 takes 24 bytes, but 25 follow the header");
}

TEST(Npy, TypesWithoutAMeaningHereAreRefusedWithTheReason) {
  EXPECT_EQ(
      fault(dict_of(">f4", "False", "(1,)"), 4),
      "header: descr \">f4\" is big-endian, which is not supported; convert the array to little-endian");
  EXPECT_EQ(fault(dict_of("|V2", "False", "(1,)"), 2),
            "header: descr \"|V2\" is untyped bytes, which do not say what they hold (NumPy saves bfloat16 "
            "so); save "
            "the array as float32, or as safetensors");
  EXPECT_EQ(fault(dict_of("|O", "False", "(1,)"), 2), "header: descr \"|O\" is not a supported NumPy type");
  EXPECT_EQ(fault(dict_of("<U4", "False", "(1,)"), 2), "header: descr \"<U4\" is not a supported NumPy type");
  EXPECT_EQ(fault(dict_of("<f16", "False", "(1,)"), 16),
            "header: descr \"<f16\" is not a supported NumPy type");
  EXPECT_NE(fault("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4)
                .find("structured arrays are not supported"),
            std::string::npos);
}

TEST(Npy, KeysAreAllThereAndEachOnce) {
  EXPECT_EQ(fault("{'fortran_order': False, 'shape': (1,)}", 4), "header: the key \"descr\" is missing");
  EXPECT_EQ(fault("{'descr': '<f4', 'shape': (1,)}", 4), "header: the key \"fortran_order\" is missing");
  EXPECT_EQ(fault("{'descr': '<f4', 'fortran_order': False}", 4), "header: the key \"shape\" is missing");
  EXPECT_EQ(fault("{'descr': '<f4', 'descr': '<f4'}", 4), "byte 35: the key \"descr\" is there twice");
  EXPECT_EQ(fault("{'extra': '<f4'}", 4),
            "byte 19: the key \"extra\" is none of descr, fortran_order and shape");
}

TEST(Npy, ShapesAreTuplesOfNonNegativeIntegers) {
  EXPECT_NE(fault(dict_of("<f4", "False", "(-1,)"), 4).find("not a non-negative integer"), std::string::npos);
  EXPECT_EQ(fault(dict_of("<f4", "False", "(1.0,)"), 4), "byte 62: the header has no ')' here");
  EXPECT_NE(fault(dict_of("<f4", "False", "(9223372036854775808,)"), 4).find("2^63 or more"),
            std::string::npos);
  EXPECT_NE(fault(dict_of("<f4", "False", "(4294967296, 4294967296)"), 4).find("2^63 elements or more"),
            std::string::npos);
  EXPECT_NE(fault(dict_of("<f4", "False", "(1)"), 4).find("has no comma"), std::string::npos);
  EXPECT_NE(fault(dict_of("<f4", "False", "[1]"), 4).find("has no '(' here"), std::string::npos);
  EXPECT_NE(fault(dict_of("<f4", "Maybe", "(1,)"), 4).find("neither True nor False"), std::string::npos);
  EXPECT_NE(fault("{'descr': '<f4", 4).find("a string of the header does not end"), std::string::npos);
  EXPECT_NE(fault(dict_of("<f4", "False", "(1,)") + "x", 4).find("unexpected text after"), std::string::npos);
}

TEST(Npy, TheWrittenHeaderIsNumPysOwn) {
  const std::string header = npy_header("x.npy", std::vector<TensorDeclaration>{{"x", DType::F32, {2, 3}}});
  EXPECT_EQ(header.size() % 64, 0U);
  EXPECT_EQ(header.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  EXPECT_TRUE(header.substr(10).starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } "));
  EXPECT_EQ(header.back(), '\n');
}

TEST(Npy, TypesNumPyLacksAreNotWritten) {
  EXPECT_EQ(test::sentence_of([] {
              npy_header("x.npy", std::vector<TensorDeclaration>{{"w", DType::BF16, {2}}});
            }),
            "x.npy: tensor \"w\": NumPy has no dtype BF16; write safetensors, or convert to F32");
  EXPECT_EQ(test::sentence_of([] { npy_header("x.npy", {}); }), "x.npy: an npy file holds one tensor, not 0");
}

}  // namespace
}  // namespace mxemu::io
