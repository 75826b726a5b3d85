#include "conformance/vectors/case_lines.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "conformance/case_view.hpp"
#include "conformance/device/answer_text.hpp"
#include "conformance/device/request_text.hpp"
#include "conformance/vectors/vector_file.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr std::size_t most_cases = 4096;

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
  Words words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

/// Reads one line at a time and gathers cases that belong together.
class CaseReader {
 public:
  CaseReader(const std::string& name, const TakeCases& take) : name_(name), take_(take) {}

  void add(std::string_view line, std::size_t number) {
    number_ = number;
    const Words words = words_of(line);
    if (words.empty() || words[0].starts_with('#') || words[0] == "mxemu") return;
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (dash == words.end() || dash - words.begin() < 5)
      fail("it is not \"OPERATION FORMAT TYPE RULE ROUNDING [NAME=VALUE ...] - WORD ...\"");
    const auto second = std::find(dash + 1, words.end(), "-");
    Cases one = read_request({words.begin(), dash});
    read_data(one, {dash + 1, second});
    read_random(one, second == words.end() ? Words{} : Words{second + 1, words.end()});
    append(one);
  }

  void flush() {
    if (count_ > 0) take_(cases_, first_line_);
    count_ = 0;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FileFault(name_ + ": line " + std::to_string(number_) + ": " + what);
  }

  template <class Enum>
  Enum word(std::string_view text, const char* what) const {
    if (const auto value = spec::parse_word<Enum>(text)) return *value;
    fail(quoted(text, 40) + " is no " + what);
  }

  Cases read_request(const Words& words) const {
    Cases cases = {.operation = word<Operation>(words[0], "operation")};
    if (is_tensor(cases.operation)) fail(quoted(words[0], 40) + " is of tensors, and vectors are of blocks");
    const auto format = spec::parse_block_format(words[1]);
    if (!format) fail(quoted(words[1], 40) + " is no MX format");
    cases.request = spec::make_request(*format);
    cases.numbers = Numbers(word<spec::FloatType>(words[2], "type of numbers"));
    if (words[3] != "*") cases.request.scale_rule = word<spec::ScaleRuleType>(words[3], "scale rule");
    if (words[4] != "*") cases.request.rounding.mode = word<spec::RoundingMode>(words[4], "rounding");
    for (std::size_t i = 5; i < words.size(); ++i) read_option(words[i], cases.request);
    return cases;
  }

  void read_option(std::string_view option, spec::Request& request) const {
    const std::size_t equals = option.find('=');
    if (equals == std::string_view::npos) fail(quoted(option, 40) + " is not NAME=VALUE");
    const std::string_view name = option.substr(0, equals);
    const std::string_view value = option.substr(equals + 1);
    if (name == "block_size") return read_decimal(value, 1 << 30, request.block_size);
    if (name == "random_bits") return read_decimal(value, 32, request.rounding.random_bits);
    bool found = false;
    spec::for_each_freedom(request.policy, [&]<class Enum>(const char* freedom, Enum& field) {
      if (name != freedom) return;
      field = word<Enum>(value, "value of this option");
      found = true;
    });
    if (!found) fail(quoted(name, 40) + " is no option");
  }

  void read_decimal(std::string_view text, int largest, int& number) const {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > largest)
      fail(quoted(text, 40) + " is not a number from 1 to " + std::to_string(largest));
  }

  std::uint64_t number(std::string_view text, int digits) const {
    const auto bits = parse_bits(text, digits);
    if (!bits) fail(quoted(text, 40) + " is not of " + std::to_string(digits) + " hexadecimal digits");
    return *bits;
  }

  void read_data(Cases& cases, Words words) const {
    if (takes_scale(cases.operation)) {
      if (words.empty()) fail("there is no scale");
      cases.scales.push_back(static_cast<std::uint8_t>(number(words[0], 2)));
      words.erase(words.begin());
    }
    if (words.empty()) fail("there are no numbers or codes");
    const bool is_block = gives_scale(cases.operation) || takes_scale(cases.operation);
    if (is_block && words.size() > static_cast<std::size_t>(cases.request.block_size))
      fail("it has " + std::to_string(words.size()) + " elements where a block has " +
           std::to_string(cases.request.block_size));
    cases.elements = words.size();
    const spec::ElementFormat& element = cases.request.element_format();
    for (const std::string_view text : words) {
      if (takes_numbers(cases.operation)) {
        cases.numbers.push_back(number(text, spec::format_of(cases.type()).bits / 4));
        continue;
      }
      const auto code = static_cast<std::uint8_t>(number(text, code_digits(element)));
      const std::string complaint = complain_of_code(element, code);
      if (!complaint.empty()) fail(complaint);
      cases.codes.push_back(code);
    }
  }

  void read_random(Cases& cases, const Words& words) const {
    const bool stochastic =
        gives_codes(cases.operation) && cases.request.rounding.mode == spec::RoundingMode::Stochastic;
    if (words.size() != (stochastic ? cases.elements : 0))
      fail("it has " + std::to_string(words.size()) + " random words where " +
           std::to_string(stochastic ? cases.elements : 0) + " are wanted");
    for (const std::string_view text : words)
      cases.random_words.push_back(static_cast<std::uint32_t>(number(text, 8)));
  }

  void append(const Cases& one) {
    const bool fits = count_ > 0 && count_ < most_cases && cases_.operation == one.operation &&
                      cases_.request == one.request && cases_.elements == one.elements &&
                      cases_.type() == one.type();
    if (!fits) {
      flush();
      cases_ = one;
      first_line_ = number_;
      count_ = 1;
      return;
    }
    ++count_;
    conformance::append(cases_, one);
  }

  std::string name_;
  const TakeCases& take_;
  std::size_t number_ = 0;
  Cases cases_;
  std::size_t count_ = 0;
  std::size_t first_line_ = 0;
};

}  // namespace

void read_case_lines(const std::string& name, std::string_view text, const TakeCases& take) {
  CaseReader reader(name, take);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.add(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  reader.flush();
}

}  // namespace mxemu::conformance::vectors
