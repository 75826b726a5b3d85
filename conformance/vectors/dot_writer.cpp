#include <nlohmann/json.hpp>

#include "conformance/describe.hpp"
#include "conformance/device/batch_talk.hpp"
#include "conformance/dot/dot_coverage.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/vectors/dot_file.hpp"

namespace mxemu::conformance::vectors {
namespace {

using Json = nlohmann::ordered_json;

constexpr int block_size = 32;

int result_digits(spec::FloatType output) {
  return spec::format_of(output).bits / 4;
}

template <class Word>
std::string words_of(const std::vector<Word>& words, std::size_t digits) {
  std::string text;
  for (const Word word : words)
    text += (text.empty() ? "" : " ") + spell_bits(word, static_cast<int>(digits));
  return text;
}

/// Whether another accumulator that takes the pair gives another result.
bool models_differ(const spec::Accumulator& row, const DotCases& cases, std::size_t index,
                   std::uint32_t result) {
  for (const spec::Accumulator* other : accumulators_for(cases.pair(), cases.block_size))
    if (other->type != row.type && !is_same_result(cases.output, dot_under(*other, cases, index), result))
      return true;
  return false;
}

void add_operand(const char* name, const DotLine& line, DotOperand operand, Json& to) {
  if (operand.scaled) to[std::string(name) + "_scales"] = words_of(line.scales, 2);
  to[std::string(name) + "_codes"] = words_of(line.codes, operand_digits(operand.type));
}

Json case_line(const spec::Accumulator& row, const DotBatch& batch, std::size_t index, std::size_t number) {
  const DotCases& cases = batch.cases;
  const int digits = result_digits(cases.output);
  const std::uint32_t result = dot_under(row, cases, index);
  const Expectation expectation = expected_result(row, cases.output, result);
  Json line = {{"id", "dot/" + std::string(row.name) + "/" + std::to_string(number)},
               {"a", name_of(cases.a_operand)},
               {"b", name_of(cases.b_operand)},
               {"dtype", spec::name_of(cases.output)},
               {"c", spell_bits(cases.c[index], digits)}};
  add_operand("a", line_of(cases, cases.a, cases.a_operand, index), cases.a_operand, line);
  add_operand("b", line_of(cases, cases.b, cases.b_operand, index), cases.b_operand, line);
  line["expect"] = {{"result", spell(expectation, digits)}};
  const bool free = expectation.kind != Expectation::Kind::Exactly;
  if (free) line["chosen"] = {{"result", spell_bits(result, digits)}};
  Json flags = Json::array();
  const DotBins cells = dot_cells(row, cases, index);
  for (const auto& word : spec::words<DotBin>)
    if (cells.has(word.value)) flags.push_back(word.name);
  if (models_differ(row, cases, index, result)) flags.push_back("models_differ");
  if (free) flags.push_back("free");
  if (!flags.empty()) line["flags"] = flags;
  line["note"] = batch.checks[index] + ": the exact sum is " + describe(exact_result(cases, index));
  return line;
}

}  // namespace

Expectation expected_result(const spec::Accumulator& row, spec::FloatType output, std::uint32_t result) {
  const bool any = is_nan(output, result) && !row.states_nan_bits;
  return {any ? Expectation::Kind::AnyNan : Expectation::Kind::Exactly, result, {}};
}

bool accepts_result(spec::FloatType output, const Expectation& expectation, std::uint32_t got) {
  return accepts_number(spec::format_of(output), expectation, got);
}

TextFile write_dot_vectors(const DotRecipe& recipe, const std::string& generator) {
  std::string lines;
  std::size_t count = 0;
  for_each_dot_batch(recipe, [&](const DotBatch& batch) {
    for (std::size_t i = 0; i < batch.cases.count(); ++i)
      lines += case_line(*recipe.row, batch, i, count++).dump() + "\n";
  });
  const Json header = {{"schema", schema_version},
                       {"vector_set", vector_set_version},
                       {"generator", generator},
                       {"kind", "dot"},
                       {"accumulator", recipe.row->name},
                       {"block_size", block_size},
                       {"level", spec::name_of(recipe.level)},
                       {"seed", recipe.seed},
                       {"random_cases", recipe.random_cases},
                       {"count", count}};
  return {"dot_" + std::string(recipe.row->name) + ".jsonl", header.dump() + "\n" + lines, count};
}

}  // namespace mxemu::conformance::vectors
