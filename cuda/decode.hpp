// From eight codes to eight numbers, for every block that is not rare: the bits of a code, moved into a
// float32, are its value times a power of two, subnormals included, and two multiplications make it the
// product with the scale. Both are exact.
#pragma once

#include <cstdint>

#include "cuda/codes.hpp"
#include "cuda/numbers.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Under scale codes of this range every product is zero or a normal float32.
template <spec::ElementType E>
inline constexpr int first_exact_scale = 1 - element_row<E>.emin + element_row<E>.mantissa_bits;
/// The smallest code of INT8 is -2, one binade above the others.
template <spec::ElementType E>
inline constexpr int last_exact_scale = 254 - element_row<E>.emax - (E == spec::ElementType::INT8 ? 1 : 0);

template <spec::ElementType E>
__device__ bool is_exact(int scale_code) {
  return scale_code >= first_exact_scale<E> && scale_code <= last_exact_scale<E>;
}

/// 2^(scale_code - 127) of a scale code above 0.
inline __device__ float decode_factor(int scale_code) {
  return __uint_as_float(static_cast<std::uint32_t>(scale_code) << 23);
}

/// Code i of eight, its topmost bit on top of the word, other bits below.
template <int Bits, bool Packed>
__device__ std::uint32_t code_on_top(const CodeBytes& codes, int i) {
  const int first = (Packed ? Bits : 8) * i;
  const int end = first + Bits;
  if (end <= 32) return codes.low << (32 - end);
  if (first >= 32) return codes.high << (64 - end);
  return __funnelshift_l(codes.low, codes.high, static_cast<unsigned>(64 - end));
}

/// The value of the code on top of a word.
template <spec::ElementType E>
__device__ float value_of(std::uint32_t top) {
  constexpr spec::ElementFormat format = element_row<E>;
  if constexpr (E == spec::ElementType::INT8) {
    // 2^23 + 128 + the integer, where the last place is 1.
    const float shifted = __uint_as_float(0x4b000000u | (top ^ 0x80000000u) >> 24);
    return __fmul_rn(__fadd_rn(shifted, -(0x1p23f + 128.0f)), 1.0f / (1 << format.mantissa_bits));
  } else {
    constexpr std::uint32_t kept = 0x80000000u | std::uint32_t{format.magnitude_mask}
                                                     << (23 - format.mantissa_bits);
    const std::int32_t moved = static_cast<std::int32_t>(top) >> (8 - format.exponent_bits);
    const float value = __uint_as_float(static_cast<std::uint32_t>(moved) & kept);
    return __fmul_rn(value, __uint_as_float(static_cast<std::uint32_t>(254 - format.bias) << 23));
  }
}

/// True where one of eight codes is an Inf or a NaN. Codes beyond a tail are zeros.
template <spec::ElementType E>
__device__ bool has_non_number(const CodeBytes& codes) {
  constexpr spec::ElementFormat format = element_row<E>;
  if constexpr (format.nan_code == 0) return false;
  constexpr std::uint32_t beyond = (0x80u - format.max_normal_code - 1) * 0x01010101u;
  const std::uint32_t low = (codes.low & 0x7f7f7f7fu) + beyond;
  const std::uint32_t high = (codes.high & 0x7f7f7f7fu) + beyond;
  return ((low | high) & 0x80808080u) != 0;
}

/// The bits of an exact product in the output format, rounded once for float16.
template <spec::FloatType T>
__device__ std::uint32_t output_bits(float product) {
  if constexpr (T == spec::FloatType::Float32) return __float_as_uint(product);
  if constexpr (T == spec::FloatType::BFloat16) return __float_as_uint(product) >> 16;
  return half_of_float(product);
}

/// Stores eight numbers.
template <spec::FloatType T>
__device__ void store_eight(const EightPlace& at, const float* products, void* output, bool aligned) {
  if (at.count == 8 && aligned) {
    if constexpr (T == spec::FloatType::Float32) {
      auto* to = static_cast<float*>(output) + at.first;
      store_wide(to, float4{products[0], products[1], products[2], products[3]});
      store_wide(to + 4, float4{products[4], products[5], products[6], products[7]});
    } else {
      std::uint32_t word[4];
      MXEMU_UNROLL
      for (int i = 0; i < 4; ++i)
        word[i] = output_bits<T>(products[2 * i]) | output_bits<T>(products[2 * i + 1]) << 16;
      store_wide(static_cast<std::uint16_t*>(output) + at.first,
                 make_uint4(word[0], word[1], word[2], word[3]));
    }
    return;
  }
  MXEMU_UNROLL
  for (unsigned i = 0; i < 8; ++i)
    if (i < at.count) store_number<std::uint32_t>(T, output, at.first + i, output_bits<T>(products[i]));
}

/// Stores the products of eight plain codes. `factors.at(i)` is decode_factor of the scale of code i.
template <spec::ElementType E, bool Packed, spec::FloatType T, class Factors>
__device__ void decode_eight(const EightPlace& at, const CodeBytes& codes, const Factors& factors,
                             void* output, bool aligned) {
  constexpr int bits = element_row<E>.bits;
  float products[8];
  MXEMU_UNROLL
  for (int i = 0; i < 8; ++i)
    products[i] = __fmul_rn(value_of<E>(code_on_top<bits, Packed>(codes, i)), factors.at(i));
  store_eight<T>(at, products, output, aligned);
}

/// Stores the number of code `i` of eight under any scale, by the codec.
template <spec::ElementType E, bool Packed, spec::FloatType T>
__device__ void decode_rare(const fast::DecodeWords<std::uint32_t>& words, const EightPlace& at,
                            const CodeBytes& codes, unsigned i, int scale_code, void* output) {
  constexpr unsigned width = Packed ? static_cast<unsigned>(element_row<E>.bits) : 8;
  constexpr spec::ElementFormat element = element_row<E>;
  constexpr spec::FloatFormat number = spec::float_formats[static_cast<int>(T)];
  constexpr spec::ScaleFormat scale = spec::scale_formats[0];
  const std::uint64_t bytes = std::uint64_t{codes.high} << 32 | codes.low;
  const auto code = static_cast<std::uint32_t>(bytes >> width * i);
  store_number<std::uint32_t>(T, output, at.first + i,
                              fast::decode_element<std::uint32_t>(element, scale, number, words, code,
                                                                  static_cast<std::uint32_t>(scale_code)));
}

/// Stores the products of eight codes under one scale.
template <spec::ElementType E, bool Packed, spec::FloatType T>
__device__ void dequantize_eight(const fast::DecodeWords<std::uint32_t>& words, const EightPlace& at,
                                 const CodeBytes& codes, int scale_code, void* output, bool aligned) {
  if (is_exact<E>(scale_code) && !has_non_number<E>(codes))
    return decode_eight<E, Packed, T>(at, codes, SameFactor{decode_factor(scale_code)}, output, aligned);
  MXEMU_KEEP_ROLLED
  for (unsigned i = 0; i < at.count; ++i) decode_rare<E, Packed, T>(words, at, codes, i, scale_code, output);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
