#include "conformance/dot/fast_dots.hpp"

#include <cstring>
#include <span>
#include <string>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_only_subject.hpp"
#include "fast/matmul.hpp"

namespace mxemu::conformance {
namespace {

fast::MatrixOperand operand_at(const DotCases& cases, const DotCodes& codes, DotOperand operand,
                               std::size_t index) {
  const auto width = static_cast<std::size_t>(spec::code_bytes(operand.type));
  const std::size_t bytes = cases.elements * width;
  const auto* all = reinterpret_cast<const std::uint8_t*>(codes.codes.data());
  const std::span<const std::uint8_t> scales(codes.scales);
  return {.codes = {all + index * bytes, bytes},
          .scales = operand.scaled ? scales.subspan(index * cases.blocks(), cases.blocks())
                                   : std::span<const std::uint8_t>(),
          .rows = 1,
          .depth = cases.elements};
}

}  // namespace

DotAnswers fast_dot_answers(const spec::Accumulator& row, const DotCases& cases) {
  spec::DotRequest request = dot_request(cases.pair(), row, cases.block_size);
  request.own_row = nullptr;  // a row of the table, which the library knows by its name
  const auto width = static_cast<std::size_t>(spec::format_of(cases.output).bytes());
  DotAnswers answers = {std::vector<std::uint32_t>(cases.count()), {}};
  for (std::size_t i = 0; i < cases.count(); ++i) {
    std::byte c[sizeof cases.c[i]] = {};
    std::byte result[sizeof cases.c[i]] = {};
    std::memcpy(c, &cases.c[i], width);
    fast::matmul(request, operand_at(cases, cases.a, cases.a_operand, i),
                 operand_at(cases, cases.b, cases.b_operand, i), {result, width}, {c, width});
    std::memcpy(&answers.results[i], result, width);
  }
  return answers;
}

std::unique_ptr<Subject> make_fast_dot_subject(const spec::Accumulator& row) {
  return make_dot_only_subject(std::string("fast:") + row.name, pairs_of(row),
                               [&row](const DotCases& cases) { return fast_dot_answers(row, cases); });
}

}  // namespace mxemu::conformance
