// Exact numbers, codes and rounding decisions in words: what `mxemu explain` and every failing case print.
#pragma once

#include <cstdint>
#include <string>

#include "reference/exact.hpp"
#include "reference/value.hpp"
#include "spec/element_format.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

/// Lower-case hexadecimal with 0x and `digits` digits.
std::string hex(std::uint64_t bits, int digits);

/// The code of a format in as many hexadecimal digits as its width needs.
std::string hex_code(const spec::ElementFormat& format, std::uint8_t code);

/// An exact number: an integer, a decimal fraction or a quotient while short, else n * 2^e.
std::string describe(const reference::Exact& number);

/// The same with a sign; "-0", "Inf", "NaN".
std::string describe(const reference::Value& value);

/// A positive power of two as "2^e".
std::string describe_power(const reference::Exact& power);

/// The bits of a floating-point number as a C99 hexadecimal literal, such as -0x1.4p-1.
std::string hex_float(const spec::FloatFormat& format, std::uint64_t bits);

/// The fields of a code: "S0 E10 M0", or "two's complement 5" for INT8.
std::string describe_fields(const spec::ElementFormat& format, std::uint8_t code);

/// Why `value / scale` becomes the code it becomes: its neighbours, the tie if there is one, what overflow or
/// the policy did. One clause without a full stop.
std::string describe_decision(const spec::Request& request, const reference::Value& value,
                              const reference::Exact& scale, std::uint8_t code,
                              std::uint32_t random_word = 0);

}  // namespace mxemu::conformance
