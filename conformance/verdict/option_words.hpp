// "format=MXFP4_E2M1 level=quick": options of the C interface, each put where it belongs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mxemu::conformance {

/// Where the word of an option goes: a text (the last one given stands), a list of texts, or a number.
struct OptionPlace {
  const char* name;
  std::variant<std::string*, std::vector<std::string>*, std::uint64_t*> place;
};

/// Reads NAME=WORD separated by spaces; null is "". Throws BadInput for a name that no place has, and for
/// what is no number where one is wanted.
void read_options(const char* text, std::initializer_list<OptionPlace> places);

/// `text` as a decimal integer from `low` to `high`, or BadInput naming the option.
std::int64_t parse_integer(const char* name, std::string_view text, std::int64_t low, std::int64_t high);

}  // namespace mxemu::conformance
