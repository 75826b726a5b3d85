// Numbers as cells of a table for a terminal.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/report/text_table.hpp"

namespace mxemu::cli {

using report::TextTable;

/// `value` with `places` decimals; "inf", "-inf", "-" for NaN.
std::string fixed(double value, int places);

/// `value` with `digits` significant digits.
std::string significant(double value, int digits);

/// A share of a whole as a percentage, "0" only when it is exactly zero.
std::string percent(std::uint64_t part, std::uint64_t whole);

}  // namespace mxemu::cli
