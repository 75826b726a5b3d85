// The general path over units: quantise, dequantise and their fused round trip. Included once by the
// translation unit of each tier, after MXEMU_TIER is defined.
#pragma once

#include "fast/error_pass.hpp"
#include "fast/panel.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// How an output type is written.
template <spec::FloatType T>
struct Output;
template <>
struct Output<spec::FloatType::Float32> {
  using Stored = std::uint32_t;
  using Word = std::uint32_t;
};
template <>
struct Output<spec::FloatType::BFloat16> {
  using Stored = std::uint16_t;
  using Word = std::uint32_t;
};
template <>
struct Output<spec::FloatType::Float16> {
  using Stored = std::uint16_t;
  using Word = std::uint32_t;
};
template <>
struct Output<spec::FloatType::Float64> {
  using Stored = std::uint64_t;
  using Word = std::uint64_t;
};

/// Values of `count` neighbours. Uniform: all under scales[0], else each under its own.
template <spec::FloatType T, bool Uniform>
void decode_run(const spec::Request& request, const std::uint8_t* codes, std::size_t count,
                const std::uint8_t* scales, std::byte* output) {
  using Word = typename Output<T>::Word;
  using Stored = typename Output<T>::Stored;
  constexpr spec::FloatFormat format = spec::float_formats[static_cast<int>(T)];
  const spec::BlockFormat block = spec::block_formats[static_cast<int>(request.format)];
  const spec::ElementFormat element = spec::element_formats[static_cast<int>(block.element)];
  const spec::ScaleFormat scale = spec::scale_formats[static_cast<int>(block.scale)];
  const DecodeWords<Word> words = make_decode_words<Word>(scale, format, request.policy);
  const std::uint8_t first = scales[0];
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<Stored>(
        decode_element<Word>(element, scale, format, words, codes[i], Uniform ? first : scales[i]));
    std::memcpy(output + i * sizeof value, &value, sizeof value);
  }
}

template <bool Uniform>
void decode_run(spec::FloatType type, const spec::Request& request, const std::uint8_t* codes,
                std::size_t first, std::size_t count, const std::uint8_t* scales, std::byte* output) {
  using enum spec::FloatType;
  switch (type) {
    case Float32: return decode_run<Float32, Uniform>(request, codes, count, scales, output + first * 4);
    case BFloat16: return decode_run<BFloat16, Uniform>(request, codes, count, scales, output + first * 2);
    case Float16: return decode_run<Float16, Uniform>(request, codes, count, scales, output + first * 2);
    case Float64: return decode_run<Float64, Uniform>(request, codes, count, scales, output + first * 8);
  }
}

/// Encodes neighbours first … first + count - 1 (count <= panel_columns) and hands their codes on.
template <spec::FloatType T, class Word>
void quantize_run(const QuantizeJob& job, const QuantizeWords<Word>& words, std::size_t first,
                  std::size_t count, const RunScales& scales) {
  if (job.codes == nullptr && job.output == nullptr) return;
  std::uint8_t buffer[panel_columns];
  std::uint32_t random_buffer[random_room] = {};
  const bool direct = job.codes != nullptr && !job.packed;
  std::uint8_t* codes = direct ? job.codes + first : buffer;
  const std::uint32_t* random =
      fill_random(job.request.rounding, job.random_words, first, count, random_buffer);
  encode_run<T, Word>(words, job.source + first * sizeof(typename Source<T>::Stored), count, scales, random,
                      codes);
  if (job.codes != nullptr && job.packed) pack_run(words.format.bits, codes, first, count, job.codes);
  if (job.output == nullptr) return;
  // The output may be the source itself: inputs are read before it is written.
  if (job.errors != nullptr) append_inputs(*job.errors, job.source_type, job.source, first, count);
  decode_run<false>(job.output_type, job.request, codes, first, count, scales.code, job.output);
  if (job.errors != nullptr)
    append_outputs(*job.errors, job.output_type, job.output, first, count, scales.code);
}

/// Gives elements first … last - 1 of a run the scale of a block, and stores it.
template <spec::FloatType T, class Word>
void set_scale(const QuantizeJob& job, const QuantizeWords<Word>& words, const BlockMaximum<Word>& maximum,
               std::size_t block, std::size_t first, std::size_t last, RunScales& scales) {
  const int code = shared_scale<Word>(words.scale, Source<T>::format, maximum);
  for (std::size_t i = first; i < last; ++i) {
    scales.exponent[i] = code - words.scale_format.bias;
    scales.live[i] = mask_of<std::uint32_t>(code != words.scale.nan_code);
    scales.code[i] = static_cast<std::uint8_t>(code);
  }
  if (job.scales != nullptr) job.scales[block] = static_cast<std::uint8_t>(code);
}

