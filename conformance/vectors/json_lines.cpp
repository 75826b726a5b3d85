#include "conformance/vectors/json_lines.hpp"

#include <algorithm>

namespace mxemu::conformance::vectors {

JsonLine::JsonLine(std::string file, std::size_t number, std::string_view line)
    : file_(std::move(file)), number_(number), object_(nlohmann::json::parse(line, nullptr, false)) {
  if (!object_.is_object()) fail("it is not a JSON object");
}

void JsonLine::fail(const std::string& what) const {
  throw FileFault(file_ + ": line " + std::to_string(number_) + ": " + what);
}

const nlohmann::json& JsonLine::at(const char* key) const {
  const auto found = object_.find(key);
  if (found == object_.end()) fail("there is no \"" + std::string(key) + "\"");
  return *found;
}

std::string JsonLine::text(const char* key) const {
  const nlohmann::json& value = at(key);
  if (!value.is_string()) fail("\"" + std::string(key) + "\" is not a string");
  return value.get<std::string>();
}

long long JsonLine::integer(const char* key, long long smallest, long long largest) const {
  const nlohmann::json& value = at(key);
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{1} << 62);
  if (!fits || value.get<long long>() < smallest || value.get<long long>() > largest)
    fail("\"" + std::string(key) + "\" is not an integer from " + std::to_string(smallest) + " to " +
         std::to_string(largest));
  return value.get<long long>();
}

JsonLine JsonLine::object(const char* key) const {
  const nlohmann::json& value = at(key);
  if (!value.is_object()) fail("\"" + std::string(key) + "\" is not an object");
  return {*this, value};
}

std::vector<std::string> JsonLine::words(const char* key) const {
  const std::string joined = text(key);
  std::vector<std::string> words;
  for (std::size_t start = 0; start <= joined.size();) {
    const std::size_t end = std::min(joined.find(' ', start), joined.size());
    words.push_back(joined.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

std::vector<std::uint64_t> JsonLine::numbers(const char* key, int digits) const {
  std::vector<std::uint64_t> numbers;
  for (const std::string& word : words(key)) {
    const auto bits = parse_bits(word, digits);
    if (!bits)
      fail("\"" + std::string(key) + "\" has the word \"" + word.substr(0, 40) + "\" where " +
           std::to_string(digits) + " hexadecimal digits are wanted");
    numbers.push_back(*bits);
  }
  return numbers;
}

std::vector<JsonLine> json_lines(const std::string& file, std::string_view text) {
  std::vector<JsonLine> lines;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++number;
    if (end > 0) lines.emplace_back(file, number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (lines.empty()) throw FileFault(file + ": it is empty, where a header line is wanted");
  return lines;
}

}  // namespace mxemu::conformance::vectors
