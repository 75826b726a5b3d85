// The arithmetic of the kernels by itself, as this machine runs it: every bfloat16 and every float16 under
// scales of every kind, float32 around every tie. The judge is the codec, which the reference judges.
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "conformance/tests/fast/random_source.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "cuda/encode.hpp"
#include "spec/request.hpp"

namespace mxemu::cuda_tests {
namespace {

constexpr spec::FloatFormat float32 = spec::float_formats[0];

/// The largest and the smallest plain scale, and some between; all of them where MXEMU_ALL_SCALES is set.
template <spec::ElementType E>
std::vector<int> plain_scales() {
  constexpr int first = cuda::first_plain_scale<E>;
  const int step = std::getenv("MXEMU_ALL_SCALES") != nullptr ? 1 : 41;
  std::vector<int> scales;
  for (int scale = first; scale < 254; scale += step) scales.push_back(scale);
  scales.push_back(254);
  return scales;
}

/// Eight numbers, each with the float32 that it is.
template <spec::FloatType T>
struct Numbers {
  cuda::Eight<T> stored;
  std::uint32_t bits[8];
};

template <spec::FloatType T>
Numbers<T> consecutive(std::uint32_t first) {
  Numbers<T> numbers = {};
  for (std::uint32_t i = 0; i < 8; ++i) {
    const std::uint32_t half = first + i;
    numbers.stored.word[i / 2] |= half << 16 * (i % 2);
    numbers.bits[i] = T == spec::FloatType::BFloat16 ? half << 16 : cuda::float32_of_half(half);
  }
  return numbers;
}

/// The number of codes that differ from the codec's. Numbers that poison their block are not asked.
template <spec::ElementType E, spec::FloatType T>
int differences(const Numbers<T>& numbers, int scale) {
  const auto words = fast::make_element_words<std::uint32_t>(cuda::element_row<E>, {}, {});
  const cuda::CodeBytes codes =
      cuda::encode_eight<E>(numbers.stored, cuda::SameFactor{cuda::encode_factor<E>(scale)});
  int count = 0;
  for (int i = 0; i < 8; ++i) {
    if ((numbers.bits[i] & 0x7f800000) == 0x7f800000) continue;
    const std::uint32_t got = (i < 4 ? codes.low : codes.high) >> 8 * (i % 4) & 0xff;
    const std::uint32_t expected = fast::encode_element<std::uint32_t>(cuda::element_row<E>, words, float32,
                                                                       numbers.bits[i], scale - 127);
    if (got != expected) ++count;
  }
  return count;
}

template <class Visit>
void for_each_element(const Visit& visit) {
  for (const auto& format : spec::element_formats) cuda::with_element(format.type, visit);
}

template <spec::FloatType T>
void expect_every_half() {
  for_each_element([](auto element) {
    constexpr spec::ElementType E = element.value;
    for (const int scale : plain_scales<E>()) {
      int count = 0;
      for (std::uint32_t first = 0; first < 0x10000; first += 8)
        count += differences<E>(consecutive<T>(first), scale);
      EXPECT_EQ(count, 0) << cuda::element_row<E>.name << " under the scale code " << scale;
    }
  });
}

TEST(Conversion, OfEveryBFloat16IsTheCodecs) {
  expect_every_half<spec::FloatType::BFloat16>();
}

TEST(Conversion, OfEveryFloat16IsTheCodecs) {
  expect_every_half<spec::FloatType::Float16>();
}

TEST(Conversion, OfFloat32OfEveryKindIsTheCodecs) {
  auto random = golden::seeded_generator();
  const auto bits = fast_tests::random_numbers(random, float32, 80000, 64);
  for_each_element([&](auto element) {
    constexpr spec::ElementType E = element.value;
    int count = 0;
    for (const int scale : plain_scales<E>())
      for (std::size_t first = 0; first < bits.size(); first += 8) {
        Numbers<spec::FloatType::Float32> numbers = {};
        for (std::size_t i = 0; i < 8; ++i)
          numbers.stored.word[i] = numbers.bits[i] = static_cast<std::uint32_t>(bits[first + i]);
        count += differences<E>(numbers, scale);
      }
    EXPECT_EQ(count, 0) << cuda::element_row<E>.name;
  });
}

}  // namespace
}  // namespace mxemu::cuda_tests
