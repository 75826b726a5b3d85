#include "conformance/neighbour_signature.hpp"

#include <algorithm>
#include <functional>

#include "conformance/asking.hpp"
#include "conformance/case_view.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t fewest_cases = 3;  ///< that have a neighbour

/// The case `step` before `index` in the same call, or nothing.
std::optional<std::size_t> neighbour(const Cases& cases, std::size_t index, int step) {
  const std::size_t other = index - static_cast<std::size_t>(step);
  const bool exists = other < cases.count() && other / cases_per_call == index / cases_per_call;
  return exists ? std::optional(other) : std::nullopt;
}

/// Copies case `from` of an array of `size` items a case.
template <class T>
void copy_case(const std::vector<T>& source, std::size_t from, std::vector<T>& target, std::size_t to,
               std::size_t size) {
  if (!source.empty())
    std::copy_n(source.begin() + static_cast<std::ptrdiff_t>(from * size), size,
                target.begin() + static_cast<std::ptrdiff_t>(to * size));
}

void copy_answer(const Cases& cases, const Answers& source, std::size_t from, Answers& target,
                 std::size_t to) {
  copy_case(source.codes, from, target.codes, to, cases.elements);
  copy_case(source.scales, from, target.scales, to, 1);
  for (std::size_t i = 0; gives_numbers(cases.operation) && i < cases.elements; ++i)
    target.numbers.set(to * cases.elements + i, source.numbers.at(from * cases.elements + i));
}

/// One batch of the check, and what an answer to it would be if a suspect were true.
struct Asked {
  const Cases& cases;
  const Answers& expected;
  const Answers& got;
  const Amendments& known;
};
using Hypothesis = std::function<Answers(const Asked&, int step)>;

Answers answers_of_neighbours(const Asked& asked, int step) {
  Answers moved = asked.expected;
  for (std::size_t i = 0; i < asked.cases.count(); ++i)
    if (const auto other = neighbour(asked.cases, i, step))
      copy_answer(asked.cases, asked.expected, *other, moved, i);
  return moved;
}

std::vector<std::uint8_t> scales_of_neighbours(const Cases& cases, const std::vector<std::uint8_t>& scales,
                                               int step) {
  std::vector<std::uint8_t> moved = scales;
  for (std::size_t i = 0; i < scales.size(); ++i)
    if (const auto other = neighbour(cases, i, step)) moved[i] = scales[*other];
  return moved;
}

/// The scale byte of the neighbour beside the codes of the right one.
Answers scale_written_late(const Asked& asked, int step) {
  Answers moved = asked.expected;
  moved.scales = scales_of_neighbours(asked.cases, asked.expected.scales, step);
  return moved;
}

/// The scale of the neighbour, used too: given, or chosen and then divided by.
Answers scale_used_late(const Asked& asked, int step) {
  Cases cases = asked.cases;
  cases.scales =
      scales_of_neighbours(cases, takes_scale(cases.operation) ? cases.scales : asked.expected.scales, step);
  if (cases.operation == Operation::Quantize) cases.operation = Operation::EncodeScaled;
  Answers answers = answers_under(cases, asked.known);
  if (gives_scale(asked.cases.operation)) answers.scales = cases.scales;
  return answers;
}

Answers lanes_of_neighbours(const Asked& asked, int step) {
  const std::size_t n = asked.cases.elements;
  Answers moved = asked.got;
  moved.scales = asked.expected.scales;
  for (std::size_t index = 0; index < asked.cases.count() * n; ++index) {
    const std::size_t other = index - static_cast<std::size_t>(step);
    if (other / n != index / n) continue;
    if (gives_numbers(asked.cases.operation))
      moved.numbers.set(index, asked.expected.numbers.at(other));
    else
      moved.codes[index] = asked.expected.codes[other];
  }
  return moved;
}

/// A case that a hypothesis over cases says nothing of.
bool has_none(const Cases& cases, std::size_t index, int step) {
  return !neighbour(cases, index, step);
}
/// A lane likewise.
bool is_end(const Cases& cases, const Mismatch& at, int step) {
  return at.element == (step > 0 ? 0 : cases.elements - 1);
}

class Search {
 public:
  Search(const Evidence& evidence, const Comparison& differences, const Amendments& known)
      : evidence_(evidence), differences_(differences), known_(known) {}

  /// Whether the neighbours' words are all that came.
  bool fits(const Hypothesis& hypothesis, int step, bool of_lanes) const {
    if (!shows(step, of_lanes)) return false;
    std::size_t judged = 0;
    for (std::size_t b = 0; b < evidence_.batches.size(); ++b) {
      const Cases& cases = evidence_.batches[b];
      const Answers& got = evidence_.got[b];
      Answers wanted = hypothesis({cases, evidence_.expected[b], got, known_}, step);
      for (std::size_t i = 0; i < cases.count(); ++i) {
        if (!of_lanes && has_none(cases, i, step))
          copy_answer(cases, got, i, wanted, i);
        else
          ++judged;
      }
      Comparison comparison;
      compare(cases, wanted, got, b, all_leeway, comparison);
      if (!comparison.agrees()) return false;
    }
    return judged >= fewest_cases;
  }

 private:
  /// Some difference stands where there is a neighbour.
  bool shows(int step, bool of_lanes) const {
    return std::any_of(
        differences_.mismatches.begin(), differences_.mismatches.end(), [&](const Mismatch& at) {
          const Cases& cases = evidence_.batches[at.batch];
          return of_lanes ? !at.in_scale && !is_end(cases, at, step) : !has_none(cases, at.case_index, step);
        });
  }

  const Evidence& evidence_;
  const Comparison& differences_;
  const Amendments& known_;
};

}  // namespace

std::string find_neighbour_suspect(const Target& target, const Evidence& evidence,
                                   const Comparison& differences, const Amendments& known) {
  const Search search(evidence, differences, known);
  const bool has_elements = target.operation != Operation::Scale;
  if (search.fits(answers_of_neighbours, 1, false)) return "answers late by one case";
  if (search.fits(answers_of_neighbours, -1, false)) return "answers early by one case";
  for (const int step : {1, -1}) {
    const std::string which = step > 0 ? "previous" : "next";
    if (has_elements && gives_scale(target.operation) && search.fits(scale_written_late, step, false))
      return "the scale byte of the " + which + " block";
    if ((takes_scale(target.operation) || target.operation == Operation::Quantize) &&
        search.fits(scale_used_late, step, false))
      return "the scale of the " + which + " block";
  }
  if (has_elements && search.fits(lanes_of_neighbours, 1, true)) return "elements late by one lane";
  if (has_elements && search.fits(lanes_of_neighbours, -1, true)) return "elements early by one lane";
  return "";
}

}  // namespace mxemu::conformance
