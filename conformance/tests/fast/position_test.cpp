// Where a block stands among its neighbours, and an element in its block, changes nothing but the place of
// its code: vector tiers take blocks in groups.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/tests/golden/seed.hpp"
#include "golden_tensor.hpp"
#include "random_source.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr std::size_t k = 32;
constexpr std::size_t group = 16;

using Numbers = std::vector<std::uint64_t>;

/// The request and source type of a block are enough to compare it wherever it stands.
struct Subject {
  spec::Request request;
  spec::FloatType type;
};

Numbers block_of_one_fill(Random& random, spec::FloatType type, Fill fill, int centre) {
  Numbers block;
  while (block.size() < k) block.push_back(random_number(random, spec::format_of(type), fill, centre));
  return block;
}

GoldenTensor golden_of(const Subject& subject, const Numbers& numbers) {
  return GoldenTensor({.request = subject.request,
                       .shape = {static_cast<std::int64_t>(numbers.size())},
                       .axis = 0,
                       .type = subject.type,
                       .source = bytes_of(subject.type, numbers)});
}

/// Blocks of every kind that a kernel may treat on its own: ordinary, with NaN or Inf, zero, subnormal, under
/// the smallest scales, with ties, under the largest scales.
std::vector<Numbers> kinds_of_blocks(Random& random, spec::FloatType type) {
  const spec::FloatFormat& format = spec::format_of(type);
  std::vector<Numbers> blocks = {block_of_one_fill(random, type, Fill::Wide, format.bias),
                                 block_of_one_fill(random, type, Fill::Zeros, 0),
                                 block_of_one_fill(random, type, Fill::Subnormals, 0),
                                 block_of_one_fill(random, type, Fill::Ties, format.bias),
                                 block_of_one_fill(random, type, Fill::Narrow, 2 * format.bias)};
  for (const int centre : {1, 2, 5, 9, 17, 30})
    blocks.push_back(block_of_one_fill(random, type, Fill::Narrow, centre));
  for (const std::uint64_t bits : {format.infinity_bits(), format.nan_bits(), format.infinity_bits() + 1,
                                   format.sign_mask() | format.infinity_bits()}) {
    blocks.push_back(blocks[0]);
    blocks.back()[below(random, k)] = bits;
  }
  return blocks;
}

class Position : public EveryTier {
 protected:
  template <class Check>
  void for_each_subject(const Check& check) {
    for (const auto& format : spec::block_formats)
      for (const auto type : {spec::FloatType::Float32, spec::FloatType::BFloat16})
        check(Subject{spec::make_request(format.type), type});
  }
};

/// All 32 rotations of a block at all 16 places of a group: the reference is asked for the block alone.
TEST_P(Position, OfElementsInTheirBlockMovesTheirCodes) {
  Random random = golden::seeded_generator();
  for_each_subject([&](const Subject& subject) {
    for (const Numbers& block : kinds_of_blocks(random, subject.type)) {
      const GoldenTensor alone = golden_of(subject, block);
      Numbers numbers(k * group * k);
      std::vector<std::uint8_t> expected(numbers.size());
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t from = (i + i / (k * group)) % k;
        numbers[i] = block[from];
        expected[i] = alone.codes()[from];
      }
      const GoldenTensor whole = golden_of(subject, numbers);
      EXPECT_EQ(whole.codes(), expected) << "the reference itself depends on positions";
      expect_quantized(whole, {.isa = GetParam()});
      expect_dequantized(whole, {.isa = GetParam()}, subject.type);
    }
  });
}

/// One block of a special kind at each place of two groups of ordinary blocks.
TEST_P(Position, OfASpecialBlockChangesNoOtherOfItsGroup) {
  Random random = golden::seeded_generator();
  for_each_subject([&](const Subject& subject) {
    const std::vector<Numbers> kinds = kinds_of_blocks(random, subject.type);
    const auto kind_count = kinds.size();
    for (std::size_t place = 0; place < group; ++place) {
      Numbers numbers;
      for (std::size_t b = 0; b < kind_count * group; ++b) {
        const Numbers& block = b % group == place ? kinds[b / group] : kinds[0];
        numbers.insert(numbers.end(), block.begin(), block.end());
      }
      const GoldenTensor tensor = golden_of(subject, numbers);
      for (const auto packing : {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream})
        expect_everything(tensor, {.isa = GetParam(), .packing = packing}, subject.type);
    }
  });
}

/// A NaN or an Inf at each of the 32 places spoils its block and no other.
TEST_P(Position, OfANanOrAnInfInItsBlockDoesNotMatter) {
  Random random = golden::seeded_generator();
  for_each_subject([&](const Subject& subject) {
    const spec::FloatFormat& format = spec::format_of(subject.type);
    const Numbers ordinary = block_of_one_fill(random, subject.type, Fill::Wide, format.bias);
    for (const std::uint64_t bits : {format.infinity_bits(), format.nan_bits(), format.infinity_bits() + 1,
                                     2 * format.sign_mask() - 1}) {
      Numbers numbers;
      for (std::size_t place = 0; place < k; ++place)
        for (int copy = 0; copy < 3; ++copy) {
          numbers.insert(numbers.end(), ordinary.begin(), ordinary.end());
          if (copy == 1) numbers[numbers.size() - k + place] = bits;
        }
      const GoldenTensor tensor = golden_of(subject, numbers);
      EXPECT_EQ(std::count(tensor.scales().begin(), tensor.scales().end(), 0xff), 32);
      expect_quantized(tensor, {.isa = GetParam()});
    }
  });
}

MXEMU_ON_EVERY_TIER(Position);

}  // namespace
}  // namespace mxemu::fast_tests
