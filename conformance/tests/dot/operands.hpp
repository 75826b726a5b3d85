// Operands of a test: vectors that own their codes, and drawn block pairs.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#include "reference/dot.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::dot_test {

/// One line of codes with its scales.
struct Vector {
  spec::OperandType type;
  std::vector<std::byte> bytes = {};
  std::vector<std::uint8_t> scales = {};

  void push(std::uint32_t code) {
    for (int byte = 0; byte < spec::code_bytes(type); ++byte)
      bytes.push_back(static_cast<std::byte>(code >> 8 * byte & 0xff));
  }
  reference::CodeArray codes() const { return {type, bytes}; }
  std::size_t size() const { return codes().size(); }
  reference::Operand operand() const {
    return {.codes = codes(), .scales = scales, .lines = 1, .length = size()};
  }
};

inline Vector vector_of(spec::OperandType type, std::initializer_list<std::uint32_t> codes,
                        std::initializer_list<std::uint8_t> scales = {}) {
  Vector vector{.type = type, .bytes = {}, .scales = scales};
  for (const std::uint32_t code : codes) vector.push(code);
  return vector;
}

/// `count` times the same code.
inline Vector repeated(spec::OperandType type, std::uint32_t code, std::size_t count,
                       std::initializer_list<std::uint8_t> scales = {}) {
  Vector vector{.type = type, .bytes = {}, .scales = scales};
  for (std::size_t i = 0; i < count; ++i) vector.push(code);
  return vector;
}

inline std::uint32_t dot_of(const spec::DotRequest& request, const Vector& a, const Vector& b,
                            std::uint32_t c = 0) {
  return reference::dot_general(request, a.operand(), 0, b.operand(), 0, c);
}

inline spec::DotRequest request_of(spec::AccumulatorType accumulator, const Vector& a, const Vector& b,
                                   spec::FloatType output = spec::FloatType::Float32) {
  return {.accumulator = accumulator, .a = a.type, .b = b.type, .output = output};
}

inline std::uint32_t dot_of(spec::AccumulatorType accumulator, const Vector& a, const Vector& b,
                            std::uint32_t c = 0) {
  return dot_of(request_of(accumulator, a, b), a, b, c);
}

inline std::uint32_t bits_of(float value) {
  return std::bit_cast<std::uint32_t>(value);
}

/// Whether the code of an element is NaN or Inf.
inline bool is_special(spec::OperandType type, std::uint8_t code) {
  const spec::ElementFormat& format = spec::element_format_of(type);
  return format.top_codes != spec::TopCodes::Finite &&
         (code & format.magnitude_mask) > format.max_normal_code;
}

/// `count` codes of an element type; NaN and Inf only where asked for.
inline std::vector<std::uint8_t> drawn_codes(std::mt19937_64& random, spec::OperandType type,
                                             std::size_t count, bool specials) {
  const int code_count = spec::element_format_of(type).code_count();
  std::vector<std::uint8_t> codes;
  while (codes.size() < count) {
    const auto code = static_cast<std::uint8_t>(random() % static_cast<unsigned>(code_count));
    if (specials || !is_special(type, code)) codes.push_back(code);
  }
  return codes;
}

}  // namespace mxemu::dot_test
