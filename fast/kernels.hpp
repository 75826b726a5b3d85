// From a job to a kernel of a tier: which format, source, layout and output. Included by the translation unit
// of a tier after its kernels; what no kernel covers goes to the general path.
#pragma once

#include <type_traits>

#include "fast/columns.hpp"
#include "fast/control_word.hpp"
#include "fast/general.hpp"
#include "fast/lines.hpp"
#include "fast/measure.hpp"

namespace mxemu::fast::MXEMU_TIER {

template <class Call>
void with_element(spec::ElementType element, const Call& call) {
  using enum spec::ElementType;
  switch (element) {
    case E5M2: return call(std::integral_constant<spec::ElementType, E5M2>{});
    case E4M3: return call(std::integral_constant<spec::ElementType, E4M3>{});
    case E3M2: return call(std::integral_constant<spec::ElementType, E3M2>{});
    case E2M3: return call(std::integral_constant<spec::ElementType, E2M3>{});
    case E2M1: return call(std::integral_constant<spec::ElementType, E2M1>{});
    case INT8: return call(std::integral_constant<spec::ElementType, INT8>{});
  }
}

/// `type` is a common type.
template <class Call>
void with_type(spec::FloatType type, const Call& call) {
  using enum spec::FloatType;
  if (type == Float32) return call(std::integral_constant<spec::FloatType, Float32>{});
  if constexpr (converts_halves)
    if (type == Float16) return call(std::integral_constant<spec::FloatType, Float16>{});
  return call(std::integral_constant<spec::FloatType, BFloat16>{});
}

/// Codes of eight bits have no bit stream of their own.
template <spec::ElementType E, class Call>
void with_packing(bool packed, const Call& call) {
  if constexpr (Quantizer<E>::format.bits < 8)
    if (packed) return call(std::true_type{});
  return call(std::false_type{});
}

template <spec::ElementType E>
Quantizer<E> make_quantizer(const spec::Request& request) {
  const spec::ScaleRule rule = spec::scale_rules[static_cast<int>(request.scale_rule)];
  return {
      make_rule_words(Quantizer<E>::format, rule),
      make_scale_words<std::uint32_t>(Quantizer<E>::format, spec::scale_formats[0], rule, request.policy)};
}

inline spec::ElementFormat element_of(const spec::Request& request) {
  return spec::element_formats[static_cast<int>(
      spec::block_formats[static_cast<int>(request.format)].element)];
}

template <spec::ElementType E, class Source>
void quantize_kernel(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  const Quantizer<E> quantizer = make_quantizer<E>(job.request);
  if (job.output != nullptr)
    return with_type(job.output_type, [&](auto type) {
      roundtrip_lines<E, Source, type()>(quantizer, job, first_unit, last_unit);
    });
  if (job.codes == nullptr) return scale_lines<E, Source>(quantizer, job, first_unit, last_unit);
  with_packing<E>(job.packed, [&](auto packed) {
    if (job.grid.inner == 1)
      quantize_lines<E, Source, packed()>(quantizer, job, first_unit, last_unit);
    else if constexpr (panel_width > 0)
      quantize_panels<E, Source, packed()>(quantizer, job, first_unit, last_unit);
  });
}

/// Blocks that run across at least one panel of columns, in lines that start at bytes of their own.
inline bool has_panels(const BlockGrid& grid) {
  return panel_width > 0 && grid.inner >= panel_width && grid.inner % 8 == 0;
}

inline bool has_quantize_kernel(const QuantizeJob& job) {
  if (!is_common_type(job.source_type, converts_halves) || !has_common_rounding(job.request)) return false;
  const bool keeps_codes = job.codes != nullptr && job.scales != nullptr && job.output == nullptr;
  if (!has_common_blocks(job.grid)) return keeps_codes && has_panels(job.grid);
  if (keeps_codes) return !job.packed || lines_start_at_bytes(job.grid, element_of(job.request).bits);
  const bool scales_only = job.codes == nullptr && job.output == nullptr && job.scales != nullptr;
  const bool values_only = job.codes == nullptr && job.output != nullptr && job.scales == nullptr;
  return scales_only || (values_only && is_common_type(job.output_type, converts_halves) &&
                         has_common_values(job.request, job.output_type));
}

/// A round trip that measures its errors.
inline void quantize_and_measure(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  const ControlWord control_word(Subnormals::Kept);
  quantize_general(job, first_unit, last_unit);
  finish_panel(*job.errors);
}

inline void quantize(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  if (job.errors != nullptr) return quantize_and_measure(job, first_unit, last_unit);
  if (!has_quantize_kernel(job)) return quantize_general(job, first_unit, last_unit);
  const ControlWord control_word;
  with_element(element_of(job.request).type, [&](auto element) {
    with_type(job.source_type, [&](auto type) {
      quantize_kernel<element(), CommonSource<type()>>(job, first_unit, last_unit);
    });
  });
}

inline bool has_dequantize_kernel(const DequantizeJob& job) {
  if (!is_common_type(job.output_type, converts_halves)) return false;
  if (!has_common_values(job.request, job.output_type)) return false;
  if (!has_common_blocks(job.grid)) return has_panels(job.grid);
  return !job.packed || lines_start_at_bytes(job.grid, element_of(job.request).bits);
}

inline void dequantize(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  if (!has_dequantize_kernel(job)) return dequantize_general(job, first_unit, last_unit);
  const ControlWord control_word;
  with_element(element_of(job.request).type, [&](auto element) {
    with_type(job.output_type, [&](auto type) {
      with_packing<element()>(job.packed, [&](auto packed) {
        if (job.grid.inner == 1)
          dequantize_lines<element(), type(), packed()>(job, first_unit, last_unit);
        else if constexpr (panel_width > 0)
          dequantize_panels<element(), type(), packed()>(job, first_unit, last_unit);
      });
    });
  });
}

}  // namespace mxemu::fast::MXEMU_TIER
