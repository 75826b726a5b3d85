// Numbers as text, the same on every machine and under every locale.
#pragma once

#include <cstdint>
#include <string>

namespace mxemu::report {

/// `value` to `significant` decimal digits (1 to 17) without trailing zeros: "37.42", "-0", "1.5e-7", "NaN",
/// "-Inf". Magnitudes in [1e-4, 1e7) are written plainly, and then all digits of the integer part are kept.
std::string number_text(double value, int significant = 4);

/// `value` with exactly `decimals` digits after the point (0 to 17), for columns that align: "37.40", "NaN",
/// "Inf".
std::string fixed_text(double value, int decimals);

/// A count with its thousands separated: "4,294,967,296".
std::string count_text(std::uint64_t count);

/// A bit pattern in at least as many hexadecimal digits as `bits` bits need: hex_text(5, 4) is "0x5".
std::string hex_text(std::uint64_t code, int bits);

}  // namespace mxemu::report
