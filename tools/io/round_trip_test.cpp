#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tools/io/tensor_writer.hpp"
#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

using test::bytes_of;
using test::sentence_of;
using test::text_of;

struct Tensor {
  TensorDeclaration declaration;
  std::string data;
};

// Every byte differs from its neighbours, so that a shifted copy is seen.
Tensor make(const std::string& name, DType dtype, std::vector<std::int64_t> shape) {
  Tensor tensor{{name, dtype, std::move(shape)}, {}};
  tensor.data.resize(byte_size_of(dtype, tensor.declaration.shape).bytes);
  for (std::size_t i = 0; i < tensor.data.size(); ++i)
    tensor.data[i] = static_cast<char>(i * 7 + name.size());
  return tensor;
}

std::vector<TensorDeclaration> declarations(const std::vector<Tensor>& tensors) {
  std::vector<TensorDeclaration> out;
  for (const Tensor& tensor : tensors) out.push_back(tensor.declaration);
  return out;
}

void write(TensorWriter& writer, const std::vector<Tensor>& tensors, std::size_t chunk) {
  std::string all;
  for (const Tensor& tensor : tensors) all += tensor.data;
  for (std::size_t i = 0; i < all.size(); i += chunk)
    writer.write(bytes_of(std::string_view(all).substr(i, chunk)));
  writer.commit();
}

void expect_round_trip(Container container, const std::string& name, const std::vector<Tensor>& tensors,
                       std::size_t chunk, const std::optional<RawLayout>& layout = std::nullopt) {
  const test::TempDir dir;
  const auto path = dir / name;
  write(*create_writer(path, container, declarations(tensors), {{"general.name", "k\xE2\x82\xAC\n\""}}),
        tensors, chunk);
  const auto file = TensorFile::open(path, layout);
  EXPECT_EQ(file.container(), container);
  ASSERT_EQ(file.tensors().size(), tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const TensorInfo& info = file.tensors()[i];
    EXPECT_EQ(info.name, tensors[i].declaration.name);
    EXPECT_EQ(info.dtype, tensors[i].declaration.dtype);
    EXPECT_EQ(info.shape, tensors[i].declaration.shape);
    EXPECT_EQ(text_of(file.bytes(info)), tensors[i].data);
  }
  const bool keeps_metadata = container == Container::Safetensors || container == Container::Gguf;
  if (keeps_metadata) {
    EXPECT_EQ(file.metadata().at("general.name"), "k\xE2\x82\xAC\n\"");
  }
  EXPECT_EQ(dir.count(), 1);
}

const std::vector<std::vector<std::int64_t>> shapes{{}, {1}, {0}, {3}, {2, 3}, {4, 0, 2}, {2, 3, 4, 5}};

TEST(RoundTrips, SafetensorsKeepsEveryTypeAndShape) {
  std::vector<Tensor> tensors;
  for (const auto& row : all_dtypes())
    for (std::size_t i = 0; i < shapes.size(); ++i)
      if (row.safetensors && byte_size_of(row.type, shapes[i]).problem.empty())
        tensors.push_back(make(std::string(row.name) + std::to_string(i), row.type, shapes[i]));
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{1'000'000}})
    expect_round_trip(Container::Safetensors, "m.safetensors", tensors, chunk);
}

TEST(RoundTrips, SafetensorsDataStartsAtAMultipleOfEight) {
  const test::TempDir dir;
  for (std::size_t length = 1; length < 12; ++length) {
    const std::vector<Tensor> tensors{make(std::string(length, 'n'), DType::F32, {2})};
    write(*create_writer(dir / "m.safetensors", Container::Safetensors, declarations(tensors)), tensors, 100);
    EXPECT_EQ(TensorFile::open(dir / "m.safetensors").tensors()[0].byte_offset % 8, 0U);
  }
}

TEST(RoundTrips, GgufKeepsEveryTypeAndShape) {
  std::vector<Tensor> tensors;
  for (const auto& row : all_dtypes()) {
    if (row.ggml_type < 0) continue;
    for (std::size_t i = 0; i < shapes.size(); ++i)
      if (byte_size_of(row.type, shapes[i]).problem.empty())
        tensors.push_back(make(std::string(row.name) + std::to_string(i), row.type, shapes[i]));
    if (is_ggml_block(row.type)) tensors.push_back(make(row.name, row.type, {3, 2 * row.unit_elements}));
  }
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{1'000'000}})
    expect_round_trip(Container::Gguf, "m.gguf", tensors, chunk);
}

TEST(RoundTrips, GgufDataIsPaddedToTheAlignmentUpToItsEnd) {
  const test::TempDir dir;
  const std::vector<Tensor> tensors{make("a", DType::I8, {3}), make("b", DType::I8, {0}),
                                    make("c", DType::I8, {33})};
  write(*create_writer(dir / "m.gguf", Container::Gguf, declarations(tensors)), tensors, 100);
  const auto file = TensorFile::open(dir / "m.gguf");
  for (const TensorInfo& tensor : file.tensors()) EXPECT_EQ(tensor.byte_offset % 32, 0U);
  EXPECT_EQ(file.file_bytes().size() % 32, 0U);
}

