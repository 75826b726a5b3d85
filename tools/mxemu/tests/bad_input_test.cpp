// What mxemu says of files that are wrong, and what it leaves behind: nothing.
#include <algorithm>
#include <cstdlib>

#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

/// A safetensors file with this JSON header and `data_bytes` zero bytes.
std::string safetensors(const std::string& header, std::size_t data_bytes) {
  std::string file;
  for (int byte = 0; byte < 8; ++byte) file += static_cast<char>(header.size() >> 8 * byte & 0xff);
  return file + header + std::string(data_bytes, '\0');
}

class BadInput : public CommandTest {
 protected:
  /// roundtrip -o of a file with these bytes: exit 2, a sentence, no output, input untouched.
  void expect_refused(const std::string& name, const std::string& bytes, std::vector<std::string> parts,
                      const std::string& flags = "") {
    SCOPED_TRACE(parts.back());
    write_file(path(name), bytes);
    parts.push_back(name);
    expect_bad_input(
        mxemu("roundtrip " + path(name) + " --format MXFP4_E2M1 -o " + path("out.safetensors") + " " + flags),
        parts);
    expect_only({name});
    const auto after = read_file(path(name));
    EXPECT_TRUE(std::ranges::equal(after, bytes, {}, [](std::byte b) { return static_cast<char>(b); }));
    std::filesystem::remove(path(name));
  }

  /// The directory holds these files and no others, hidden ones included.
  void expect_only(const std::vector<std::string>& names) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory()))
      found.push_back(entry.path().filename().string());
    EXPECT_EQ(found, names);
  }
};

TEST_F(BadInput, LyingSafetensorsHeadersAreOneSentence) {
  const std::string f32 = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)";
  expect_refused("x.safetensors", safetensors(f32 + "[0,8]}}", 4), {"\"a\"", "data_offsets"});
  expect_refused("x.safetensors", safetensors(f32 + "[8,0]}}", 8), {"\"a\""});
  expect_refused("x.safetensors", safetensors(f32 + "[-8,0]}}", 8), {"\"a\""});
  expect_refused("x.safetensors", safetensors(f32 + "[0,4]}}", 4), {"\"a\""});
  expect_refused(
      "x.safetensors",
      safetensors(R"({"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}})", 8),
      {"\"a\""});
  expect_refused("x.safetensors", safetensors(R"({"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})", 8),
                 {"\"a\"", "F33"});
  expect_refused("x.safetensors",
                 safetensors(f32 + R"([0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})", 16),
                 {"\"a\""});
  expect_refused("x.safetensors",
                 safetensors(f32 + R"([0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12),
                 {"\"b\""});
  expect_refused("x.safetensors", safetensors("{\"\xff\":1}", 0), {"UTF-8"});
  expect_refused("x.safetensors", safetensors(f32 + "[0,8]}}", 8).substr(0, 20), {"header"});
  expect_refused("x.safetensors", "", {"x.safetensors"});
}

TEST_F(BadInput, OtherContainersAreOneSentenceToo) {
  expect_refused("x.npy", "\x93NUMPX\x01\x00", {"magic"});
  expect_refused("x.gguf", std::string("GGUF\x03\0\0\0", 8) + std::string(8, '\xff') + std::string(8, '\xff'),
                 {"x.gguf"});
  expect_refused("x.raw", std::string(7, 'x'), {"7"}, "--dtype f32 --shape 2");
  expect_refused("x.raw", std::string(8, 'x'), {"x.raw"});
  expect_refused("x.txt", "hello", {"x.txt"});
}

TEST_F(BadInput, PathsThatCannotBeReadOrWrittenAreOneSentence) {
  expect_bad_input(mxemu("inspect " + path("absent.safetensors")), {"absent.safetensors"});
  expect_bad_input(mxemu("inspect " + directory().string()), {directory().string()});
  expect_bad_input(
      mxemu("roundtrip " + sample_file() + " --format MXINT8 -o " + path("no/such/place.safetensors")),
      {"no/such/place.safetensors"});
  std::filesystem::create_directory(path("folder.safetensors"));
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 -o " + path("folder.safetensors")),
                   {"folder.safetensors"});
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 -o " + path("out.txt")),
                   {"out.txt", ".safetensors"});
  expect_only({"folder.safetensors"});
}

TEST_F(BadInput, AFullDiskLeavesNothingBehind) {
  // A file-size limit stands in for the disk: the write fails in the same place and the same way.
  expect_bad_input(mxemu("quantize " + sample_file() + " --format MXFP8_E4M3 -o " + path("out.safetensors"),
                         "ulimit -f 100;"),
                   {"out.safetensors", "File too large"});
  expect_only({});
}

TEST_F(BadInput, AnInterruptLeavesNothingBehind) {
  write_file(path("big.raw"), std::string(std::size_t{64} << 20, '\x3f'));
  const Outcome outcome =
      mxemu("roundtrip " + path("big.raw") + " --dtype f32 --shape -1 --format MXFP8_E4M3 --subject reference -o " +
                path("out.safetensors"),
            "(sleep 0.5; kill -INT $$) &");
  EXPECT_EQ(outcome.status, 128 + 2) << outcome.err;
  expect_only({"big.raw"});
}