/// A unit where blocks run along the last axis: one block, in as many runs as it takes.
template <spec::FloatType T, class Word>
void quantize_block(const QuantizeJob& job, const QuantizeWords<Word>& words, const Unit& unit) {
  const std::byte* source = job.source + unit.first_element * sizeof(typename Source<T>::Stored);
  RunScales scales;
  const std::size_t widest = unit.rows < panel_columns ? unit.rows : panel_columns;
  set_scale<T>(job, words, maximum_of_run<T, Word>(source, unit.rows), unit.first_block, 0, widest, scales);
  for (std::size_t i = 0; i < unit.rows; i += panel_columns) {
    const std::size_t count = unit.rows - i < panel_columns ? unit.rows - i : panel_columns;
    quantize_run<T, Word>(job, words, unit.first_element + i, count, scales);
  }
}

/// Small blocks along the last axis, as many as one run takes, from unit `first` on. Returns the unit after
/// the last.
template <spec::FloatType T, class Word>
std::size_t quantize_small_blocks(const QuantizeJob& job, const QuantizeWords<Word>& words,
                                  std::size_t first_unit, std::size_t last_unit) {
  RunScales scales;
  const std::size_t start = unit_at(job.grid, first_unit).first_element;
  std::size_t count = 0;
  std::size_t index = first_unit;
  for (; index < last_unit; ++index) {
    const Unit unit = unit_at(job.grid, index);
    if (count + unit.rows > panel_columns) break;
    const std::byte* source = job.source + unit.first_element * sizeof(typename Source<T>::Stored);
    set_scale<T>(job, words, maximum_of_run<T, Word>(source, unit.rows), unit.first_block, count,
                 count + unit.rows, scales);
    count += unit.rows;
  }
  quantize_run<T, Word>(job, words, start, count, scales);
  return index;
}

/// Columns first … first + count - 1 of a unit, each a block of its own.
template <spec::FloatType T, class Word>
void quantize_columns(const QuantizeJob& job, const QuantizeWords<Word>& words, const Unit& unit,
                      std::size_t first, std::size_t count) {
  Word finite[panel_columns] = {};
  Word nan[panel_columns] = {};
  Word inf[panel_columns] = {};
  const std::size_t inner = job.grid.inner;
  for (std::size_t row = 0; row < unit.rows; ++row) {
    const std::size_t start = unit.first_element + row * inner + first;
    for (std::size_t i = 0; i < count; ++i) {
      BlockMaximum<Word> maximum = {finite[i], nan[i], inf[i]};
      include(maximum, Source<T>::format, load<T, Word>(job.source, start + i));
      finite[i] = maximum.finite;
      nan[i] = maximum.nan;
      inf[i] = maximum.inf;
    }
  }
  RunScales scales;
  for (std::size_t i = 0; i < count; ++i)
    set_scale<T>(job, words, BlockMaximum<Word>{finite[i], nan[i], inf[i]}, unit.first_block + first + i, i,
                 i + 1, scales);
  for (std::size_t row = 0; row < unit.rows; ++row)
    quantize_run<T, Word>(job, words, unit.first_element + row * inner + first, count, scales);
}

template <spec::FloatType T, class Word>
void quantize_units(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  const QuantizeWords<Word> words = make_quantize_words<Word>(job.request);
  const bool along_last_axis = job.grid.inner == 1;
  const bool small = along_last_axis && job.grid.block_size <= panel_columns;
  for (std::size_t index = first_unit; index < last_unit;) {
    if (small) {
      index = quantize_small_blocks<T, Word>(job, words, index, last_unit);
      continue;
    }
    const Unit unit = unit_at(job.grid, index++);
    if (along_last_axis) {
      quantize_block<T, Word>(job, words, unit);
      continue;
    }
    for (std::size_t column = 0; column < unit.columns; column += panel_columns) {
      const std::size_t left = unit.columns - column;
      quantize_columns<T, Word>(job, words, unit, column, left < panel_columns ? left : panel_columns);
    }
  }
}

