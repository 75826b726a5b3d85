#include "conformance/device/answer_text.hpp"

#include <algorithm>
#include <vector>

#include "conformance/device/hex_words.hpp"
#include "conformance/device/request_text.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::string_view unsupported_word = "unsupported";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

const char* skip_spaces(const char* at, const char* end) {
  while (at != end && is_space(*at)) ++at;
  return at;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  const char* end = line.data() + line.size();
  for (const char* at = skip_spaces(line.data(), end); at != end; at = skip_spaces(at, end)) {
    const char* last = std::find_if(at, end, is_space);
    words.emplace_back(at, static_cast<std::size_t>(last - at));
    at = last;
  }
  return words;
}

/// One byte of one or two digits. Returns the place after it, or null.
const char* parse_byte(const char* at, const char* end, std::uint8_t largest, std::uint8_t& byte) {
  if (at == end) return nullptr;
  unsigned value = hex_value(*at++);
  unsigned digits = value;
  if (at != end && !is_space(*at)) {
    const unsigned low = hex_value(*at++);
    digits |= low;
    value = value << 4 | low;
  }
  if ((digits & not_hexadecimal) != 0 || value > largest || (at != end && !is_space(*at))) return nullptr;
  byte = static_cast<std::uint8_t>(value);
  return at;
}

/// A number in exactly the digits of its type. Returns the place after it, or null.
const char* parse_number(const char* at, const char* end, std::size_t width, std::byte* bytes) {
  if (static_cast<std::size_t>(end - at) < 2 * width) return nullptr;
  unsigned bad = 0;
  for (std::size_t byte = width; byte-- > 0; at += 2) {
    const unsigned high = hex_value(at[0]);
    const unsigned low = hex_value(at[1]);
    bad |= high | low;
    bytes[byte] = static_cast<std::byte>((high << 4 | low) & 0xff);
  }
  if ((bad & not_hexadecimal) != 0 || (at != end && !is_space(*at))) return nullptr;
  return at;
}

std::string count_of(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string wanted_words(const Cases& cases) {
  const ArraySizes given = cases.given();
  const bool in_memory = is_tensor(cases.operation);
  std::string text;
  const auto add = [&](const std::string& words) { text += (text.empty() ? "" : " and ") + words; };
  if (in_memory && given.scales != 0) add(count_of(given.scales, "byte") + " of scales");
  if (!in_memory && given.scales != 0) add("the scale");
  if (given.codes != 0)
    add(in_memory ? count_of(given.codes, "byte") + " of codes" : count_of(given.codes, "code"));
  if (given.numbers != 0) add(count_of(given.numbers, "number"));
  return text;
}

}  // namespace

std::string quoted(std::string_view text, std::size_t limit) {
  std::string shown(text.substr(0, limit));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return "\"" + shown + (text.size() > limit ? "..." : "") + "\"";
}

AnswerParser::AnswerParser(const Cases& cases)
    : cases_(&cases),
      width_(static_cast<std::size_t>(spec::format_of(cases.type()).bytes())),
      given_(cases.given()),
      largest_code_(largest_code(cases)) {}

std::size_t AnswerParser::longest_line() const {
  // Room for spaces, and for an "unsupported" that says why.
  return 4096 + (given_.scales + given_.codes + given_.numbers) * 20;
}

std::string AnswerParser::parse(std::string_view line, std::size_t index, Answers& answers) const {
  const char* end = line.data() + line.size();
  const char* at = parse_words(line, index, answers);
  if (at && skip_spaces(at, end) == end) return {};
  const std::vector<std::string_view> words = words_of(line);
  if (words.empty() || !words.front().starts_with(unsupported_word)) return complain(line);
  set_unsupported(*cases_, index, answers);
  return {};
}

/// The fast way through a right answer. Returns the place after its last word; null for anything else.
const char* AnswerParser::parse_words(std::string_view line, std::size_t index, Answers& answers) const {
  const ArraySizes given = given_;  // not to be looked up again after every byte that is stored
  const char* end = line.data() + line.size();
  const char* at = skip_spaces(line.data(), end);
  for (std::size_t i = 0; at && i < given.scales; ++i)
    at = parse_byte(skip_spaces(at, end), end, 0xff, answers.scales[index * given.scales + i]);
  for (std::size_t i = 0; at && i < given.codes; ++i)
    at = parse_byte(skip_spaces(at, end), end, largest_code_, answers.codes[index * given.codes + i]);
  std::byte* numbers = answers.numbers.bytes().data() + index * given.numbers * width_;
  for (std::size_t i = 0; at && i < given.numbers; ++i)
    at = parse_number(skip_spaces(at, end), end, width_, numbers + i * width_);
  return at;
}

/// Says why parse_words would not have it: a word that is none, or else their number.
std::string AnswerParser::complain(std::string_view line) const {
  const std::vector<std::string_view> words = words_of(line);
  const std::size_t wanted = given_.scales + given_.codes + given_.numbers;
  for (std::size_t i = 0; i < std::min(words.size(), wanted); ++i) {
    const std::string complaint = complain_of_word(words[i], i < given_.scales);
    if (!complaint.empty()) return complaint;
  }
  return "it has " + count_of(words.size(), "word") + " where " + std::to_string(wanted) +
         (wanted == 1 ? " is" : " are") + " wanted (" + wanted_words(*cases_) + ")";
}

std::string AnswerParser::complain_of_word(std::string_view word, bool is_scale) const {
  const bool is_hexadecimal =
      std::all_of(word.begin(), word.end(), [](char c) { return hex_value(c) != not_hexadecimal; });
  if (!is_hexadecimal) return quoted(word, 20) + " is not a hexadecimal word";
  const bool is_number = gives_numbers(cases_->operation);
  if (is_number && word.size() != 2 * width_)
    return quoted(word, 20) + " has " + count_of(word.size(), "digit") + " where " +
           spec::name_of(cases_->type()) + " has " + std::to_string(2 * width_);
  std::uint8_t byte = 0;
  if (is_number || parse_byte(word.data(), word.data() + word.size(), 0xff, byte)) {
    return is_number || is_scale || byte <= largest_code_
               ? ""
               : complain_of_code(cases_->request.element_format(), byte);
  }
  if (is_scale) return quoted(word, 20) + " is more than the 2 digits of a scale";
  return quoted(word, 20) + " is more than the " +
         count_of(static_cast<std::size_t>(code_digits(cases_->request.element_format())), "digit") +
         " of an " + cases_->request.element_format().name + " code";
}

std::uint8_t largest_code(const Cases& cases) {
  const bool packed = is_tensor(cases.operation) && cases.operation != Operation::Unpack;
  return packed ? 0xff : static_cast<std::uint8_t>(cases.request.element_format().code_count() - 1);
}

void set_unsupported(const Cases& cases, std::size_t index, Answers& answers) {
  if (answers.unsupported.empty()) answers.unsupported.resize(cases.count());
  answers.unsupported[index] = true;
}

std::string complain_of_code(const spec::ElementFormat& format, std::uint8_t code) {
  if (code < format.code_count()) return {};
  char text[2];
  write_hex_byte(text, code);
  return quoted({text, 2}) + " is more than the " + std::to_string(format.bits) + " bits of an " +
         format.name + " code";
}

}  // namespace mxemu::conformance
