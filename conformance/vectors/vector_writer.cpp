#include <nlohmann/json.hpp>

#include "conformance/describe.hpp"
#include "conformance/device/request_text.hpp"
#include "conformance/subject.hpp"
#include "conformance/vectors/flags.hpp"
#include "conformance/vectors/vector_file.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance::vectors {
namespace {

using Json = nlohmann::ordered_json;

Json header_of(const Recipe& recipe, const std::string& generator, const std::string& profile,
               std::size_t count) {
  const spec::Request& request = recipe.request;
  Json policy = Json::object();
  spec::for_each_freedom(request.policy,
                         [&](const char* name, auto value) { policy[name] = spec::name_of(value); });
  return {{"schema", schema_version},
          {"vector_set", vector_set_version},
          {"generator", generator},
          {"kind", "operation"},
          {"operation", spec::name_of(recipe.operation)},
          {"format", request.block_format().name},
          {"dtype", spec::name_of(recipe.type)},
          {"profile", profile},
          {"rule", spec::name_of(request.scale_rule)},
          {"rounding", spec::name_of(request.rounding.mode)},
          {"random_bits", request.rounding.random_bits},
          {"block_size", request.block_size},
          {"policy", policy},
          {"level", spec::name_of(recipe.level)},
          {"seed", recipe.seed},
          {"random_cases", recipe.random_cases},
          {"count", count}};
}

void append(std::string& words, const std::string& word) {
  words += (words.empty() ? "" : " ") + word;
}

/// Writes the cases of one recipe, batch after batch.
class CaseLines {
 public:
  explicit CaseLines(const Recipe& recipe)
      : reference_(make_reference_subject()),
        prefix_(std::string(spec::name_of(recipe.operation)) + "/" + recipe.request.block_format().name +
                "/" + spec::name_of(recipe.type) + "/"),
        code_digits_(code_digits(recipe.request.element_format())),
        number_digits_(spec::format_of(recipe.type).bits / 4) {}

  void add(const Batch& batch) {
    const Answers answers = reference_->answer(batch.cases);
    for (std::size_t index = 0; index < batch.notes.size(); ++index, ++count_) {
      Json line = {{"id", prefix_ + std::to_string(count_)}};
      add_data(batch.cases, index, line);
      add_expectations(batch.cases, answers, index, line);
      add_remarks(batch, answers, index, line);
      text_ += line.dump() + "\n";
    }
  }

  std::size_t count() const { return count_; }
  const std::string& text() const { return text_; }

 private:
  void add_data(const Cases& cases, std::size_t index, Json& line) const {
    if (takes_scale(cases.operation)) line["scale"] = spell_bits(cases.scales[index], 2);
    std::string words;
    for (std::size_t i = index * cases.elements; i < (index + 1) * cases.elements; ++i)
      append(words, takes_numbers(cases.operation) ? spell_bits(cases.numbers.at(i), number_digits_)
                                                   : spell_bits(cases.codes[i], code_digits_));
    line[takes_numbers(cases.operation) ? "numbers" : "codes"] = words;
    if (cases.random_words.empty()) return;
    std::string random;
    for (std::size_t i = index * cases.elements; i < (index + 1) * cases.elements; ++i)
      append(random, spell_bits(cases.random_words[i], 8));
    line["random"] = random;
  }

  /// "expect", and where it leaves a choice, "chosen": what the profile chooses.
  void add_expectations(const Cases& cases, const Answers& answers, std::size_t index, Json& line) const {
    Json expect = Json::object();
    Json chosen = Json::object();
    bool free = false;
    const auto add = [&](const char* name, const std::vector<Expectation>& expectations, int digits) {
      std::string words;
      std::string bits;
      for (const Expectation& expectation : expectations) {
        append(words, spell(expectation, digits));
        append(bits, spell_bits(expectation.bits, digits));
        free = free || expectation.kind != Expectation::Kind::Exactly;
      }
      expect[name] = words;
      chosen[name] = bits;
    };
    std::vector<Expectation> elements;
    for (std::size_t i = index * cases.elements; i < (index + 1) * cases.elements; ++i) {
      if (gives_codes(cases.operation)) elements.push_back(expected_code(cases, answers, i));
      if (gives_numbers(cases.operation)) elements.push_back(expected_number(cases, answers, i));
    }
    if (gives_scale(cases.operation)) add("scale", {expected_scale(cases, answers, index)}, 2);
    if (gives_codes(cases.operation)) add("codes", elements, code_digits_);
    if (gives_numbers(cases.operation)) add("numbers", elements, number_digits_);
    line["expect"] = expect;
    if (free) line["chosen"] = chosen;
  }

  void add_remarks(const Batch& batch, const Answers& answers, std::size_t index, Json& line) const {
    const std::vector<Flag> flags = flags_of(batch.cases, answers, index);
    Json names = Json::array();
    bool is_decision = false;
    for (const Flag flag : flags) {
      names.push_back(spec::name_of(flag));
      is_decision = is_decision || flag == Flag::Tie || flag == Flag::Saturates || flag == Flag::Overflows;
    }
    if (!flags.empty()) line["flags"] = names;
    std::string note = batch.notes[index];
    if (note.empty() && is_decision && batch.cases.operation == Operation::Encode &&
        batch.cases.elements == 1)
      note = decision(batch.cases, answers, index);
    if (!note.empty()) line["note"] = note;
  }

  /// Why one number by itself becomes its code.
  static std::string decision(const Cases& cases, const Answers& answers, std::size_t index) {
    const auto value = reference::decode_float(spec::format_of(cases.type()), cases.numbers.at(index));
    return describe_decision(cases.request, value, reference::power_of_two(0), answers.codes[index],
                             cases.random_words.empty() ? 0 : cases.random_words[index]);
  }

  std::unique_ptr<Subject> reference_;
  std::string prefix_;
  int code_digits_;
  int number_digits_;
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace

TextFile write_vectors(const Recipe& recipe, const std::string& generator, const std::string& profile) {
  CaseLines lines(recipe);
  for_each_batch(recipe, [&](const Batch& batch) { lines.add(batch); });
  const std::string name = std::string(spec::name_of(recipe.operation)) + "_" +
                           recipe.request.block_format().name + "_" + spec::name_of(recipe.type) + ".jsonl";
  return {name, header_of(recipe, generator, profile, lines.count()).dump() + "\n" + lines.text(),
          lines.count()};
}

}  // namespace mxemu::conformance::vectors
