// What a dot product multiplies: elements of MX blocks (MX 6.1), or plain floating-point numbers.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/words.hpp"

namespace mxemu::spec {

/// The element types of MX, in the order of ElementType, then the floating-point types that matrix units
/// take.
enum class OperandType : std::uint8_t { E5M2, E4M3, E3M2, E2M3, E2M1, INT8, BFloat16, Float16, Float32 };

inline constexpr int element_operand_count = static_cast<int>(std::size(element_formats));

/// Whether codes of the type are elements, which may stand under shared scales.
constexpr bool is_element(OperandType type) {
  return static_cast<int>(type) < element_operand_count;
}

/// Requires is_element(type).
constexpr const ElementFormat& element_format_of(OperandType type) {
  return element_formats[static_cast<int>(type)];
}

/// Requires !is_element(type).
constexpr const FloatFormat& float_format_of(OperandType type) {
  return format_of(type == OperandType::BFloat16  ? FloatType::BFloat16
                   : type == OperandType::Float16 ? FloatType::Float16
                                                  : FloatType::Float32);
}

constexpr OperandType operand_of(ElementType type) {
  return static_cast<OperandType>(type);
}
static_assert(operand_of(ElementType::INT8) == OperandType::INT8 &&
              element_operand_count == static_cast<int>(OperandType::BFloat16));

/// E4M3, …, INT8, bf16, f16, f32.
constexpr const char* name_of(OperandType type) {
  return is_element(type) ? element_format_of(type).name : name_of(float_format_of(type).type);
}

inline constexpr int operand_type_count = static_cast<int>(OperandType::Float32) + 1;

/// The operand type called `name`, or nothing.
constexpr std::optional<OperandType> parse_operand(std::string_view name) {
  for (int i = 0; i < operand_type_count; ++i)
    if (name == name_of(static_cast<OperandType>(i))) return static_cast<OperandType>(i);
  return std::nullopt;
}

/// Bytes of one unpacked code.
constexpr int code_bytes(OperandType type) {
  return is_element(type) ? 1 : float_format_of(type).bytes();
}

/// A set of operand types.
struct OperandTypes {
  std::uint32_t bits = 0;

  constexpr bool has(OperandType type) const { return (bits >> static_cast<int>(type) & 1) != 0; }
  constexpr OperandTypes operator|(OperandTypes other) const { return {bits | other.bits}; }
  constexpr bool operator==(const OperandTypes&) const = default;
};

template <class... Types>
consteval OperandTypes operand_types(Types... types) {
  return {((std::uint32_t{1} << static_cast<int>(types)) | ...)};
}

inline constexpr OperandTypes fp8_operands = operand_types(OperandType::E5M2, OperandType::E4M3);
inline constexpr OperandTypes fp6_operands = operand_types(OperandType::E3M2, OperandType::E2M3);
inline constexpr OperandTypes fp4_operands = operand_types(OperandType::E2M1);
inline constexpr OperandTypes f8f6f4_operands = fp8_operands | fp6_operands | fp4_operands;
inline constexpr OperandTypes element_operands = f8f6f4_operands | operand_types(OperandType::INT8);
inline constexpr OperandTypes half_operands = operand_types(OperandType::BFloat16, OperandType::Float16);
inline constexpr OperandTypes all_operands =
    element_operands | half_operands | operand_types(OperandType::Float32);

}  // namespace mxemu::spec
