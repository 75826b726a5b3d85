#include "conformance/verdict/option_words.hpp"

#include <charconv>
#include <limits>

#include "conformance/verdict/words.hpp"

namespace mxemu::conformance {
namespace {

template <class Integer>
Integer integer(const char* name, std::string_view text, Integer low, Integer high) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    throw BadInput(std::string(name) + ": \"" + std::string(text) + "\" is no integer from " +
                   std::to_string(low) + " to " + std::to_string(high));
  return value;
}

void put(const OptionPlace& option, std::string_view word) {
  if (auto* const* text = std::get_if<std::string*>(&option.place)) **text = word;
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&option.place)) (*list)->emplace_back(word);
  if (auto* const* number = std::get_if<std::uint64_t*>(&option.place))
    **number = integer<std::uint64_t>(option.name, word, 0, std::numeric_limits<std::uint64_t>::max());
}

void read_option(std::string_view text, std::initializer_list<OptionPlace> places) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  std::string known;
  for (const OptionPlace& option : places) {
    known += (known.empty() ? "" : ", ") + std::string(option.name);
    if (name == option.name && equals != std::string_view::npos) return put(option, text.substr(equals + 1));
  }
  throw BadInput("\"" + std::string(text) + "\" is not NAME=WORD with NAME one of " + known);
}

}  // namespace

void read_options(const char* text, std::initializer_list<OptionPlace> places) {
  std::string_view rest = text != nullptr ? text : "";
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) return;
    const std::string_view one = rest.substr(0, rest.find(' '));
    read_option(one, places);
    rest.remove_prefix(one.size());
  }
}

std::int64_t parse_integer(const char* name, std::string_view text, std::int64_t low, std::int64_t high) {
  return integer(name, text, low, high);
}

}  // namespace mxemu::conformance
