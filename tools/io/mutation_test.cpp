// Every small damage to a valid file is either still a valid file or one FileError: never a crash, never a
// read outside the file (sanitizers watch), never a tensor outside it.
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tools/io/gguf.hpp"
#include "tools/io/npy.hpp"
#include "tools/io/safetensors.hpp"
#include "tools/io/tensor_writer.hpp"
#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

struct Tally {
  int accepted = 0;
  int refused = 0;
};

// Parses a heap copy of exactly this size, so that a sanitizer sees one byte too many.
Contents parse(Container container, std::string_view bytes) {
  const auto copy = std::make_unique<std::byte[]>(bytes.size());
  std::ranges::copy(test::bytes_of(bytes), copy.get());
  const std::span<const std::byte> file(copy.get(), bytes.size());
  switch (container) {
    case Container::Safetensors: return parse_safetensors("m", file);
    case Container::Npy: return parse_npy("m", file);
    case Container::Gguf: return parse_gguf("m", file);
    case Container::Raw: break;
  }
  throw std::logic_error("raw data has no parser");
}

void try_one(Container container, std::string_view bytes, Tally& tally) {
  try {
    const Contents contents = parse(container, bytes);
    for (const TensorInfo& tensor : contents.tensors) {
      ASSERT_LE(tensor.byte_offset, bytes.size());
      ASSERT_LE(tensor.byte_size, bytes.size() - tensor.byte_offset);
      ASSERT_EQ(byte_size_of(tensor.dtype, tensor.shape).bytes, tensor.byte_size);
    }
    ++tally.accepted;
  } catch (const FileError& error) {
    ASSERT_TRUE(std::string_view(error.what()).starts_with("m: ")) << error.what();
    ASSERT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos) << error.what();
    ++tally.refused;
  }
}

std::string valid_file(Container container) {
  const test::TempDir dir;
  const auto path = dir / "seed";
  std::vector<TensorDeclaration> tensors{{"a", DType::F32, {2, 3}}};
  if (container != Container::Npy) {
    tensors.push_back({"empty", DType::F16, {0, 2}});
    tensors.push_back({"scalar", DType::F64, {}});
  }
  if (container == Container::Gguf) tensors.push_back({"blocks", DType::GGML_MXFP4, {2, 32}});
  std::size_t data_bytes = 0;
  for (const auto& tensor : tensors) data_bytes += byte_size_of(tensor.dtype, tensor.shape).bytes;
  const auto writer = create_writer(path, container, tensors, {{"key", "value"}, {"other", ""}});
  writer->write(test::bytes_of(std::string(data_bytes, '1')));
  writer->commit();
  return test::read_file(path);
}

void expect_no_crash(Container container) {
  const std::string valid = valid_file(container);
  Tally tally;
  try_one(container, valid, tally);
  ASSERT_EQ(tally.accepted, 1);
  for (std::size_t size = 0; size < valid.size(); ++size) try_one(container, valid.substr(0, size), tally);
  for (std::size_t at = 0; at < valid.size(); ++at) {
    std::string changed = valid;
    for (int value = 0; value < 256; ++value) {
      changed[at] = static_cast<char>(value);
      try_one(container, changed, tally);
    }
    std::string longer = valid, shorter = valid;
    longer.insert(at, 1, '0');
    shorter.erase(at, 1);
    try_one(container, longer, tally);
    try_one(container, shorter, tally);
  }
  EXPECT_GT(tally.refused, static_cast<int>(valid.size())) << "every truncation at least";
  EXPECT_GT(tally.accepted, 256) << "a changed data byte is still a file";
}

TEST(Mutations, NoDamagedSafetensorsFileCrashes) {
  expect_no_crash(Container::Safetensors);
}
TEST(Mutations, NoDamagedNpyFileCrashes) {
  expect_no_crash(Container::Npy);
}
TEST(Mutations, NoDamagedGgufFileCrashes) {
  expect_no_crash(Container::Gguf);
}

// Truncation of a written file, opened as a user would.
TEST(Mutations, NoTruncatedFileCrashesWhenOpened) {
  const test::TempDir dir;
  for (const auto container : {Container::Safetensors, Container::Npy, Container::Gguf}) {
    const std::string valid = valid_file(container);
    const auto path = dir / (std::string("cut.") + name_of(container));
    for (std::size_t size = 0; size < valid.size(); ++size) {
      test::write_file(path, std::string_view(valid).substr(0, size));
      try {
        const auto file = TensorFile::open(path);
        for (const TensorInfo& tensor : file.tensors()) {
          const auto bytes = file.bytes(tensor);
          const int sum = std::accumulate(bytes.begin(), bytes.end(), 0, [](int total, std::byte byte) {
            return total + std::to_integer<int>(byte);
          });
          ASSERT_GE(sum, 0);
        }
        ASSERT_EQ(container, Container::Gguf) << "only GGUF ends in padding that nothing needs";
      } catch (const FileError& error) {
        ASSERT_NE(std::string(error.what()), "");
      }
    }
  }
}

}  // namespace
}  // namespace mxemu::io