template <spec::FloatType T>
void quantize_units(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  if (T == spec::FloatType::Float64 || needs_wide_word(job.request.rounding))
    return quantize_units<T, std::uint64_t>(job, first_unit, last_unit);
  if constexpr (T != spec::FloatType::Float64) quantize_units<T, std::uint32_t>(job, first_unit, last_unit);
}

inline void quantize_general(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  using enum spec::FloatType;
  switch (job.source_type) {
    case Float32: return quantize_units<Float32>(job, first_unit, last_unit);
    case BFloat16: return quantize_units<BFloat16>(job, first_unit, last_unit);
    case Float16: return quantize_units<Float16>(job, first_unit, last_unit);
    case Float64: return quantize_units<Float64>(job, first_unit, last_unit);
  }
}

/// Decodes neighbours first … first + count - 1 (count <= panel_columns).
template <bool Uniform>
void dequantize_run(const DequantizeJob& job, int bits, std::size_t first, std::size_t count,
                    const std::uint8_t* scales) {
  std::uint8_t buffer[panel_columns];
  const std::uint8_t* codes = buffer;
  if (job.packed)
    unpack_run(bits, job.codes, first, count, buffer);
  else
    codes = job.codes + first;
  decode_run<Uniform>(job.output_type, job.request, codes, first, count, scales, job.output);
}

/// Columns first … first + count - 1 of a unit, each a block of its own.
inline void dequantize_columns(const DequantizeJob& job, int bits, const Unit& unit, std::size_t first,
                               std::size_t count) {
  const std::uint8_t* scales = job.scales + unit.first_block + first;
  for (std::size_t row = 0; row < unit.rows; ++row)
    for (std::size_t i = 0; i < count; i += panel_columns)
      dequantize_run<false>(job, bits, unit.first_element + row * job.grid.inner + first + i,
                            count - i < panel_columns ? count - i : panel_columns, scales + i);
}

inline void dequantize_general(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  const spec::BlockFormat block = spec::block_formats[static_cast<int>(job.request.format)];
  const int bits = spec::element_formats[static_cast<int>(block.element)].bits;
  for (std::size_t index = first_unit; index < last_unit; ++index) {
    const Unit unit = unit_at(job.grid, index);
    if (job.grid.inner != 1) {
      dequantize_columns(job, bits, unit, 0, unit.columns);
      continue;
    }
    for (std::size_t i = 0; i < unit.rows; i += panel_columns)
      dequantize_run<true>(job, bits, unit.first_element + i,
                           unit.rows - i < panel_columns ? unit.rows - i : panel_columns,
                           job.scales + unit.first_block);
  }
}

/// Element-only conversion: no blocks, no maximum.
template <spec::FloatType T, class Word>
void encode_elements(const EncodeJob& job, std::size_t first, std::size_t last) {
  const QuantizeWords<Word> words = make_quantize_words<Word>(job.request);
  RunScales scales;
  for (std::size_t i = 0; i < panel_columns; ++i) {
    scales.exponent[i] = job.scale_exponent;
    scales.live[i] = ~0u;
  }
  for (std::size_t i = first; i < last; i += panel_columns) {
    const std::size_t count = last - i < panel_columns ? last - i : panel_columns;
    std::uint32_t random_buffer[random_room] = {};
    const std::uint32_t* random =
        fill_random(job.request.rounding, job.random_words, i, count, random_buffer);
    encode_run<T, Word>(words, job.source + i * sizeof(typename Source<T>::Stored), count, scales, random,
                        job.codes + i);
  }
}

template <spec::FloatType T>
void encode_elements(const EncodeJob& job, std::size_t first, std::size_t last) {
  if (T == spec::FloatType::Float64 || needs_wide_word(job.request.rounding))
    return encode_elements<T, std::uint64_t>(job, first, last);
  if constexpr (T != spec::FloatType::Float64) encode_elements<T, std::uint32_t>(job, first, last);
}

inline void encode_general(const EncodeJob& job, std::size_t first, std::size_t last) {
  using enum spec::FloatType;
  switch (job.source_type) {
    case Float32: return encode_elements<Float32>(job, first, last);
    case BFloat16: return encode_elements<BFloat16>(job, first, last);
    case Float16: return encode_elements<Float16>(job, first, last);
    case Float64: return encode_elements<Float64>(job, first, last);
  }
}

}  // namespace mxemu::fast::MXEMU_TIER
