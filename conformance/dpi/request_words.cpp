#include "conformance/dpi/request_words.hpp"

#include <charconv>
#include <stdexcept>
#include <string>
#include <vector>

namespace mxemu::conformance::dpi {
namespace {

struct Option {
  std::string_view name;
  std::string_view word;
};

std::string names_of(const auto& rows) {
  std::string text;
  for (const auto& row : rows) text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}

[[noreturn]] void refuse(std::string_view what, std::string_view word, const std::string& wanted) {
  throw std::invalid_argument(std::string(what) + ": no word \"" + std::string(word) + "\" among " + wanted);
}

template <class Enum>
Enum parse(const Option& option) {
  const auto value = spec::parse_word<Enum>(option.word);
  if (!value) refuse(option.name, option.word, names_of(spec::words<Enum>));
  return *value;
}

int parse_integer(const Option& option, int low, int high) {
  int value = 0;
  const char* end = option.word.data() + option.word.size();
  const auto [stop, error] = std::from_chars(option.word.data(), end, value);
  if (error != std::errc{} || stop != end || value < low || value > high)
    throw std::invalid_argument(std::string(option.name) + ": \"" + std::string(option.word) +
                                "\" is no integer from " + std::to_string(low) + " to " +
                                std::to_string(high));
  return value;
}

std::vector<Option> split(std::string_view text) {
  std::vector<Option> options;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(' '));
    text.remove_prefix(part.size() < text.size() ? part.size() + 1 : text.size());
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos)
      throw std::invalid_argument("\"" + std::string(part) + "\" is not NAME=WORD");
    options.push_back({part.substr(0, equals), part.substr(equals + 1)});
  }
  return options;
}

/// One freedom of the policy; throws when there is none of that name.
void set_freedom(spec::Policy& policy, const Option& option) {
  bool found = false;
  std::string freedoms;
  spec::for_each_freedom(policy, [&]<class Enum>(const char* name, Enum& field) {
    freedoms += std::string(", ") + name;
    if (option.name != name) return;
    field = parse<Enum>(option);
    found = true;
  });
  if (!found)
    refuse("a request", option.name,
           "profile, type, scale_rule, rounding, random_bits, block_size" + freedoms);
}

void amend(RequestWords& words, const Option& option) {
  constexpr int largest_block = 65536;
  spec::Request& request = words.request;
  if (option.name == "profile") return;  // comes before all others
  if (option.name == "type")
    words.type = parse<spec::FloatType>(option);
  else if (option.name == "scale_rule")
    request.scale_rule = parse<spec::ScaleRuleType>(option);
  else if (option.name == "rounding")
    request.rounding.mode = parse<spec::RoundingMode>(option);
  else if (option.name == "random_bits")
    request.rounding.random_bits = parse_integer(option, 1, 32);
  else if (option.name == "block_size")
    request.block_size = parse_integer(option, 1, largest_block);
  else
    set_freedom(request.policy, option);
}

}  // namespace

RequestWords parse_request_words(std::string_view format, std::string_view options) {
  const auto type = spec::parse_block_format(format);
  if (!type) refuse("format", format, names_of(spec::block_formats));
  const std::vector<Option> list = split(options);
  const spec::Profile* profile = &spec::default_profile;
  for (const Option& option : list) {
    if (option.name != "profile") continue;
    profile = spec::find_profile(option.word);
    if (profile == nullptr) refuse(option.name, option.word, names_of(spec::profiles));
  }
  RequestWords words = {.request = spec::make_request(*type, *profile)};
  for (const Option& option : list) amend(words, option);
  return words;
}

}  // namespace mxemu::conformance::dpi