TEST(RoundTrips, NpyKeepsEveryTypeAndShape) {
  for (const auto& row : all_dtypes())
    for (const auto& shape : shapes)
      if (row.npy != nullptr) expect_round_trip(Container::Npy, "x.npy", {make("x", row.type, shape)}, 7);
}

TEST(RoundTrips, RawKeepsEveryTypeAndShape) {
  for (const auto& row : all_dtypes())
    for (const auto& shape : shapes)
      if (byte_size_of(row.type, shape).problem.empty())
        expect_round_trip(Container::Raw, "x.bin", {make("x", row.type, shape)}, 7,
                          RawLayout{row.type, shape});
}

TEST(RoundTrips, FilesOfNoTensorAreValid) {
  expect_round_trip(Container::Safetensors, "m.safetensors", {}, 1);
  expect_round_trip(Container::Gguf, "m.gguf", {}, 1);
}

TEST(RoundTrips, AGgufTemplateGivesItsPairsAndItsAlignment) {
  const test::TempDir dir;
  const std::vector<Tensor> tensors{make("w", DType::F32, {32})};
  const std::string source = "GGUF" + test::little_endian<std::uint32_t>(3) +
                             test::little_endian<std::uint64_t>(0) + test::little_endian<std::uint64_t>(1) +
                             test::little_endian<std::uint64_t>(17) + "general.alignment" +
                             test::little_endian<std::uint32_t>(4) + test::little_endian<std::uint32_t>(256);
  test::write_file(dir / "source.gguf", source);
  const auto opened = TensorFile::open(dir / "source.gguf");
  write(*create_writer(dir / "m.gguf", Container::Gguf, declarations(tensors), opened.metadata(), &opened),
        tensors, 9);
  const auto file = TensorFile::open(dir / "m.gguf");
  EXPECT_EQ(file.metadata(), opened.metadata());
  EXPECT_EQ(file.contents().alignment, 256U);
  EXPECT_EQ(file.tensors()[0].byte_offset, 256U);
  EXPECT_EQ(text_of(file.bytes(file.tensors()[0])), tensors[0].data);
  EXPECT_EQ(file.file_bytes().size(), 512U);
  EXPECT_EQ(test::read_file(dir / "source.gguf"), source);
}

TEST(Writers, RefuseTensorsTheContainerCannotHold) {
  const test::TempDir dir;
  const auto path = dir / "out";
  const auto refusal = [&](Container container, const std::vector<TensorDeclaration>& tensors) {
    const std::string sentence = sentence_of([&] { create_writer(path, container, tensors); });
    return sentence.substr(std::min(sentence.size(), path.string().size() + 2));
  };
  const TensorDeclaration f32{"w", DType::F32, {2}};
  EXPECT_EQ(refusal(Container::Safetensors, {f32, f32}), "tensor \"w\": the name is declared twice");
  EXPECT_EQ(refusal(Container::Safetensors, {{"__metadata__", DType::F32, {2}}}),
            "tensor \"__metadata__\": safetensors keeps this name for its metadata");
  EXPECT_EQ(refusal(Container::Safetensors, {{"w", DType::GGML_MXFP4, {32}}}),
            "tensor \"w\": safetensors has no dtype GGML_MXFP4");
  EXPECT_EQ(refusal(Container::Safetensors, {{"\xFF", DType::F32, {2}}}),
            "\"\\xff\" is not valid UTF-8, so no safetensors header can hold it");
  EXPECT_EQ(refusal(Container::Safetensors, {{"w", DType::F32, {-2}}}),
            "tensor \"w\": shape [-2] has a negative dimension");
  EXPECT_EQ(refusal(Container::Npy, {{"a", DType::F32, {2}}, {"b", DType::F32, {2}}}),
            "an npy file holds one tensor, not 2");
  EXPECT_EQ(refusal(Container::Raw, {}), "a raw file holds one tensor, not 0");
  EXPECT_EQ(refusal(Container::Gguf, {{"w", DType::F8_E4M3, {2}}}), "tensor \"w\": GGUF has no type F8_E4M3");
  EXPECT_EQ(refusal(Container::Gguf, {{"a", DType::I8, {1LL << 61}}, {"b", DType::I8, {1LL << 61}}}),
            "tensor \"a\": shape [2305843009213693952] of I8 has 2^60 bytes or more");
  EXPECT_EQ(dir.count(), 0);
}

TEST(Writers, TakeExactlyTheDeclaredData) {
  const test::TempDir dir;
  const std::vector<TensorDeclaration> tensors{{"w", DType::U8, {4}}};
  auto writer = create_writer(dir / "x.npy", Container::Npy, tensors);
  writer->write(bytes_of("abc"));
  EXPECT_THROW(writer->commit(), std::invalid_argument);
  writer->write(bytes_of("d"));
  EXPECT_THROW(writer->write(bytes_of("e")), std::invalid_argument);
  writer.reset();
  EXPECT_EQ(dir.count(), 0);
}

TEST(Writers, NeverReplaceTheirTemplate) {
  const test::TempDir dir;
  const auto path = dir / "m.gguf";
  create_writer(path, Container::Gguf, {})->commit();
  const auto opened = TensorFile::open(path);
  EXPECT_NE(sentence_of([&] {
              create_writer(path, Container::Gguf, {}, {}, &opened);
            }).find("is an input of this run"),
            std::string::npos);
}

}  // namespace
}  // namespace mxemu::io
