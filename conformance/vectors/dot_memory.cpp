#include "conformance/vectors/dot_memory.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/device/batch_talk.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr std::size_t most_lanes = 255;  // the count has two digits
constexpr std::size_t count_digits = 2;
constexpr std::size_t scale_digits = 2;

DotMemory& memory_of(const DotCapability& pair, std::vector<DotMemory>& memories) {
  for (DotMemory& memory : memories)
    if (memory.pair == pair) return memory;
  return memories.emplace_back(DotMemory{.pair = pair});
}

/// Words from the last place to the first, those that a shorter case lacks zero.
template <class Word>
std::string packed(const std::vector<Word>& words, std::size_t places, std::size_t digits) {
  std::string text;
  for (std::size_t i = places; i-- > 0;)
    text += spell_bits(i < words.size() ? words[i] : 0, static_cast<int>(digits));
  return text;
}

std::string input_word(const DotMemory& memory, const DotCases& cases, std::size_t index) {
  const DotLine a = line_of(cases, cases.a, cases.a_operand, index);
  const DotLine b = line_of(cases, cases.b, cases.b_operand, index);
  std::string word = spell_bits(cases.elements, count_digits);
  word += spell_bits(cases.c[index], static_cast<int>(memory.answer_digits()));
  if (memory.pair.b.scaled) word += packed(b.scales, memory.blocks, scale_digits);
  if (memory.pair.a.scaled) word += packed(a.scales, memory.blocks, scale_digits);
  word += packed(b.codes, memory.lanes, operand_digits(memory.pair.b.type));
  return word + packed(a.codes, memory.lanes, operand_digits(memory.pair.a.type));
}

void add_words(const DotGroup& group, DotMemory& memory) {
  for (std::size_t i = 0; i < group.ids.size(); ++i) {
    memory.inputs += input_word(memory, group.cases, i) + "\n";
    const Expectation& expected = group.results[i];
    memory.expected += (expected.kind == Expectation::Kind::Exactly
                            ? spell_bits(expected.bits, static_cast<int>(memory.answer_digits()))
                            : std::string(memory.answer_digits(), 'x')) +
                       "\n";
    ++memory.words;
  }
}

/// "bits 7:0", and moves on above them.
std::string place(std::size_t& below, std::size_t digits) {
  const std::string text = std::to_string(4 * (below + digits) - 1) + ":" + std::to_string(4 * below);
  below += digits;
  return "bits " + text;
}

}  // namespace

std::string DotMemory::name() const {
  return std::string(name_of(pair.a)) + "_" + name_of(pair.b) + "_" + spec::name_of(pair.output);
}

std::size_t DotMemory::answer_digits() const {
  return static_cast<std::size_t>(spec::format_of(pair.output).bits / 4);
}

std::size_t DotMemory::input_digits() const {
  const std::size_t scaled = (pair.a.scaled ? 1U : 0U) + (pair.b.scaled ? 1U : 0U);
  return count_digits + answer_digits() + scale_digits * scaled * blocks +
         lanes * (operand_digits(pair.a.type) + operand_digits(pair.b.type));
}

std::vector<DotMemory> make_dot_memories(const DotVectorFile& file) {
  std::vector<DotMemory> memories;
  for (const DotGroup& group : file.groups) {
    if (group.cases.elements > most_lanes)
      throw std::invalid_argument("a case of " + std::to_string(group.cases.elements) +
                                  " elements is too long for a memory of at most " +
                                  std::to_string(most_lanes));
    DotMemory& memory = memory_of(group.cases.pair(), memories);
    memory.lanes = std::max(memory.lanes, group.cases.elements);
    memory.blocks = std::max(memory.blocks, group.cases.blocks());
  }
  for (const DotGroup& group : file.groups) add_words(group, memory_of(group.cases.pair(), memories));
  return memories;
}

std::string describe_memory(const std::string& stem, const DotMemory& memory) {
  std::size_t below = 0;
  const auto lanes = [&](const char* name, DotOperand operand) {
    const std::size_t digits = operand_digits(operand.type);
    return std::string(name) + " at " + place(below, memory.lanes * digits) + ", element i at " +
           std::to_string(4 * digits) + "*i within";
  };
  std::string text = "## " + stem + "\n\n" + std::to_string(memory.words) + " words, dot products of " +
                     describe(memory.pair) + ".\n\n* `" + stem + ".inputs.memh`, " +
                     std::to_string(4 * memory.input_digits()) + " bits: ";
  text += lanes("a", memory.pair.a);
  text += "; " + lanes("b", memory.pair.b);
  if (memory.pair.a.scaled) text += "; scales of a at " + place(below, scale_digits * memory.blocks);
  if (memory.pair.b.scaled) text += "; scales of b at " + place(below, scale_digits * memory.blocks);
  text += "; c at " + place(below, memory.answer_digits());
  text += "; the count of elements at " + place(below, count_digits) + "\n";
  return text + "* `" + stem + ".expected.memh`, " + std::to_string(4 * memory.answer_digits()) +
         " bits: the result\n\n";
}

}  // namespace mxemu::conformance::vectors