TEST_F(BadInput, NoOutputReplacesAnInputOrAnotherOutput) {
  std::filesystem::copy_file(sample_file(), path("x.safetensors"));
  const std::string roundtrip = "roundtrip " + path("x.safetensors") + " --format MXINT8 ";
  expect_bad_input(mxemu(roundtrip + "-o " + path("x.safetensors")), {"x.safetensors", "never modified"});
  expect_bad_input(mxemu(roundtrip + "--report " + path("x.safetensors")),
                   {"x.safetensors", "never modified"});
  expect_bad_input(mxemu(roundtrip + "-o " + path("o.safetensors") + " --report " + path("o.safetensors")),
                   {"o.safetensors", "same file"});
  expect_bad_input(mxemu(roundtrip + "--report " + path("no/such/report.html")), {"no/such/report.html"});
  EXPECT_EQ(read_file(path("x.safetensors")), read_file(sample_file()));
  expect_only({"x.safetensors"});
}

TEST_F(BadInput, ExpressionsThatWouldRunForEverAreRefused) {
  write_file(path("x.safetensors"), safetensors("{\"" + std::string(2000, 'n') +
                                                    R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                                                4));
  const std::string roundtrip = "roundtrip " + path("x.safetensors") + " --format MXINT8 --tensors ";
  expect_bad_input(mxemu(roundtrip + "\"(n|.)*(n|.)*(n|.)*[xy]\""), {"takes too long"});
  expect_bad_input(mxemu(roundtrip + "\"" + std::string(60000, '(') + "\""), {"not a regular expression"});
  EXPECT_EQ(mxemu(roundtrip + "n").status, 0) << "a long name is no fault";
}

TEST_F(BadInput, AFileThatSaysItsTypesTakesNoOthers) {
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 --dtype bf16"),
                   {"sample.safetensors", "--dtype"});
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 --seed 4"), {"--seed"});
}

TEST_F(BadInput, ThereMustBeSomethingToConvert) {
  write_file(path("ints.safetensors"),
             safetensors(R"({"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}})", 8));
  expect_bad_input(mxemu("roundtrip " + path("ints.safetensors") + " --format MXINT8"),
                   {"ints.safetensors", "no F64, F32, F16 or BF16 tensor"});
  expect_bad_input(mxemu("dequantize " + path("ints.safetensors") + " -o " + path("o.npy")),
                   {"holds no MX tensor"});
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 --tensors nosuch"),
                   {"no floating-point tensor matches \"nosuch\""});
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 --tensors \"(\""),
                   {"\"(\"", "not a regular expression"});
}

TEST_F(BadInput, WhatAContainerCannotHoldIsOneSentence) {
  expect_bad_input(mxemu("quantize " + sample_file() + " --format MXINT8 -o " + path("o.gguf")),
                   {"GGUF holds MXFP4_E2M1", "MXINT8"});
  expect_bad_input(mxemu("quantize " + sample_file() + " --format MXFP4_E2M1 -o " + path("o.gguf")),
                   {"norm.weight", "[500]"});
  expect_bad_input(mxemu("quantize " + sample_file() + " --format MXFP4_E2M1 -o " + path("o.npy")),
                   {"no place for scales"});
  expect_bad_input(
      mxemu("quantize " + sample_file() + " --format MXFP4_E2M1 --axis 5 -o " + path("o.safetensors")),
      {"axis 5"});
  expect_bad_input(
      mxemu("quantize " + sample_file() + " --format MXFP4_E2M1 --tail refuse -o " + path("o.safetensors")),
      {"norm.weight", "500", "32"});
  expect_bad_input(mxemu("roundtrip " + sample_file() + " --format MXINT8 --subject fpga"),
                   {"\"fpga\"", "reference"});
  expect_only({});
}

TEST_F(BadInput, ANameCollisionIsOneSentence) {
  write_file(path("x.safetensors"),
             safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                         R"("a_scale":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                         8));
  expect_bad_input(mxemu("quantize " + path("x.safetensors") + " --format MXINT8 --tensors ^a$ -o " +
                         path("o.safetensors")),
                   {"a_scale"});
  expect_only({"x.safetensors"});
}

TEST_F(BadInput, ARecordThatContradictsItsFileIsOneSentence) {
  const std::string data =
      R"("a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},"a_scale":{"dtype":"F8_E8M0","shape":[1],"data_offsets":[4,5]}})";
  const auto file = [&](const std::string& record) {
    return safetensors(R"({"__metadata__":{"mxemu":")" + record + R"("},)" + data, 5);
  };
  const auto refuse = [&](const std::string& record, const std::vector<std::string>& parts) {
    write_file(path("x.safetensors"), file(record));
    expect_bad_input(mxemu("dequantize " + path("x.safetensors") + " -o " + path("o.npy")), parts);
  };
  refuse("nonsense", {"x.safetensors", "metadata \"mxemu\"", "no JSON object"});
  refuse(R"({\"version\":9,\"tensors\":{}})", {"\"version\"", "1 to 1"});
  refuse(R"({\"version\":1,\"tensors\":{\"b\":{\"format\":\"MXFP9\"}}})", {"\"b\"", "MXFP9"});
  refuse(R"({\"version\":1,\"tensors\":{\"a\":{\"format\":\"MXFP8_E4M3\"}}})",
         {"\"a\"", "no \"block_size\""});
  for (const char* size : {"32.9", "4294967328", "-1", "\\\"32\\\""})
    refuse(R"({\"version\":1,\"tensors\":{\"a\":{\"format\":\"MXFP8_E4M3\",\"block_size\":)" +
               std::string(size) + "}}}",
           {"\"block_size\" is no integer from 1 to 2147483647"});
  expect_only({"x.safetensors"});
}

}  // namespace
}  // namespace mxemu::cli::tests
