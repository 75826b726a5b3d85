#include <algorithm>

#include "conformance/device/request_text.hpp"
#include "conformance/vectors/json_lines.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr long long most_elements = 65536;

spec::Request read_request(const JsonLine& header) {
  const std::string name = header.text("format");
  const auto format = spec::parse_block_format(name);
  if (!format) header.fail("\"format\" is \"" + name + "\", which is no MX format");
  spec::Request request = spec::make_request(*format);
  request.scale_rule = header.word<spec::ScaleRuleType>("rule");
  request.rounding.mode = header.word<spec::RoundingMode>("rounding");
  request.rounding.random_bits = static_cast<int>(header.integer("random_bits", 1, 32));
  request.block_size = static_cast<int>(header.integer("block_size", 1, most_elements));
  const JsonLine policy = header.object("policy");
  spec::for_each_freedom(request.policy, [&]<class Enum>(const char* freedom, Enum& value) {
    value = policy.word<Enum>(freedom);
  });
  return request;
}

class Reader {
 public:
  explicit Reader(const JsonLine& header) {
    file_.operation = header.word<Operation>("operation");
    if (is_tensor(file_.operation)) header.fail("\"operation\" is of tensors, and vectors are of blocks");
    file_.request = read_request(header);
    file_.type = header.word<spec::FloatType>("dtype");
    code_digits_ = code_digits(file_.request.element_format());
    number_digits_ = spec::format_of(file_.type).bits / 4;
  }

  void add(const JsonLine& line) {
    const char* data = takes_numbers(file_.operation) ? "numbers" : "codes";
    const auto words = line.numbers(data, takes_numbers(file_.operation) ? number_digits_ : code_digits_);
    Group& group = group_of(line, words.size());
    group.ids.push_back(line.text("id"));
    for (const std::uint64_t word : words) add_word(line, group.cases, word);
    if (takes_scale(file_.operation))
      group.cases.scales.push_back(static_cast<std::uint8_t>(one(line, line.numbers("scale", 2))));
    add_random(line, group.cases);
    add_expectations(line, group);
  }

  VectorFile take() { return std::move(file_); }

 private:
  Group& group_of(const JsonLine& line, std::size_t elements) {
    const bool is_block = gives_scale(file_.operation) || takes_scale(file_.operation);
    const auto most = is_block ? file_.request.block_size : most_elements;
    if (elements > static_cast<std::size_t>(most))
      line.fail("it has " + std::to_string(elements) + " elements where at most " + std::to_string(most) +
                " are possible");
    if (file_.groups.empty() || file_.groups.back().cases.elements != elements)
      file_.groups.push_back({.cases = {.operation = file_.operation,
                                        .request = file_.request,
                                        .elements = elements,
                                        .numbers = Numbers(file_.type)},
                              .ids = {}});
    return file_.groups.back();
  }

  template <class Word>
  static Word one(const JsonLine& line, const std::vector<Word>& words) {
    if (words.size() != 1) line.fail("it has " + std::to_string(words.size()) + " scales where 1 is wanted");
    return words.front();
  }

  void add_word(const JsonLine& line, Cases& cases, std::uint64_t word) const {
    if (takes_numbers(file_.operation)) return cases.numbers.push_back(word);
    require_code(line, word);
    cases.codes.push_back(static_cast<std::uint8_t>(word));
  }

  void require_code(const JsonLine& line, std::uint64_t code) const {
    const spec::ElementFormat& format = file_.request.element_format();
    if (code >= static_cast<std::uint64_t>(format.code_count()))
      line.fail("the code \"" + spell_bits(code, code_digits_) + "\" is more than the " +
                std::to_string(format.bits) + " bits of " + format.name);
  }

  void add_random(const JsonLine& line, Cases& cases) const {
    if (file_.request.rounding.mode != spec::RoundingMode::Stochastic || !gives_codes(file_.operation))
      return;
    const auto words = line.numbers("random", 8);
    if (words.size() != cases.elements)
      line.fail("it has " + std::to_string(words.size()) + " random words for " +
                std::to_string(cases.elements) + " numbers");
    for (const std::uint64_t word : words) cases.random_words.push_back(static_cast<std::uint32_t>(word));
  }

  std::vector<Expectation> expectations(const JsonLine& expect, const char* key, int digits,
                                        std::size_t count) const {
    std::vector<Expectation> read;
    for (const std::string& word : expect.words(key)) {
      const auto expectation = parse_expectation(word, digits);
      if (!expectation)
        expect.fail("\"" + std::string(key) + "\" of \"expect\" has the word \"" + word.substr(0, 40) +
                    "\", which is neither " + std::to_string(digits) +
                    " hexadecimal digits nor nan, number, * or a choice");
      read.push_back(*expectation);
    }
    if (read.size() != count)
      expect.fail("\"" + std::string(key) + "\" of \"expect\" has " + std::to_string(read.size()) +
                  " words where " + std::to_string(count) + " are wanted");
    return read;
  }

  void add_expectations(const JsonLine& line, Group& group) const {
    const JsonLine expect = line.object("expect");
    const auto add = [&](const char* key, int digits, std::size_t count, std::vector<Expectation>& to) {
      const auto read = expectations(expect, key, digits, count);
      to.insert(to.end(), read.begin(), read.end());
    };
    if (gives_scale(file_.operation)) add("scale", 2, 1, group.scales);
    if (gives_codes(file_.operation)) add("codes", code_digits_, group.cases.elements, group.codes);
    if (gives_numbers(file_.operation)) add("numbers", number_digits_, group.cases.elements, group.numbers);
  }

  VectorFile file_;
  int code_digits_ = 0;
  int number_digits_ = 0;
};

}  // namespace

std::size_t VectorFile::count() const {
  std::size_t count = 0;
  for (const Group& group : groups) count += group.ids.size();
  return count;
}

FileKind kind_of(std::string_view text) {
  const auto header = nlohmann::json::parse(text.substr(0, text.find('\n')), nullptr, false);
  if (!header.is_object()) return FileKind::Operation;
  const nlohmann::json kind = header.value("kind", nlohmann::json());
  return kind == "layouts" ? FileKind::Layouts : kind == "dot" ? FileKind::Dot : FileKind::Operation;
}

VectorFile read_vectors(const std::string& name, std::string_view text) {
  const std::vector<JsonLine> lines = json_lines(name, text);
  lines.front().integer("schema", schema_version, schema_version);
  Reader reader(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) reader.add(lines[i]);
  VectorFile file = reader.take();
  const auto count = static_cast<long long>(file.count());
  if (lines.front().integer("count", 0, 1LL << 40) != count)
    lines.front().fail("\"count\" is not the " + std::to_string(count) + " cases that follow");
  return file;
}

}  // namespace mxemu::conformance::vectors
