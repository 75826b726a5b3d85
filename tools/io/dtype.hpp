// The element types that tensor files declare: one row each, shared by every container.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spec/float_format.hpp"

namespace mxemu::io {

/// GGML_* are block types of GGUF files; all but GGML_MXFP4 are carried as opaque bytes.
enum class DType : std::uint8_t {
  // clang-format off
  F64, F32, F16, BF16, C64,
  I8, U8, I16, U16, I32, U32, I64, U64, BOOL,
  F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ, F8_E8M0, F6_E2M3, F6_E3M2, F4,
  GGML_MXFP4, GGML_NVFP4,
  GGML_Q4_0, GGML_Q4_1, GGML_Q5_0, GGML_Q5_1, GGML_Q8_0, GGML_Q8_1,
  GGML_Q2_K, GGML_Q3_K, GGML_Q4_K, GGML_Q5_K, GGML_Q6_K, GGML_Q8_K,
  GGML_IQ2_XXS, GGML_IQ2_XS, GGML_IQ3_XXS, GGML_IQ1_S, GGML_IQ4_NL, GGML_IQ3_S, GGML_IQ2_S, GGML_IQ4_XS, GGML_IQ1_M,
  GGML_TQ1_0, GGML_TQ2_0, GGML_Q1_0, GGML_Q2_0,
  // clang-format on
};

struct DTypeFormat {
  DType type;
  const char* name;   ///< safetensors' spelling where that format has the type
  int unit_elements;  ///< elements of the smallest storable unit: 1, or a GGUF block's size
  int unit_bits;      ///< bits of that unit
  bool safetensors;   ///< a safetensors file may hold it
  int ggml_type;      ///< its number in a GGUF file, or -1
  const char* npy;    ///< its descr in an npy file, or nullptr
};

const DTypeFormat& format_of(DType type);
std::span<const DTypeFormat> all_dtypes();

inline const char* name_of(DType type) {
  return format_of(type).name;
}
/// 4.25 for GGML_MXFP4.
inline double bits_per_element(DType type) {
  return static_cast<double>(format_of(type).unit_bits) / format_of(type).unit_elements;
}
inline bool is_ggml_block(DType type) {
  return format_of(type).unit_elements > 1;
}

/// The dtype called `name` in any letter case, or nothing.
std::optional<DType> parse_dtype(std::string_view name);
/// The dtype that safetensors spells exactly `name`, or nothing.
std::optional<DType> safetensors_dtype(std::string_view name);
std::optional<DType> ggml_dtype(std::uint32_t ggml_type);

/// The specification's word for F64, F32, F16 and BF16; nothing for every other type.
std::optional<spec::FloatType> float_type_of(DType type);
inline bool is_float(DType type) {
  return float_type_of(type).has_value();
}
DType dtype_of(spec::FloatType type);

/// The bytes of a row-major tensor, or in `problem` why it has none: a negative dimension, 2^63 elements or
/// more (a zero dimension does not excuse the others), a last byte or a GGUF block left partly filled.
struct ByteSize {
  std::uint64_t bytes = 0;
  std::string problem;
};
ByteSize byte_size_of(DType type, std::span<const std::int64_t> shape);

}  // namespace mxemu::io
