#include "conformance/vectors/dot_lines.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "conformance/device/batch_talk.hpp"
#include "conformance/vectors/expectation.hpp"
#include "conformance/vectors/vector_file.hpp"

namespace mxemu::conformance::vectors {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::string_view option_prefix = "block_size=";
constexpr int largest_block = 1 << 30;

/// The words of a line, split at each "-".
std::vector<Words> parts_of(std::string_view line) {
  std::vector<Words> parts(1);
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    const std::string_view word = line.substr(0, end);
    if (word == "-")
      parts.emplace_back();
    else if (!word.empty())
      parts.back().push_back(word);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return parts;
}

class LineReader {
 public:
  LineReader(const std::string& name, std::size_t number) : name_(name), number_(number) {}

  DotCases read(std::string_view line) const {
    const std::vector<Words> parts = parts_of(line);
    if (parts.size() != 4 || parts[0].size() < 4 || parts[0][0] != "dot" || parts[1].size() != 1)
      fail("it is not \"dot A B TYPE [block_size=N] - C - WORD ... - WORD ...\"");
    DotCases one = request(parts[0]);
    const std::uint64_t c = bits(parts[1][0], spec::format_of(one.output).bits / 4);
    one.elements = elements_of(one, parts[2]);
    const DotLine a = operand(one, one.a_operand, parts[2], "a");
    append(one, a, operand(one, one.b_operand, parts[3], "b"), static_cast<std::uint32_t>(c));
    return one;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FileFault(name_ + ": line " + std::to_string(number_) + ": " + what);
  }

  std::uint64_t bits(std::string_view word, int digits) const {
    const auto read = parse_bits(word, digits);
    if (!read) fail(quoted(word, 40) + " is not of " + std::to_string(digits) + " hexadecimal digits");
    return *read;
  }

  DotCases request(const Words& words) const {
    const auto pair =
        parse_operands(std::string(words[1]) + "," + std::string(words[2]) + "," + std::string(words[3]));
    if (!pair)
      fail("there are no dot products of " +
           quoted(std::string(words[1]) + " " + std::string(words[2]) + " " + std::string(words[3]), 80));
    DotCases cases = {.a_operand = pair->a, .b_operand = pair->b, .output = pair->output};
    for (std::size_t i = 4; i < words.size(); ++i) cases.block_size = block_size(words[i]);
    return cases;
  }

  int block_size(std::string_view option) const {
    if (!option.starts_with(option_prefix)) fail(quoted(option, 40) + " is no option");
    const std::string_view text = option.substr(option_prefix.size());
    int size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc{} || end != text.data() + text.size() || size < 1 || size > largest_block)
      fail(quoted(text, 40) + " is not a number from 1 to " + std::to_string(largest_block));
    return size;
  }

  /// Of the words of a, which are the scales of n elements and n codes.
  std::size_t elements_of(const DotCases& cases, const Words& words) const {
    if (!cases.a_operand.scaled) return std::max<std::size_t>(1, words.size());
    const auto k = static_cast<std::size_t>(cases.block_size);
    const std::size_t blocks = (words.size() + k) / (k + 1);
    if (words.size() <= blocks)
      fail("a has " + std::to_string(words.size()) + " words, of which none is a code");
    return words.size() - blocks;
  }

  DotLine operand(const DotCases& cases, DotOperand type, const Words& words, const char* name) const {
    const std::size_t blocks = type.scaled ? cases.blocks() : 0;
    if (words.size() != blocks + cases.elements)
      fail(std::string(name) + " has " + std::to_string(words.size()) + " words where " +
           std::to_string(blocks) + " scales and " + std::to_string(cases.elements) + " codes are wanted");
    DotLine line;
    for (std::size_t i = 0; i < blocks; ++i)
      line.scales.push_back(static_cast<std::uint8_t>(bits(words[i], 2)));
    for (std::size_t i = blocks; i < words.size(); ++i) {
      const std::uint64_t code = bits(words[i], static_cast<int>(operand_digits(type.type)));
      if (spec::is_element(type.type) &&
          code >= static_cast<std::uint64_t>(spec::element_format_of(type.type).code_count()))
        fail("the code " + quoted(words[i], 40) + " has more bits than " + spec::name_of(type.type));
      line.codes.push_back(static_cast<std::uint32_t>(code));
    }
    return line;
  }

  const std::string& name_;
  std::size_t number_;
};

}  // namespace

void read_dot_lines(const std::string& name, std::string_view text,
                    const std::function<void(const DotCases&, std::size_t)>& take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t begin = line.find_first_not_of(" \t\r");
    text.remove_prefix(std::min(end + 1, text.size()));
    if (begin == line.npos || line[begin] == '#' || line.substr(begin).starts_with("mxemu")) continue;
    take(LineReader(name, number).read(line), number);
  }
}

}  // namespace mxemu::conformance::vectors
