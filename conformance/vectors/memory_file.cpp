#include "conformance/vectors/memory_file.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/device/request_text.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr std::size_t most_lanes = 255;  // the count has two digits

MemoryLayout layout_of(const VectorFile& file) {
  MemoryLayout layout = {.scale_in = takes_scale(file.operation), .scale_out = gives_scale(file.operation)};
  for (const Group& group : file.groups) layout.lanes = std::max(layout.lanes, group.cases.elements);
  if (layout.lanes > most_lanes)
    throw std::invalid_argument("a case of " + std::to_string(layout.lanes) +
                                " elements is too long for a memory of at most " +
                                std::to_string(most_lanes));
  if (gives_codes(file.operation) && file.request.rounding.mode == spec::RoundingMode::Stochastic)
    throw std::invalid_argument("stochastic rounding has random words, which these memories do not hold");
  const int code = code_digits(file.request.element_format());
  const int number = spec::format_of(file.type).bits / 4;
  layout.input_digits = takes_numbers(file.operation) ? number : code;
  layout.answer_digits = gives_codes(file.operation) ? code : gives_numbers(file.operation) ? number : 0;
  return layout;
}

/// The digits of an expectation: x for all of one that leaves a choice.
std::string digits_of(const Expectation& expectation, int digits) {
  if (expectation.kind == Expectation::Kind::Exactly) return spell_bits(expectation.bits, digits);
  return std::string(static_cast<std::size_t>(digits), 'x');
}

std::string input_word(const MemoryLayout& layout, const Cases& cases, std::size_t index) {
  std::string word = spell_bits(cases.elements, 2);
  if (layout.scale_in) word += spell_bits(cases.scales[index], 2);
  for (std::size_t lane = layout.lanes; lane-- > 0;) {
    const std::size_t element = index * cases.elements + lane;
    const bool used = lane < cases.elements;
    const std::uint64_t bits = !used                            ? 0
                               : takes_numbers(cases.operation) ? cases.numbers.at(element)
                                                                : cases.codes[element];
    word += spell_bits(bits, layout.input_digits);
  }
  return word;
}

std::string answer_word(const MemoryLayout& layout, const Group& group, std::size_t index) {
  const std::size_t elements = group.cases.elements;
  const auto& answers = gives_codes(group.cases.operation) ? group.codes : group.numbers;
  std::string word;
  if (layout.scale_out) word += digits_of(group.scales[index], 2);
  if (layout.answer_digits == 0) return word;
  for (std::size_t lane = layout.lanes; lane-- > 0;)
    word += lane < elements ? digits_of(answers[index * elements + lane], layout.answer_digits)
                            : std::string(static_cast<std::size_t>(layout.answer_digits), 'x');
  return word;
}

/// "bits 7:0", the place of `digits` digits above `below` digits.
std::string place(std::size_t below, std::size_t digits) {
  return std::to_string(4 * (below + digits) - 1) + ":" + std::to_string(4 * below);
}

std::string lanes_text(const MemoryLayout& layout, int digits) {
  const std::string width = std::to_string(4 * digits);
  if (layout.lanes == 1) return "element 0 at bits " + place(0, static_cast<std::size_t>(digits));
  return "element i at bits " + width + "*i +: " + width + ", i < " + std::to_string(layout.lanes);
}

}  // namespace

std::size_t MemoryLayout::input_word() const {
  return 2 + (scale_in ? 2U : 0U) + lanes * static_cast<std::size_t>(input_digits);
}

std::size_t MemoryLayout::answer_word() const {
  return (scale_out ? 2U : 0U) + lanes * static_cast<std::size_t>(answer_digits);
}

Memory make_memory(const VectorFile& file) {
  Memory memory = {.layout = layout_of(file), .words = file.count(), .inputs = {}, .expected = {}};
  for (const Group& group : file.groups)
    for (std::size_t index = 0; index < group.ids.size(); ++index) {
      memory.inputs += input_word(memory.layout, group.cases, index) + "\n";
      memory.expected += answer_word(memory.layout, group, index) + "\n";
    }
  return memory;
}

std::string describe_memory(const std::string& stem, const Memory& memory) {
  const MemoryLayout& layout = memory.layout;
  const std::size_t in = layout.lanes * static_cast<std::size_t>(layout.input_digits);
  const std::size_t out = layout.lanes * static_cast<std::size_t>(layout.answer_digits);
  std::string text = "## " + stem + "\n\n" + std::to_string(memory.words) + " words.\n\n";
  text += "* `" + stem + ".inputs.memh`, " + std::to_string(4 * layout.input_word()) +
          " bits: " + lanes_text(layout, layout.input_digits);
  if (layout.scale_in) text += "; the scale at bits " + place(in, 2);
  text += "; the count of elements at bits " + place(in + (layout.scale_in ? 2U : 0U), 2) + "\n";
  text += "* `" + stem + ".expected.memh`, " + std::to_string(4 * layout.answer_word()) + " bits: ";
  if (layout.answer_digits > 0) text += lanes_text(layout, layout.answer_digits);
  if (layout.scale_out)
    text += std::string(layout.answer_digits > 0 ? "; " : "") + "the scale at bits " + place(out, 2);
  return text + "\n\n";
}

std::string memory_readme_head() {
  return "# Golden vectors for $readmemh\n\n"
         "Word n of an `.inputs` memory is case n of the vector file of the same name, word n of `.expected` "
         "its\n"
         "answer. FP6 codes stand in the low 6 bits of 8, FP4 codes in 4.\n\n"
         "A digit x of an answer means that any value will do: lanes beyond the count of elements, and what "
         "the\n"
         "standard leaves to the implementation. Compare with the wildcard operator, whose right side may "
         "have x:\n\n"
         "    logic [IN-1:0]  inputs   [0:WORDS-1];\n"
         "    logic [OUT-1:0] expected [0:WORDS-1];\n"
         "    initial $readmemh(\"NAME.inputs.memh\", inputs);\n"
         "    initial $readmemh(\"NAME.expected.memh\", expected);\n"
         "    assert ((dut_out ==? expected[n]) === 1'b1);\n\n"
         "A NaN is x as a whole, so these memories do not check that a NaN comes out as one; the vector "
         "files and\n"
         "`mxemu vectors verify` do.\n\n";
}

}  // namespace mxemu::conformance::vectors
