// From a job to a kernel of a vector tier: which format, source and layout, line by line. Included by the
// translation unit of a tier after its kernels; what no kernel covers goes to the general path.
#pragma once

#include "fast/control_word.hpp"
#include "fast/general.hpp"
#include "fast/lines.hpp"

namespace mxemu::fast::MXEMU_TIER {

template <spec::ElementType E, class Source, bool Packed>
void quantize_lines(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  using Stored = typename Source::Stored;
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  constexpr spec::ScaleFormat scale = spec::scale_formats[0];
  const spec::ScaleRule rule = spec::scale_rules[static_cast<int>(job.request.scale_rule)];
  const Quantizer<E> quantizer = {make_rule_words(format, rule),
                                  make_scale_words<std::uint32_t>(format, scale, rule, job.request.policy)};
  const auto* source = reinterpret_cast<const Stored*>(job.source);
  const ControlWord control_word;
  for_each_run(
      job.grid, first_unit, last_unit,
      [&](std::size_t element, std::size_t block, std::size_t count) {
        std::uint8_t* codes = job.codes + code_offset(element, format.bits, Packed);
        if (job.stream && is_aligned(codes, stream_alignment))
          quantize_run<E, Source, Packed, true>(quantizer, source + element, count, codes,
                                                job.scales + block);
        else
          quantize_run<E, Source, Packed, false>(quantizer, source + element, count, codes,
                                                 job.scales + block);
      },
      [&](std::size_t element, std::size_t block, std::size_t count) {
        quantize_tail<E, Source, Packed>(quantizer, source + element, count,
                                         job.codes + code_offset(element, format.bits, Packed),
                                         job.scales + block);
      });
  stream_fence();
}

template <spec::ElementType E>
void quantize_common(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  const bool float32 = job.source_type == spec::FloatType::Float32;
  if constexpr (Quantizer<E>::format.bits < 8) {
    if (job.packed)
      return float32 ? quantize_lines<E, Float32Source, true>(job, first_unit, last_unit)
                     : quantize_lines<E, BFloat16Source, true>(job, first_unit, last_unit);
  }
  return float32 ? quantize_lines<E, Float32Source, false>(job, first_unit, last_unit)
                 : quantize_lines<E, BFloat16Source, false>(job, first_unit, last_unit);
}

inline void quantize(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  using enum spec::ElementType;
  const spec::ElementType element = spec::block_formats[static_cast<int>(job.request.format)].element;
  const int bits = spec::element_formats[static_cast<int>(element)].bits;
  if (!is_common_quantize(job) || (job.packed && !lines_start_at_bytes(job.grid, bits)))
    return quantize_general(job, first_unit, last_unit);
  switch (element) {
    case E5M2: return quantize_common<E5M2>(job, first_unit, last_unit);
    case E4M3: return quantize_common<E4M3>(job, first_unit, last_unit);
    case E3M2: return quantize_common<E3M2>(job, first_unit, last_unit);
    case E2M3: return quantize_common<E2M3>(job, first_unit, last_unit);
    case E2M1: return quantize_common<E2M1>(job, first_unit, last_unit);
    case INT8: return quantize_common<INT8>(job, first_unit, last_unit);
  }
}

template <spec::ElementType E, spec::FloatType T, bool Packed>
void dequantize_lines(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  constexpr int bits = Quantizer<E>::format.bits;
  constexpr std::size_t width = T == spec::FloatType::Float32 ? 4 : 2;
  auto* output = reinterpret_cast<std::uint8_t*>(job.output);
  const ControlWord control_word;
  for_each_run(
      job.grid, first_unit, last_unit,
      [&](std::size_t element, std::size_t block, std::size_t count) {
        const std::uint8_t* codes = job.codes + code_offset(element, bits, Packed);
        std::uint8_t* to = output + element * width;
        if (job.stream && is_aligned(to, stream_alignment))
          dequantize_run<E, T, Packed, true>(job, codes, job.scales + block, count, to);
        else
          dequantize_run<E, T, Packed, false>(job, codes, job.scales + block, count, to);
      },
      [&](std::size_t element, std::size_t block, std::size_t count) {
        dequantize_tail<E, T, Packed>(job, job.codes + code_offset(element, bits, Packed), job.scales + block,
                                      count, output + element * width);
      });
  stream_fence();
}

template <spec::ElementType E>
void dequantize_common(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  using enum spec::FloatType;
  const bool float32 = job.output_type == Float32;
  if constexpr (Quantizer<E>::format.bits < 8) {
    if (job.packed)
      return float32 ? dequantize_lines<E, Float32, true>(job, first_unit, last_unit)
                     : dequantize_lines<E, BFloat16, true>(job, first_unit, last_unit);
  }
  return float32 ? dequantize_lines<E, Float32, false>(job, first_unit, last_unit)
                 : dequantize_lines<E, BFloat16, false>(job, first_unit, last_unit);
}

inline void dequantize(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  using enum spec::ElementType;
  const spec::ElementType element = spec::block_formats[static_cast<int>(job.request.format)].element;
  const int bits = spec::element_formats[static_cast<int>(element)].bits;
  if (!is_common_dequantize(job) || (job.packed && !lines_start_at_bytes(job.grid, bits)))
    return dequantize_general(job, first_unit, last_unit);
  switch (element) {
    case E5M2: return dequantize_common<E5M2>(job, first_unit, last_unit);
    case E4M3: return dequantize_common<E4M3>(job, first_unit, last_unit);
    case E3M2: return dequantize_common<E3M2>(job, first_unit, last_unit);
    case E2M3: return dequantize_common<E2M3>(job, first_unit, last_unit);
    case E2M1: return dequantize_common<E2M1>(job, first_unit, last_unit);
    case INT8: return dequantize_common<INT8>(job, first_unit, last_unit);
  }
}

}  // namespace mxemu::fast::MXEMU_TIER
