#include "tools/llama/model/weight.hpp"

#include <atomic>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>

#include "fast/parallel.hpp"
#include "tools/llama/model/number_bits.hpp"

namespace mxemu::llama {
namespace {

constexpr std::size_t grain = 4096;

template <class Word>
Word load(const std::byte* from, std::size_t index) {
  Word word;
  std::memcpy(&word, from + index * sizeof(Word), sizeof(Word));
  return word;
}

/// Calls work(to_float, first, last) with what makes a float of element i of the weight.
template <class Work>
void with_numbers(const Weight& weight, const Work& work) {
  const std::byte* from = weight.bytes.data();
  switch (weight.type) {
    case spec::FloatType::Float32: return work([=](std::size_t i) { return load<float>(from, i); });
    case spec::FloatType::BFloat16:
      return work([=](std::size_t i) { return from_bfloat16(load<std::uint16_t>(from, i)); });
    case spec::FloatType::Float16:
      return work([=](std::size_t i) { return from_float16(load<std::uint16_t>(from, i)); });
    case spec::FloatType::Float64: break;
  }
  throw std::invalid_argument(weight.name + ": weights of f64 are not taken");
}

template <class Number, class Convert>
void convert_all(const Weight& weight, std::span<Number> to, const fast::Execution& execution,
                 const Convert& convert) {
  const std::size_t count = weight.rows * weight.columns;
  if (to.size() != count)
    throw std::invalid_argument(weight.name + " has " + std::to_string(count) + " numbers, not " +
                                std::to_string(to.size()));
  with_numbers(weight, [&](const auto& number) {
    fast::in_parallel(count, grain, count, execution, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) to[i] = convert(number(i));
    });
  });
}

}  // namespace

void expand(const Weight& weight, std::span<float> to, const fast::Execution& execution) {
  convert_all(weight, to, execution, [](float x) { return x; });
}

void expand(const Weight& weight, std::span<std::uint16_t> to, const fast::Execution& execution) {
  convert_all(weight, to, execution, [](float x) { return to_bfloat16(x); });
}

std::size_t first_not_finite(const Weight& weight, const fast::Execution& execution) {
  const std::size_t count = weight.rows * weight.columns;
  std::atomic<std::size_t> found = count;
  const auto is_special = [](float x) {
    return (std::bit_cast<std::uint32_t>(x) & 0x7F800000U) == 0x7F800000U;
  };
  with_numbers(weight, [&](const auto& number) {
    fast::in_parallel(count, grain, count, execution, [&](std::size_t first, std::size_t last) {
      bool any = false;  // a loop without an exit is made of vectors
      for (std::size_t i = first; i < last; ++i) any |= is_special(number(i));
      if (!any) return;
      while (!is_special(number(first))) ++first;
      std::size_t earliest = found;
      while (first < earliest && !found.compare_exchange_weak(earliest, first)) {
      }
    });
  });
  return found;
}

}  // namespace mxemu::llama
