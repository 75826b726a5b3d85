#include "conformance/device/batch_talk.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/vectors/dot_file.hpp"
#include "conformance/vectors/json_lines.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr long long most_elements = 65536;

class Reader {
 public:
  explicit Reader(const JsonLine& header)
      : block_size_(static_cast<int>(header.integer("block_size", 1, most_elements))) {
    const std::string name = header.text("accumulator");
    const auto type = spec::parse_accumulator(name);
    if (!type) header.fail("\"accumulator\" is \"" + name + "\", which is none that this version knows");
    file_.row = &spec::row_of(*type);
  }

  void add(const JsonLine& line) {
    DotCases one = {.a_operand = operand(line, "a"),
                    .b_operand = operand(line, "b"),
                    .output = line.word<spec::FloatType>("dtype"),
                    .block_size = block_size_};
    if (one.output == spec::FloatType::Float64 || !accepts(*file_.row, one.pair(), block_size_))
      line.fail(std::string(file_.row->name) + " does not sum " + describe(one.pair()));
    const DotLine a = dot_line(line, "a", one.a_operand);
    const DotLine b = dot_line(line, "b", one.b_operand);
    if (a.codes.size() != b.codes.size())
      line.fail("it has " + std::to_string(a.codes.size()) + " codes of a and " +
                std::to_string(b.codes.size()) + " of b");
    one.elements = a.codes.size();
    require_scales(line, "a", one.a_operand, a, one);
    require_scales(line, "b", one.b_operand, b, one);
    const int digits = spec::format_of(one.output).bits / 4;
    append(one, a, b, static_cast<std::uint32_t>(single(line, "c", line.numbers("c", digits))));
    DotGroup& group = group_of(one);
    append(group.cases, a, b, one.c.front());
    group.ids.push_back(line.text("id"));
    group.results.push_back(result(line.object("expect"), digits));
  }

  DotVectorFile take() { return std::move(file_); }

 private:
  static DotOperand operand(const JsonLine& line, const char* key) {
    const std::string name = line.text(key);
    const auto operand = parse_dot_operand(name);
    if (!operand) line.fail("\"" + std::string(key) + "\" is \"" + name + "\", which is no operand");
    return *operand;
  }

  static DotLine dot_line(const JsonLine& line, const std::string& name, DotOperand operand) {
    DotLine read;
    const auto digits = static_cast<int>(operand_digits(operand.type));
    for (const std::uint64_t code : line.numbers((name + "_codes").c_str(), digits)) {
      if (spec::is_element(operand.type) &&
          code >= static_cast<std::uint64_t>(spec::element_format_of(operand.type).code_count()))
        line.fail("the code \"" + spell_bits(code, digits) + "\" of " + name + " has more bits than " +
                  spec::name_of(operand.type));
      read.codes.push_back(static_cast<std::uint32_t>(code));
    }
    if (operand.scaled)
      for (const std::uint64_t scale : line.numbers((name + "_scales").c_str(), 2))
        read.scales.push_back(static_cast<std::uint8_t>(scale));
    return read;
  }

  static void require_scales(const JsonLine& line, const std::string& name, DotOperand operand,
                             const DotLine& read, const DotCases& cases) {
    if (operand.scaled && read.scales.size() != cases.blocks())
      line.fail("it has " + std::to_string(read.scales.size()) + " scales of " + name + " for " +
                std::to_string(cases.blocks()) + " blocks");
  }

  template <class Word>
  static Word single(const JsonLine& line, const char* key, const std::vector<Word>& words) {
    if (words.size() != 1)
      line.fail("\"" + std::string(key) + "\" has " + std::to_string(words.size()) +
                " words where 1 is wanted");
    return words.front();
  }

  static Expectation result(const JsonLine& expect, int digits) {
    const std::string word = single(expect, "result", expect.words("result"));
    const auto expectation = parse_expectation(word, digits);
    const bool known = expectation && (expectation->kind == Expectation::Kind::Exactly ||
                                       expectation->kind == Expectation::Kind::AnyNan);
    if (!known)
      expect.fail("\"result\" of \"expect\" is \"" + word.substr(0, 40) + "\", which is neither " +
                  std::to_string(digits) + " hexadecimal digits nor nan");
    return *expectation;
  }

  DotGroup& group_of(const DotCases& one) {
    const bool fits = !file_.groups.empty() && file_.groups.back().cases.elements == one.elements &&
                      file_.groups.back().cases.pair() == one.pair();
    if (!fits) file_.groups.push_back({.cases = part_of(one, 0, 0)});
    return file_.groups.back();
  }

  int block_size_;
  DotVectorFile file_;
};

}  // namespace

std::size_t DotVectorFile::count() const {
  std::size_t count = 0;
  for (const DotGroup& group : groups) count += group.ids.size();
  return count;
}

DotVectorFile read_dot_vectors(const std::string& name, std::string_view text) {
  const std::vector<JsonLine> lines = json_lines(name, text);
  lines.front().integer("schema", schema_version, schema_version);
  if (lines.front().text("kind") != "dot") lines.front().fail("\"kind\" is not \"dot\"");
  Reader reader(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) reader.add(lines[i]);
  DotVectorFile file = reader.take();
  const auto count = static_cast<long long>(file.count());
  if (lines.front().integer("count", 0, 1LL << 40) != count)
    lines.front().fail("\"count\" is not the " + std::to_string(count) + " cases that follow");
  return file;
}

}  // namespace mxemu::conformance::vectors
