#include <cctype>

#include "conformance/device/batch_talk.hpp"
#include "conformance/device/hex_words.hpp"

namespace mxemu::conformance {
namespace {

std::size_t bytes_of(spec::FloatType type) {
  return static_cast<std::size_t>(spec::format_of(type).bytes());
}

void append_hex(std::uint64_t word, std::size_t digits, std::string& out) {
  for (std::size_t digit = digits; digit-- > 0;) out += "0123456789abcdef"[word >> 4 * digit & 15];
}

/// " - ", the scales, the codes.
void append_operand(const DotLine& line, DotOperand operand, std::string& out) {
  out += " -";
  for (const std::uint8_t scale : line.scales) {
    out += ' ';
    append_hex(scale, 2, out);
  }
  for (const std::uint32_t code : line.codes) {
    out += ' ';
    append_hex(code, operand_digits(operand.type), out);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

}  // namespace

std::size_t operand_digits(spec::OperandType type) {
  return spec::is_element(type) ? static_cast<std::size_t>(code_digits(spec::element_format_of(type)))
                                : 2 * static_cast<std::size_t>(spec::code_bytes(type));
}

std::string dot_request_text(const DotCases& cases) {
  std::string text = "dot " + describe(cases.pair());
  if (cases.block_size != 32) text += " block_size=" + std::to_string(cases.block_size);
  return text;
}

DotTalk::DotTalk(const DotCases& cases, DotAnswers& answers) : cases_(cases), answers_(answers) {
  require_sizes(cases);
  answers_.results.assign(cases.count(), 0);
  answers_.unsupported.clear();
}

std::size_t DotTalk::count() const {
  return cases_.count();
}
std::size_t DotTalk::elements() const {
  return cases_.elements;
}
std::size_t DotTalk::width() const {
  return bytes_of(cases_.output);
}
std::size_t DotTalk::longest_line() const {
  return 4096;  // room for an "unsupported" that says why
}

std::string DotTalk::line(std::size_t index) const {
  std::string text = dot_request_text(cases_) + " - ";
  append_hex(cases_.c[index], 2 * width(), text);
  append_operand(line_of(cases_, cases_.a, cases_.a_operand, index), cases_.a_operand, text);
  append_operand(line_of(cases_, cases_.b, cases_.b_operand, index), cases_.b_operand, text);
  return text;
}

void DotTalk::append(std::size_t index, std::string& out) const {
  out += line(index) + "\n";
}

std::string DotTalk::parse(std::string_view line, std::size_t index) {
  const std::string_view word = trimmed(line);
  if (word.starts_with("unsupported")) {
    answers_.unsupported.resize(cases_.count(), false);
    answers_.unsupported[index] = true;
    return {};
  }
  const std::string wanted = "one number of " + std::to_string(2 * width()) + " hexadecimal digits";
  if (word.size() != 2 * width()) return "it is not " + wanted;
  std::uint32_t result = 0;
  for (const char digit : word) {
    if (hex_value(digit) == not_hexadecimal) return "it is not " + wanted;
    result = result << 4 | hex_value(digit);
  }
  answers_.results[index] = result;
  return {};
}

std::string DotTalk::header(std::size_t first, std::size_t last, std::size_t bytes) const {
  return "binary " + std::to_string(bytes) + " " + std::to_string(last - first) + " " +
         std::to_string(cases_.elements) + " " + dot_request_text(cases_);
}

std::string DotTalk::bytes(std::size_t first, std::size_t last) const {
  const DotCases part = part_of(cases_, first, last - first);
  std::string out;
  for (const std::uint32_t c : part.c)
    for (std::size_t byte = 0; byte < width(); ++byte) out += static_cast<char>(c >> 8 * byte & 0xff);
  for (const DotCodes* codes : {&part.a, &part.b}) {
    out.append(reinterpret_cast<const char*>(codes->scales.data()), codes->scales.size());
    out.append(reinterpret_cast<const char*>(codes->codes.data()), codes->codes.size());
  }
  return out;
}

std::size_t DotTalk::answer_bytes(std::size_t first, std::size_t last) const {
  return (last - first) * width();
}

std::string DotTalk::take(std::size_t first, std::size_t last, std::string_view bytes) {
  for (std::size_t i = first; i < last; ++i) {
    std::uint32_t result = 0;
    for (std::size_t byte = width(); byte-- > 0;)
      result = result << 8 | static_cast<std::uint8_t>(bytes[(i - first) * width() + byte]);
    answers_.results[i] = result;
  }
  return {};
}

}  // namespace mxemu::conformance
