// How a vector tier walks over the columns of a common job: panels of columns, and what is left of a unit by
// the general path. Included by the translation unit of a tier after its kernels.
#pragma once

#include "fast/general.hpp"
#include "fast/lines.hpp"

namespace mxemu::fast::MXEMU_TIER {

template <spec::ElementType E, class Source, bool Packed>
void quantize_panels(const Quantizer<E>& quantizer, const QuantizeJob& job, std::size_t first_unit,
                     std::size_t last_unit) {
  constexpr int bits = Quantizer<E>::format.bits;
  const auto* source = reinterpret_cast<const typename Source::Stored*>(job.source);
  const std::size_t inner = job.grid.inner;
  const auto words = make_quantize_words<std::uint32_t>(job.request);
  for (std::size_t index = first_unit; index < last_unit; ++index) {
    const Unit unit = unit_at(job.grid, index);
    std::size_t column = 0;
    for (; column + panel_width <= unit.columns; column += panel_width) {
      const std::size_t first = unit.first_element + column;
      quantize_panel<E, Source, Packed>(
          quantizer, source + first, inner, unit.rows,
          {job.codes + code_offset(first, bits, Packed), code_offset(inner, bits, Packed)},
          job.scales + unit.first_block + column, job.stream);
    }
    if (column < unit.columns)
      quantize_columns<Source::type, std::uint32_t>(job, words, unit, column, unit.columns - column);
  }
}

template <spec::ElementType E, spec::FloatType T, bool Packed>
void dequantize_panels(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  constexpr int bits = Quantizer<E>::format.bits;
  constexpr std::size_t width = T == spec::FloatType::Float32 ? 4 : 2;
  auto* output = reinterpret_cast<std::uint8_t*>(job.output);
  const std::size_t inner = job.grid.inner;
  for (std::size_t index = first_unit; index < last_unit; ++index) {
    const Unit unit = unit_at(job.grid, index);
    for (std::size_t column = 0; column < unit.columns; column += fast_block) {
      const std::size_t left = unit.columns - column;
      const std::size_t first = unit.first_element + column;
      const bool done = left >= fast_block &&
                        dequantize_panel<E, T, Packed>(job.codes + code_offset(first, bits, Packed),
                                                       code_offset(inner, bits, Packed),
                                                       job.scales + unit.first_block + column, unit.rows,
                                                       output + first * width, inner * width);
      if (!done) dequantize_columns(job, bits, unit, column, left < fast_block ? left : fast_block);
    }
  }
}

}  // namespace mxemu::fast::MXEMU_TIER
