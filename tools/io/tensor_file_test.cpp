#include "tools/io/tensor_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "tools/io/npy.hpp"
#include "tools/io/test_files.hpp"

namespace mxemu::io {
namespace {

using test::sentence_of;

std::string raw_fault(std::size_t file_bytes, const RawLayout& layout) {
  const test::TempDir dir;
  const auto path = dir / "x.bin";
  test::write_file(path, std::string(file_bytes, 'd'));
  const std::string sentence = sentence_of([&] { TensorFile::open(path, layout); });
  return sentence.substr(std::min(sentence.size(), path.string().size() + 2));
}

std::vector<std::int64_t> raw_shape(std::size_t file_bytes, const RawLayout& layout) {
  const test::TempDir dir;
  const auto path = dir / "x.bin";
  test::write_file(path, std::string(file_bytes, 'd'));
  return TensorFile::open(path, layout).tensors().at(0).shape;
}

TEST(TensorFiles, ADirectoryIsOneSentence) {
  const test::TempDir dir;
  EXPECT_EQ(sentence_of([&] { TensorFile::open(dir.path()); }),
            dir.path().string() + ": is a directory, not a tensor file");
}

TEST(TensorFiles, AMissingFileIsOneSentence) {
  EXPECT_EQ(sentence_of([] { TensorFile::open("no/such.npy"); }),
            "no/such.npy: cannot be opened: No such file or directory");
}

TEST(TensorFiles, AnUnreadableFileIsOneSentence) {
  const test::TempDir dir;
  const auto path = dir / "x.npy";
  test::write_file(path, "x");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  const test::Unprivileged user;
  if (!user.holds()) GTEST_SKIP() << "root can read every file";
  EXPECT_EQ(sentence_of([&] { TensorFile::open(path); }),
            path.string() + ": cannot be opened: Permission denied");
}

TEST(TensorFiles, APipeIsRefusedWithoutWaitingForItsWriter) {
  const test::TempDir dir;
  const auto path = dir / "pipe.npy";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(sentence_of([&] { TensorFile::open(path); }),
            path.string() + ": is not a regular file; pipes and devices cannot be mapped");
}

TEST(TensorFiles, TheMagicDecidesBeforeTheExtension) {
  const test::TempDir dir;
  const auto npy = dir / "really_npy.gguf";
  test::write_file(npy, npy_header(npy, std::vector<TensorDeclaration>{{"x", DType::U8, {0}}}));
  EXPECT_EQ(TensorFile::open(npy).container(), Container::Npy);
  const auto safetensors = dir / "no_extension";
  test::write_file(safetensors, std::string("\x02\0\0\0\0\0\0\0{}", 10));
  EXPECT_EQ(TensorFile::open(safetensors).container(), Container::Safetensors);
}

TEST(TensorFiles, AnUnknownFileAsksForALayout) {
  EXPECT_EQ(test::fault_of("PK\x03\x04 some archive", "x.npz"),
            "is no safetensors, npy or GGUF file; raw data needs a dtype and a shape");
  EXPECT_EQ(test::fault_of("", "x.bin"),
            "is no safetensors, npy or GGUF file; raw data needs a dtype and a shape");
}

TEST(TensorFiles, ContainersAreNamedByExtension) {
  EXPECT_EQ(container_of_extension("a/b.safetensors"), Container::Safetensors);
  EXPECT_EQ(container_of_extension("b.npy"), Container::Npy);
  EXPECT_EQ(container_of_extension("b.gguf"), Container::Gguf);
  EXPECT_EQ(container_of_extension("b.bin"), Container::Raw);
  EXPECT_EQ(container_of_extension("b.raw"), Container::Raw);
  EXPECT_EQ(container_of_extension("b.pt"), std::nullopt);
  EXPECT_EQ(container_of_extension("npy"), std::nullopt);
}

TEST(RawFiles, TheSizeMatchesTheLayoutExactly) {
  EXPECT_EQ(raw_fault(24, {DType::F32, {2, 3}}), "");
  EXPECT_EQ(raw_fault(23, {DType::F32, {2, 3}}), "holds 23 bytes, but shape [2, 3] of F32 takes 24");
  EXPECT_EQ(raw_fault(25, {DType::F32, {2, 3}}), "holds 25 bytes, but shape [2, 3] of F32 takes 24");
  EXPECT_EQ(raw_fault(4, {DType::F32, {}}), "");
  EXPECT_EQ(raw_fault(0, {DType::F32, {0, 3}}), "");
}

TEST(RawFiles, OneDimensionMayBeWhateverFits) {
  EXPECT_EQ(raw_shape(24, {DType::F32, {-1, 3}}), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(raw_shape(24, {DType::F32, {-1}}), (std::vector<std::int64_t>{6}));
  EXPECT_EQ(raw_shape(0, {DType::F32, {-1}}), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(raw_shape(3, {DType::F4, {-1}}), (std::vector<std::int64_t>{6}));
  EXPECT_EQ(raw_shape(3, {DType::F4, {2, -1}}), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(raw_shape(3, {DType::F6_E2M3, {-1, 2}}), (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(raw_shape(34, {DType::GGML_MXFP4, {-1}}), (std::vector<std::int64_t>{64}));
  EXPECT_EQ(raw_shape(34, {DType::GGML_MXFP4, {-1, 32}}), (std::vector<std::int64_t>{2, 32}));
}

TEST(RawFiles, AnUnknownDimensionThatFitsNothingIsRefused) {
  EXPECT_EQ(raw_fault(25, {DType::F32, {-1, 3}}), "holds 25 bytes, which no -1 in F32 [-1, 3] fits");
  EXPECT_EQ(raw_fault(24, {DType::F32, {-1, -1}}), "shape [-1, -1] has more than one -1");
  EXPECT_EQ(raw_fault(24, {DType::F32, {-2}}), "shape [-2] has a negative dimension");
  EXPECT_EQ(raw_fault(0, {DType::F32, {-1, 0}}), "F32 [-1, 0] has a zero dimension, so -1 could be anything");
  EXPECT_EQ(raw_fault(1, {DType::F32, {-1, 1LL << 40, 1LL << 40}}),
            "F32 [-1, 1099511627776, 1099511627776] has 2^64 bits or more");
  EXPECT_EQ(raw_fault(17, {DType::GGML_MXFP4, {-1, 33}}),
            "last dimension of GGML_MXFP4 [-1, 33] is no multiple of the block size 32");
}

TEST(TensorFiles, ReleasedBytesCanBeReadAgain) {
  const test::TempDir dir;
  const auto path = dir / "x.bin";
  std::string data(3 * 4096 + 5, 'a');
  data[5000] = 'b';
  test::write_file(path, data);
  const auto file = TensorFile::open(path, RawLayout{DType::U8, {-1}});
  const TensorInfo& tensor = file.tensors().front();
  EXPECT_EQ(test::text_of(file.bytes(tensor)), data);
  file.release(tensor);
  EXPECT_EQ(test::text_of(file.bytes(tensor)), data);
}

TEST(TensorFiles, AMovedFileKeepsItsTensors) {
  const test::TempDir dir;
  const auto path = dir / "x.bin";
  test::write_file(path, "data");
  auto first = TensorFile::open(path, RawLayout{DType::U8, {4}});
  const TensorFile second = std::move(first);
  EXPECT_EQ(test::text_of(second.bytes(*second.find("x"))), "data");
}

TEST(TensorFiles, ATensorOfALargerFileIsRefused) {
  const test::TempDir dir;
  const auto path = dir / "x.bin";
  test::write_file(path, "data");
  const auto file = TensorFile::open(path, RawLayout{DType::U8, {4}});
  TensorInfo stranger = file.tensors().front();
  stranger.byte_offset = 2;
  EXPECT_THROW(static_cast<void>(file.bytes(stranger)), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::io
