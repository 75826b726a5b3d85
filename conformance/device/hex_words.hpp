// Hexadecimal words at the speed of the pipe: tables instead of arithmetic on characters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mxemu::conformance {

/// The two digits of every byte.
inline constexpr auto hex_pairs = [] {
  constexpr char digits[] = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = digits[byte >> 4];
    pairs[2 * byte + 1] = digits[byte & 15];
  }
  return pairs;
}();

inline constexpr std::uint8_t not_hexadecimal = 0x80;

/// The value of every character as a digit of either case, or not_hexadecimal.
inline constexpr auto hex_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_hexadecimal);
  for (std::uint8_t digit = 0; digit < 10; ++digit) values['0' + digit] = digit;
  for (std::uint8_t digit = 10; digit < 16; ++digit)
    values['a' + digit - 10U] = values['A' + digit - 10U] = digit;
  return values;
}();

inline std::uint8_t hex_value(char digit) {
  return hex_values[static_cast<unsigned char>(digit)];
}

/// Each of these returns the place after what it wrote.
inline char* write_hex_byte(char* out, std::uint8_t byte) {
  std::memcpy(out, &hex_pairs[std::size_t{2} * byte], 2);
  return out + 2;
}

/// A code in `digits` digits, 1 or 2.
inline char* write_hex_code(char* out, std::uint8_t code, int digits) {
  if (digits == 2) return write_hex_byte(out, code);
  *out = hex_pairs[std::size_t{2} * code + 1];
  return out + 1;
}

/// A little-endian number of `width` bytes, most significant digit first.
inline char* write_hex_number(char* out, const std::byte* bytes, std::size_t width) {
  for (std::size_t byte = width; byte-- > 0;)
    out = write_hex_byte(out, std::to_integer<std::uint8_t>(bytes[byte]));
  return out;
}

inline char* write_hex_word(char* out, std::uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out = write_hex_byte(out, static_cast<std::uint8_t>(word >> shift & 0xff));
  return out;
}

}  // namespace mxemu::conformance
