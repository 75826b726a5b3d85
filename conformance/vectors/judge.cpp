#include "conformance/vectors/judge.hpp"

#include <algorithm>
#include <cstring>

#include "conformance/case_view.hpp"
#include "conformance/vectors/explanation.hpp"
#include "conformance/vectors/flags.hpp"

namespace mxemu::conformance::vectors {
namespace {

bool same_bytes(const void* a, const void* b, std::size_t size) {
  return size == 0 || std::memcmp(a, b, size) == 0;
}

/// Whether two subjects gave the same bits for case `index`.
bool same_answer(const Cases& cases, std::size_t index, const Answers& a, const Answers& b) {
  const std::size_t first = index * cases.elements;
  const auto width = static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
  if (gives_scale(cases.operation) && a.scales[index] != b.scales[index]) return false;
  if (gives_codes(cases.operation)) return same_bytes(&a.codes[first], &b.codes[first], cases.elements);
  if (!gives_numbers(cases.operation)) return true;
  return same_bytes(&a.numbers.bytes()[first * width], &b.numbers.bytes()[first * width],
                    cases.elements * width);
}

}  // namespace

void Verdict::add(const Verdict& other) {
  cases += other.cases;
  elements += other.elements;
  unsupported += other.unsupported;
  failed += other.failed;
  silent += other.silent;
  explanations.insert(explanations.end(), other.explanations.begin(), other.explanations.end());
}

/// What each word must be, from wherever it is known.
struct Judge::Expected {
  std::function<Expectation(std::size_t index)> scale;
  std::function<Expectation(std::size_t element)> code;
  std::function<Expectation(std::size_t element)> number;
};

Judge::Judge(std::size_t show) : show_(show), reference_(make_reference_subject()) {}

void Judge::judge(const Group& group, const Answers& got) {
  const Expected expected = {.scale = [&](std::size_t i) { return group.scales[i]; },
                             .code = [&](std::size_t i) { return group.codes[i]; },
                             .number = [&](std::size_t i) { return group.numbers[i]; }};
  for (std::size_t index = 0; index < group.ids.size(); ++index)
    judge_case(group.cases, got, index, expected, [&](std::size_t i) { return group.ids[i]; });
}

void Judge::judge(const Cases& cases, const Answers& got, const Label& label, Subject* first_guess) {
  const Answers wanted = (first_guess ? first_guess : reference_.get())->answer(cases);
  for (std::size_t index = 0; index < cases.count(); ++index) {
    if (got.is_supported(index) && wanted.is_supported(index) && same_answer(cases, index, got, wanted)) {
      ++verdict_.cases;
      verdict_.elements += cases.elements;
      continue;
    }
    const Cases one = part_of(cases, index, 1);
    const Answers exact = reference_->answer(one);
    const std::size_t first = index * cases.elements;
    const Expected expected = {
        .scale = [&](std::size_t) { return expected_scale(one, exact, 0); },
        .code = [&](std::size_t element) { return expected_code(one, exact, element - first); },
        .number = [&](std::size_t element) { return expected_number(one, exact, element - first); }};
    judge_case(cases, got, index, expected, label);
  }
}

void Judge::judge_case(const Cases& cases, const Answers& got, std::size_t index, const Expected& expected,
                       const Label& label) {
  if (!got.is_supported(index)) {
    ++verdict_.unsupported;
    return;
  }
  ++verdict_.cases;
  verdict_.elements += cases.elements;
  std::vector<Difference> differences;
  const auto compare = [&](std::optional<std::size_t> lane, const Expectation& expectation,
                           std::uint64_t word, bool accepted) {
    if (!accepted) differences.push_back({lane, expectation, word});
  };
  if (gives_scale(cases.operation)) {
    const Expectation scale = expected.scale(index);
    compare(std::nullopt, scale, got.scales[index],
            accepts_scale(cases.request.scale_format(), scale, got.scales[index]));
  }
  for (std::size_t lane = 0; lane < cases.elements; ++lane) {
    const std::size_t element = index * cases.elements + lane;
    if (gives_codes(cases.operation)) {
      const Expectation code = expected.code(element);
      compare(lane, code, got.codes[element],
              accepts_code(cases.request.element_format(), code, got.codes[element]));
    } else if (gives_numbers(cases.operation)) {
      const Expectation number = expected.number(element);
      compare(lane, number, got.numbers.at(element),
              accepts_number(spec::format_of(cases.type()), number, got.numbers.at(element)));
    }
  }
  if (differences.empty()) return;
  ++verdict_.failed;
  const Cases one = part_of(cases, index, 1);
  const Answers exact = reference_->answer(one);
  const std::vector<Flag> flags = flags_of(one, exact, 0);
  const bool silent = std::find(flags.begin(), flags.end(), Flag::Silent) != flags.end();
  verdict_.silent += silent ? 1 : 0;
  if (verdict_.explanations.size() < show_)
    verdict_.explanations.push_back(explain_differences(label(index), one, exact, differences, silent));
}

}  // namespace mxemu::conformance::vectors
