// What the CUDA library refuses, before anything is started: sizes that do not fit, memory that is not
// aligned, storages that it has not.
#include <gtest/gtest.h>

#include <stdexcept>

#include "cuda/memory.hpp"
#include "cuda/mxemu_cuda.hpp"

namespace mxemu::cuda_tests {
namespace {

constexpr spec::Request fp4 = spec::make_request(spec::BlockType::MXFP4_E2M1);
constexpr std::size_t count = 64;
constexpr std::size_t room = 4096;

std::span<std::uint32_t> words_in(cuda::Buffer& buffer, std::size_t words) {
  return {reinterpret_cast<std::uint32_t*>(buffer.data()), words};
}

/// A tensor of 64 float32 and its bit stream, each size of which a test may make another.
struct Arrays {
  cuda::Buffer source{room}, codes{room}, scales{room}, values{room}, random{room};
  std::size_t source_bytes = 4 * count, code_bytes = count / 2, scale_bytes = 2, value_bytes = 4 * count,
              random_words = 0, source_start = 0;
  spec::Request request = fp4;
  fast::BlockGrid grid = {.length = count};
  cuda::Storage storage = {.packing = spec::ElementPacking::BitStream};

  cuda::FloatArray given() const {
    return {spec::FloatType::Float32, source.bytes().subspan(source_start, source_bytes)};
  }
  cuda::MutableFloatArray output() { return {spec::FloatType::Float32, values.bytes().first(value_bytes)}; }
  void quantize() {
    cuda::quantize_tensor(request, grid, given(), codes.words().first(code_bytes),
                          scales.words().first(scale_bytes), storage, words_in(random, random_words));
  }
  void dequantize() {
    cuda::dequantize_tensor(request, grid, codes.words().first(code_bytes), scales.words().first(scale_bytes),
                            output(), storage);
  }
  void round_trip() {
    cuda::roundtrip_tensor(request, grid, given(), output(), words_in(random, random_words));
  }
  void find_scales() {
    cuda::shared_scales(request, grid, given(), scales.words().first(scale_bytes), storage);
  }
};

/// What the library says of a call, or "accepted".
template <class Call>
std::string refusal_of(const Call& call) {
  try {
    call();
    cuda::synchronize();
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Refusal, OfNothingWhenSizesFit) {
  Arrays arrays;
  cuda::fill_bytes(arrays.source.data(), 0, room);
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), "accepted");
  EXPECT_EQ(refusal_of([&] { arrays.dequantize(); }), "accepted");
  EXPECT_EQ(refusal_of([&] { arrays.round_trip(); }), "accepted");
  EXPECT_EQ(refusal_of([&] { arrays.find_scales(); }), "accepted");
}

TEST(Refusal, OfASourceOfTheWrongSize) {
  for (const std::size_t size : {0u, 255u, 257u}) {
    Arrays arrays;
    arrays.source_bytes = size;
    const std::string expected = "source bytes: " + std::to_string(size) + " where 256 are needed";
    EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), expected);
    EXPECT_EQ(refusal_of([&] { arrays.round_trip(); }), expected);
    EXPECT_EQ(refusal_of([&] { arrays.find_scales(); }), expected);
  }
}

TEST(Refusal, OfOutputsOfTheWrongSize) {
  Arrays arrays;
  arrays.code_bytes = 33;
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), "codes: 33 where 32 are needed");
  EXPECT_EQ(refusal_of([&] { arrays.dequantize(); }), "codes: 33 where 32 are needed");
  arrays.code_bytes = 32;
  arrays.scale_bytes = 1;
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), "scales: 1 where 2 are needed");
  EXPECT_EQ(refusal_of([&] { arrays.dequantize(); }), "scales: 1 where 2 are needed");
  EXPECT_EQ(refusal_of([&] { arrays.find_scales(); }), "scales: 1 where 2 are needed");
  arrays.scale_bytes = 2;
  arrays.value_bytes = 260;
  EXPECT_EQ(refusal_of([&] { arrays.dequantize(); }), "output bytes: 260 where 256 are needed");
  EXPECT_EQ(refusal_of([&] { arrays.round_trip(); }), "output bytes: 260 where 256 are needed");
}

TEST(Refusal, OfNumbersThatAreNotAligned) {
  for (const std::size_t start : {1u, 2u, 3u}) {
    Arrays arrays;
    arrays.source_start = start;
    EXPECT_EQ(refusal_of([&] { arrays.quantize(); }),
              "source bytes: device memory of f32 is not aligned to 4 bytes");
  }
}

TEST(Refusal, OfAStorageThatTheLibraryHasNot) {
  Arrays arrays;
  arrays.storage.packing = spec::ElementPacking::GgmlBlock;
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }),
            "ggml_block is not a storage of the CUDA library: bytes and bit_stream are");
  arrays.storage = {.scales = spec::ScaleLayout::Tile128x4, .scale_columns = 3};
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), "a matrix of scales of 3 columns does not hold 2 blocks");
}

TEST(Refusal, OfAGridWithAnotherBlockSizeThanTheRequest) {
  Arrays arrays;
  arrays.grid.block_size = 16;
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), "block size of the grid: 16 where 32 are needed");
}

TEST(Refusal, OfRandomWordsAndBitsThatCannotBe) {
  Arrays arrays;
  arrays.request.rounding.mode = spec::RoundingMode::Stochastic;
  arrays.random_words = 63;
  EXPECT_EQ(refusal_of([&] { arrays.quantize(); }), "random words: 63 where 64 are needed");
  EXPECT_EQ(refusal_of([&] { arrays.round_trip(); }), "random words: 63 where 64 are needed");
  arrays.random_words = 0;
  for (const int bits : {-1, 0, 33}) {
    arrays.request.rounding.random_bits = bits;
    EXPECT_EQ(refusal_of([&] { arrays.quantize(); }),
              "stochastic rounding takes 1 to 32 random bits, not " + std::to_string(bits));
  }
}

TEST(Refusal, OfAScaleExponentBeyondReason) {
  Arrays arrays;
  EXPECT_EQ(refusal_of(
                [&] { cuda::encode_elements(fp4, arrays.given(), arrays.codes.words().first(count), 4097); }),
            "scale exponent 4097 is beyond 4096");
}

TEST(Buffer, MovesAndHoldsWhatWasCopied) {
  const std::vector<std::byte> written(100, std::byte{7});
  cuda::Buffer first(100);
  cuda::copy_to_device(written, first.data());
  cuda::Buffer second = std::move(first);
  EXPECT_EQ(second.size(), 100u);
  first = std::move(second);
  std::vector<std::byte> read(100);
  cuda::copy_to_host(first.data(), read);
  cuda::synchronize();
  EXPECT_EQ(read, written);
  EXPECT_EQ(cuda::Buffer().data(), nullptr);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first.data()) % 256, 0u);
}

}  // namespace
}  // namespace mxemu::cuda_tests
