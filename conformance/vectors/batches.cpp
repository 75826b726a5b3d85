#include "conformance/vectors/batches.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "conformance/vectors/batch_builder.hpp"
#include "conformance/vectors/block_batches.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr std::size_t small_random_cases = 16;
constexpr std::size_t full_random_cases = 4096;

/// Scale bytes under which a small set has every code boundary: 1, another, and the ends of the range.
std::vector<std::uint8_t> boundary_scales(const BatchBuilder& to, Level level) {
  const int bias = to.scale().bias;
  std::set<int> chosen = {to.scale().min_code, bias, bias + 3, to.scale().max_code};
  if (level == Level::Full)
    for (int code = to.scale().min_code; code <= to.scale().max_code; ++code) chosen.insert(code);
  return {chosen.begin(), chosen.end()};
}

template <class Word>
std::vector<Word> padded(std::vector<Word> words, std::size_t multiple) {
  while (words.size() % multiple != 0) words.push_back(0);
  return words;
}

std::vector<std::uint8_t> all_codes(const BatchBuilder& to) {
  std::vector<std::uint8_t> codes;
  for (int code = 0; code < to.element().code_count(); ++code)
    codes.push_back(static_cast<std::uint8_t>(code));
  return codes;
}

void add_encode_cases(BatchBuilder& to) {
  for (const auto& [bits, name] : special_numbers(to.type())) to.numbers({&bits, 1}, name);
  for (const std::uint64_t bits : boundary_numbers(to.element(), to.type(), 0)) to.numbers({&bits, 1});
}

void add_decode_cases(BatchBuilder& to) {
  for (const std::uint8_t code : all_codes(to)) to.codes({&code, 1});
}

void add_encode_scaled_cases(BatchBuilder& to, Level level) {
  const std::size_t size = to.block_size();
  std::vector<std::uint64_t> special;
  for (const auto& number : special_numbers(to.type())) special.push_back(number.bits);
  special = padded(special, size);
  for (const std::uint8_t scale : boundary_scales(to, level)) {
    const auto numbers = padded(boundary_numbers(to.element(), to.type(), scale - to.scale().bias), size);
    for (std::size_t first = 0; first < numbers.size(); first += size)
      to.scaled_numbers(scale, std::span(numbers).subspan(first, size));
    for (std::size_t first = 0; first < special.size(); first += size)
      to.scaled_numbers(scale, std::span(special).subspan(first, size), "special numbers");
  }
  to.scaled_numbers(to.scale().nan_code, std::span(special).first(size), "the scale is NaN");
}

/// Codes that show most of what a scale byte does: ends of the range, a subnormal, 1, zeros, Inf and NaN.
std::vector<std::uint8_t> probe_codes(const BatchBuilder& to) {
  const spec::ElementFormat& element = to.element();
  std::vector<std::uint8_t> codes;
  for (const int code :
       {0, 1, element.min_normal_code - 1, int{element.min_normal_code}, int{element.max_normal_code},
        int{element.max_normal_code} - 1, element.bias << element.mantissa_bits, int{element.magnitude_mask}})
    for (const int sign : {0, int{element.sign_mask}})
      codes.push_back(static_cast<std::uint8_t>(code | sign));
  while (codes.size() < to.block_size())
    codes.push_back(
        static_cast<std::uint8_t>(codes.size() * 37 % static_cast<std::size_t>(element.code_count())));
  codes.resize(to.block_size());
  return codes;
}

void add_dequantize_cases(BatchBuilder& to, Level level) {
  const auto probes = probe_codes(to);
  for (int scale = 0; scale < 1 << to.scale().bits; ++scale)
    to.scaled_codes(static_cast<std::uint8_t>(scale), probes);
  const auto codes = padded(all_codes(to), to.block_size());
  std::vector<std::uint8_t> scales = boundary_scales(to, level);
  scales.push_back(to.scale().nan_code);
  for (const std::uint8_t scale : scales)
    for (std::size_t first = 0; first < codes.size(); first += to.block_size())
      to.scaled_codes(scale, std::span(codes).subspan(first, to.block_size()), "every code");
  for (std::size_t size = 1; size < to.block_size(); size = 2 * size + 1)
    to.scaled_codes(static_cast<std::uint8_t>(to.scale().bias + 1), std::span(probes).first(size),
                    "a short block");
}

/// Scales that keep the random numbers of a block in the neighbourhood of the element format's range.
void add_random_cases(BatchBuilder& to, const Recipe& recipe) {
  RandomNumbers random(to.type(), recipe.seed);
  std::vector<std::uint64_t> numbers(to.block_size());
  std::vector<std::uint8_t> codes(to.block_size());
  const auto code_mask = static_cast<std::uint32_t>(to.element().code_count() - 1);
  for (std::size_t i = 0; i < recipe.random_cases; ++i) {
    random.start_block();
    const std::uint32_t word = random.word();
    const auto scale = static_cast<std::uint8_t>(
        (word & 1) != 0 ? word >> 8 : static_cast<std::uint32_t>(to.scale().bias) - 8 + (word >> 8) % 16);
    if (takes_numbers(recipe.operation)) {
      for (std::uint64_t& number : numbers) number = random.next();
    } else {
      for (std::uint8_t& code : codes) code = static_cast<std::uint8_t>(random.word() & code_mask);
    }
    switch (recipe.operation) {
      case Operation::Encode:
      case Operation::Scale:
      case Operation::Quantize: to.numbers(numbers); break;
      case Operation::EncodeScaled: to.scaled_numbers(scale, numbers); break;
      case Operation::Decode: to.codes(codes); break;
      case Operation::Dequantize: to.scaled_codes(scale, codes); break;
      case Operation::QuantizeTensor:
      case Operation::DequantizeTensor:
      case Operation::Pack:
      case Operation::Unpack: break;  // refused below
    }
  }
}

}  // namespace

std::size_t random_cases_of(Level level) {
  switch (level) {
    case Level::Small: return small_random_cases;
    case Level::Full: return full_random_cases;
  }
  return 0;
}

void for_each_batch(const Recipe& recipe, const TakeBatch& take) {
  BatchBuilder to(recipe, take);
  switch (recipe.operation) {
    case Operation::Encode: add_encode_cases(to); break;
    case Operation::Decode: add_decode_cases(to); break;
    case Operation::EncodeScaled: add_encode_scaled_cases(to, recipe.level); break;
    case Operation::Dequantize: add_dequantize_cases(to, recipe.level); break;
    case Operation::Scale: add_scale_cases(to, recipe.level); break;
    case Operation::Quantize: add_quantize_cases(to, recipe.level); break;
    case Operation::QuantizeTensor:
    case Operation::DequantizeTensor:
    case Operation::Pack:
    case Operation::Unpack: throw std::invalid_argument("vectors are of blocks, not of tensors");
  }
  add_random_cases(to, recipe);
  to.flush();
}

}  // namespace mxemu::conformance::vectors
