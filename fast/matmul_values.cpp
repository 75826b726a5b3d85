#include "fast/matmul_values.hpp"

#include <cstddef>

#include "fast/codec.hpp"

namespace mxemu::fast {
namespace {

consteval ElementValues values_of_row(const spec::ElementFormat& format) {
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  constexpr spec::ScaleFormat scale = spec::scale_formats[0];
  const DecodeWords<std::uint32_t> words = make_decode_words<std::uint32_t>(scale, float32, {});
  ElementValues values = {};
  for (std::uint32_t code = 0; code < 256; ++code) {
    const std::uint32_t own = code & static_cast<std::uint32_t>(format.code_count() - 1);
    values.at[code] = static_cast<double>(std::bit_cast<float>(decode_element<std::uint32_t>(
        format, scale, float32, words, own, static_cast<std::uint32_t>(scale.bias))));
  }
  return values;
}

}  // namespace

constinit const ElementValues element_values[] = {
    values_of_row(spec::element_formats[0]), values_of_row(spec::element_formats[1]),
    values_of_row(spec::element_formats[2]), values_of_row(spec::element_formats[3]),
    values_of_row(spec::element_formats[4]), values_of_row(spec::element_formats[5])};

}  // namespace mxemu::fast
