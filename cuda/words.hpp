// What a request says, as the integers that kernels are given.
#pragma once

#include <cstdint>
#include <type_traits>

#include "cuda/numbers.hpp"
#include "fast/codec.hpp"
#include "spec/request.hpp"

namespace mxemu::cuda {

/// Threads of a block of every kernel that does not say otherwise.
inline constexpr unsigned threads_of_block = 256;

template <class Word>
struct QuantizeWords {
  spec::ElementFormat element;
  spec::FloatFormat source;
  int scale_bias;
  fast::ElementWords<Word> encode;
  fast::ScaleWords<Word> rule;
};

template <class Word>
struct DequantizeWords {
  spec::ElementFormat element;
  spec::ScaleFormat scale;
  spec::FloatFormat output;
  fast::DecodeWords<Word> decode;
};

/// What the common request says of a format, for every block.
struct CommonWords {
  fast::RuleWords rule;
  fast::ScaleWords<std::uint32_t> scale;
  fast::ElementWords<std::uint32_t> element;
};

template <class Word>
QuantizeWords<Word> make_quantize_words(const spec::Request& request, spec::FloatType source) {
  const spec::ElementFormat& element = request.element_format();
  const spec::ScaleFormat& scale = request.scale_format();
  return {element, format_of_bits(source), scale.bias,
          fast::make_element_words<Word>(element, request.rounding, request.policy),
          fast::make_scale_words<Word>(element, scale, spec::rule_of(request.scale_rule), request.policy)};
}

/// Calls visit with a word as wide as the source or the random bits need.
template <class Visit>
void with_word(const spec::Request& request, spec::FloatType source, const Visit& visit) {
  if (source == spec::FloatType::Float64 || fast::needs_wide_word(request.rounding))
    visit(std::uint64_t{});
  else
    visit(std::uint32_t{});
}

/// Calls visit(std::integral_constant<ElementType>) with the enumerator as a constant.
template <class Visit>
void with_element(spec::ElementType element, const Visit& visit) {
  using enum spec::ElementType;
  switch (element) {
    case E5M2: return visit(std::integral_constant<spec::ElementType, E5M2>{});
    case E4M3: return visit(std::integral_constant<spec::ElementType, E4M3>{});
    case E3M2: return visit(std::integral_constant<spec::ElementType, E3M2>{});
    case E2M3: return visit(std::integral_constant<spec::ElementType, E2M3>{});
    case E2M1: return visit(std::integral_constant<spec::ElementType, E2M1>{});
    case INT8: return visit(std::integral_constant<spec::ElementType, INT8>{});
  }
}

/// The same of the float types that have kernels of their own: not float64.
template <class Visit>
void with_float(spec::FloatType type, const Visit& visit) {
  using enum spec::FloatType;
  switch (type) {
    case Float32: return visit(std::integral_constant<spec::FloatType, Float32>{});
    case BFloat16: return visit(std::integral_constant<spec::FloatType, BFloat16>{});
    case Float16: return visit(std::integral_constant<spec::FloatType, Float16>{});
    case Float64: return;
  }
}

inline CommonWords common_words(const spec::Request& request) {
  const spec::ElementFormat& element = request.element_format();
  const spec::ScaleRule& rule = spec::rule_of(request.scale_rule);
  return {fast::make_rule_words(element, rule),
          fast::make_scale_words<std::uint32_t>(element, request.scale_format(), rule, request.policy),
          fast::make_element_words<std::uint32_t>(element, request.rounding, request.policy)};
}

/// MX 5.1: what decoding to `output` takes.
template <class Word>
DequantizeWords<Word> make_dequantize_words(const spec::Request& request, spec::FloatType output) {
  const spec::ElementFormat& element = request.element_format();
  const spec::ScaleFormat& scale = request.scale_format();
  const spec::FloatFormat& format = spec::format_of(output);
  return {element, scale, format, fast::make_decode_words<Word>(scale, format, request.policy)};
}

/// Calls visit with a word as wide as the output needs.
template <class Visit>
void with_word(spec::FloatType output, const Visit& visit) {
  if (output == spec::FloatType::Float64)
    visit(std::uint64_t{});
  else
    visit(std::uint32_t{});
}

}  // namespace mxemu::cuda
