// Layouts: packing, unpacking and repacking of codes, ggml's blocks, tiles of scales, against the reference.
#include <gtest/gtest.h>

#include "buffers.hpp"
#include "comparison.hpp"
#include "conformance/describe.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "fast/mxemu.hpp"
#include "random_request.hpp"
#include "reference/packing.hpp"

namespace mxemu::fast_tests {
namespace {

using Bytes = std::vector<std::uint8_t>;
using spec::ElementPacking;
using spec::ScaleLayout;

Bytes random_bytes(Random& random, std::size_t count, int bits) {
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(below(random, std::size_t{1} << bits));
  return bytes;
}

Context context_of(const Bytes& input, std::string setting) {
  return {[setting] { return setting; },
          [&input](std::size_t i) { return i < input.size() ? conformance::hex(input[i], 2) : "none"; }};
}

/// Writes through `operation` into `size` guarded bytes at an odd address.
template <class Operation>
Bytes guarded(std::size_t size, const Operation& operation) {
  GuardedBuffer buffer(size, 3);
  operation(buffer.bytes());
  EXPECT_TRUE(buffer.canaries_live()) << "written beyond " << size << " bytes";
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

TEST(PackedCodes, AreTheReferencesForEveryWidthAndCount) {
  Random random = golden::seeded_generator();
  for (const auto packing : {ElementPacking::Bytes, ElementPacking::BitStream})
    for (int bits = 1; bits <= 8; ++bits)
      for (std::size_t count = 0; count <= 200; ++count) {
        const Bytes codes = random_bytes(random, count, bits);
        const Bytes golden = reference::pack_codes(packing, bits, codes);
        const Context context =
            context_of(codes, std::to_string(count) + " codes of " + std::to_string(bits) + " bits");
        EXPECT_EQ(fast::packed_size(packing, bits, count), golden.size());
        const Bytes packed =
            guarded(golden.size(), [&](auto bytes) { fast::pack_codes(packing, bits, codes, bytes); });
        EXPECT_TRUE(same_bytes("packed", golden, packed, context));
        const Bytes unpacked =
            guarded(count, [&](auto bytes) { fast::unpack_codes(packing, bits, golden, bytes); });
        EXPECT_TRUE(same_bytes("unpacked", codes, unpacked, context));
      }
}

TEST(PackedCodes, OfALongArrayAreTheReferences) {
  Random random = golden::seeded_generator();
  for (const int bits : {4, 6}) {
    const Bytes codes = random_bytes(random, 100'003, bits);
    const Bytes golden = reference::pack_codes(ElementPacking::BitStream, bits, codes);
    Bytes packed(golden.size());
    fast::pack_codes(ElementPacking::BitStream, bits, codes, packed);
    EXPECT_EQ(packed, golden);
  }
}

TEST(PackedCodes, WithUnusedBitsSetUnpackAsIfTheyWereZero) {
  for (const int bits : {4, 6})
    for (std::size_t count = 1; count <= 7; ++count) {
      Bytes packed(fast::packed_size(ElementPacking::BitStream, bits, count), 0xff);
      Bytes codes(count);
      fast::unpack_codes(ElementPacking::BitStream, bits, packed, codes);
      EXPECT_EQ(codes, Bytes(count, static_cast<std::uint8_t>((1 << bits) - 1)));
    }
}

TEST(PackedCodes, OfNarrowFormatsRefuseAWiderCode) {
  for (const int bits : {4, 6}) {
    Bytes codes(20);
    codes[13] = static_cast<std::uint8_t>(1 << bits);
    Bytes packed(fast::packed_size(ElementPacking::BitStream, bits, 20));
    EXPECT_THROW(fast::pack_codes(ElementPacking::BitStream, bits, codes, packed), std::invalid_argument);
    EXPECT_THROW(reference::pack_codes(ElementPacking::BitStream, bits, codes), std::invalid_argument);
  }
}

TEST(PackedCodes, OfWrongSizesAreRefusedAsWell) {
  Bytes codes(20), packed(9);
  EXPECT_THROW(fast::pack_codes(ElementPacking::BitStream, 4, codes, packed), std::invalid_argument);
  EXPECT_THROW(fast::unpack_codes(ElementPacking::BitStream, 4, packed, codes), std::invalid_argument);
  EXPECT_THROW(fast::packed_size(ElementPacking::GgmlBlock, 4, 32), std::invalid_argument);
  for (const int bits : {-1, 0, 9})
    EXPECT_THROW(fast::packed_size(ElementPacking::BitStream, bits, 32), std::invalid_argument);
}

TEST(PackedSize, DoesNotOverflow) {
  constexpr std::size_t codes = std::size_t{1} << 63;
  EXPECT_EQ(fast::packed_size(ElementPacking::BitStream, 6, codes), codes / 4 * 3);
  EXPECT_EQ(fast::packed_size(ElementPacking::BitStream, 4, codes - 1), codes / 2);
}

/// From either packing to either, unused bits of the source set.
TEST(RepackedCodes, AreTheReferencesForEveryWidthAndCount) {
  Random random = golden::seeded_generator();
  for (const auto from : {ElementPacking::Bytes, ElementPacking::BitStream})
    for (const auto to : {ElementPacking::Bytes, ElementPacking::BitStream})
      for (int bits = 1; bits <= 8; ++bits)
        for (std::size_t count = 0; count <= 200; ++count) {
          const Bytes codes = random_bytes(random, count, bits);
          Bytes given = reference::pack_codes(from, bits, codes);
          const std::size_t used = count * static_cast<std::size_t>(bits) % 8;
          if (from == ElementPacking::BitStream && used != 0)
            given.back() = static_cast<std::uint8_t>(given.back() | 0xff << used);
          const Bytes golden = reference::pack_codes(to, bits, codes);
          const Bytes repacked = guarded(
              golden.size(), [&](auto bytes) { fast::repack_codes(from, to, bits, count, given, bytes); });
          EXPECT_TRUE(
              same_bytes("repacked", golden, repacked,
                         context_of(codes, std::string(spec::name_of(from)) + " to " + spec::name_of(to) +
                                               ", " + std::to_string(bits) + " bits")));
        }
}

TEST(RepackedCodes, OfWrongSizesOrWideCodesAreRefused) {
  Bytes codes(20), stream(10), wrong(9);
  const auto bytes = ElementPacking::Bytes, bits = ElementPacking::BitStream;
  EXPECT_THROW(fast::repack_codes(bytes, bits, 4, 20, codes, wrong), std::invalid_argument);
  EXPECT_THROW(fast::repack_codes(bits, bytes, 4, 20, wrong, codes), std::invalid_argument);
  EXPECT_THROW(fast::repack_codes(bits, bits, 4, 20, stream, wrong), std::invalid_argument);
  EXPECT_THROW(fast::repack_codes(bits, bits, 4, 18, stream, stream), std::invalid_argument);
  EXPECT_THROW(fast::repack_codes(bits, bits, 9, 20, stream, stream), std::invalid_argument);
  EXPECT_THROW(fast::repack_codes(ElementPacking::GgmlBlock, bytes, 4, 32, stream, codes),
               std::invalid_argument);
  codes[7] = 16;
  EXPECT_THROW(fast::repack_codes(bytes, bits, 4, 20, codes, stream), std::invalid_argument);
  EXPECT_THROW(fast::repack_codes(bytes, bytes, 4, 20, codes, codes), std::invalid_argument);
}

TEST(GgmlBlocks, OfAStreamAreTheReferencesThereAndBack) {
  Random random = golden::seeded_generator();
  for (std::size_t blocks = 0; blocks <= 200; ++blocks) {
    const Bytes codes = random_bytes(random, 32 * blocks, 4);
    const Bytes scales = random_bytes(random, blocks, 8);
    const Bytes stream = reference::pack_codes(ElementPacking::BitStream, 4, codes);
    const Bytes golden = reference::pack_ggml_blocks(codes, scales);
    const Bytes packed = guarded(golden.size(), [&](auto bytes) {
      fast::pack_ggml_blocks(stream, scales, bytes, ElementPacking::BitStream);
    });
    EXPECT_TRUE(same_bytes("ggml blocks", golden, packed, context_of(stream, "a stream to ggml")));
    GuardedBuffer unpacked(stream.size(), 1), unpacked_scales(blocks, 5);
    fast::unpack_ggml_blocks(golden, unpacked.bytes(), unpacked_scales.bytes(), ElementPacking::BitStream);
    EXPECT_TRUE(same_bytes("stream", stream, unpacked.bytes(), context_of(golden, "ggml to a stream")));
    EXPECT_TRUE(same_bytes("scales", scales, unpacked_scales.bytes(), context_of(scales, "ggml")));
    EXPECT_TRUE(unpacked.canaries_live() && unpacked_scales.canaries_live());
  }
}

TEST(GgmlBlocks, AreTheReferencesThereAndBack) {
  Random random = golden::seeded_generator();
  for (std::size_t blocks = 0; blocks <= 40; ++blocks) {
    const Bytes codes = random_bytes(random, 32 * blocks, 4);
    const Bytes scales = random_bytes(random, blocks, 8);
    const Bytes golden = reference::pack_ggml_blocks(codes, scales);
    const Bytes packed =
        guarded(golden.size(), [&](auto bytes) { fast::pack_ggml_blocks(codes, scales, bytes); });
    EXPECT_TRUE(same_bytes("ggml blocks", golden, packed, context_of(codes, "ggml")));
    GuardedBuffer unpacked(codes.size(), 1), unpacked_scales(blocks, 5);
    fast::unpack_ggml_blocks(golden, unpacked.bytes(), unpacked_scales.bytes());
    EXPECT_TRUE(same_bytes("codes", codes, unpacked.bytes(), context_of(codes, "ggml")));
    EXPECT_TRUE(same_bytes("scales", scales, unpacked_scales.bytes(), context_of(scales, "ggml")));
    EXPECT_TRUE(unpacked.canaries_live() && unpacked_scales.canaries_live());
  }
}

TEST(GgmlBlocks, OfWrongSizesOrWideCodesAreRefused) {
  Bytes codes(64), scales(2), blocks(34);
  Bytes short_codes(63), short_blocks(33);
  EXPECT_THROW(fast::pack_ggml_blocks(short_codes, scales, blocks), std::invalid_argument);
  EXPECT_THROW(fast::pack_ggml_blocks(codes, scales, short_blocks), std::invalid_argument);
  EXPECT_THROW(fast::unpack_ggml_blocks(short_blocks, codes, scales), std::invalid_argument);
  Bytes stream(32), short_stream(31);
  EXPECT_THROW(fast::pack_ggml_blocks(short_stream, scales, blocks, ElementPacking::BitStream),
               std::invalid_argument);
  EXPECT_THROW(fast::unpack_ggml_blocks(blocks, short_stream, scales, ElementPacking::BitStream),
               std::invalid_argument);
  EXPECT_THROW(fast::pack_ggml_blocks(blocks, scales, blocks, ElementPacking::GgmlBlock),
               std::invalid_argument);
  codes[40] = 16;
  EXPECT_THROW(fast::pack_ggml_blocks(codes, scales, blocks), std::invalid_argument);
}

TEST(ScaleTiles, AreTheReferencesThereAndBack) {
  Random random = golden::seeded_generator();
  for (const auto layout : {ScaleLayout::RowMajor, ScaleLayout::Tile128x4})
    for (const std::size_t rows : {0u, 1u, 31u, 32u, 33u, 127u, 128u, 129u, 257u, 300u})
      for (const std::size_t columns : {0u, 1u, 3u, 4u, 5u, 8u, 17u}) {
        const Bytes scales = random_bytes(random, rows * columns, 8);
        const Bytes golden = reference::arrange_scales(layout, rows, columns, scales);
        const Context context = context_of(scales, std::string(spec::name_of(layout)) + " " +
                                                       std::to_string(rows) + "x" + std::to_string(columns));
        EXPECT_EQ(fast::scale_layout_size(layout, rows, columns), golden.size());
        const Bytes arranged = guarded(
            golden.size(), [&](auto bytes) { fast::arrange_scales(layout, rows, columns, scales, bytes); });
        EXPECT_TRUE(same_bytes("arranged", golden, arranged, context));
        const Bytes restored = guarded(
            scales.size(), [&](auto bytes) { fast::restore_scales(layout, rows, columns, golden, bytes); });
        EXPECT_TRUE(same_bytes("restored", scales, restored, context));
      }
}

TEST(ScaleTiles, OfWrongSizesAreRefused) {
  Bytes scales(20), arranged(512), wrong(511);
  EXPECT_THROW(fast::arrange_scales(ScaleLayout::Tile128x4, 5, 4, scales, wrong), std::invalid_argument);
  EXPECT_THROW(fast::arrange_scales(ScaleLayout::Tile128x4, 5, 3, scales, arranged), std::invalid_argument);
  EXPECT_THROW(fast::restore_scales(ScaleLayout::Tile128x4, 5, 4, wrong, scales), std::invalid_argument);
  constexpr std::size_t huge = std::size_t{1} << 40;
  EXPECT_THROW(fast::scale_layout_size(ScaleLayout::RowMajor, huge, huge), std::invalid_argument);
  EXPECT_THROW(fast::scale_layout_size(ScaleLayout::Tile128x4, huge, huge), std::invalid_argument);
  constexpr std::size_t most = ~std::size_t{0};
  EXPECT_THROW(fast::scale_layout_size(ScaleLayout::Tile128x4, most, 1), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::fast_tests
