#include "conformance/asking.hpp"

#include <algorithm>

#include "conformance/case_view.hpp"

namespace mxemu::conformance {

void check_sizes(const std::string& subject, const Cases& cases, const Answers& got) {
  const Answers wanted = make_answers(cases);
  const auto complain = [&](const std::string& what, std::size_t is, std::size_t should) {
    throw DeviceError(subject + " answered " + std::to_string(is) + " " + what + " to " +
                      std::to_string(cases.count()) + " cases of " + spec::name_of(cases.operation) +
                      "; they have " + std::to_string(should));
  };
  if (got.codes.size() != wanted.codes.size()) complain("codes", got.codes.size(), wanted.codes.size());
  if (got.scales.size() != wanted.scales.size()) complain("scales", got.scales.size(), wanted.scales.size());
  const bool numbers_fit = !gives_numbers(cases.operation) || got.numbers.type() == wanted.numbers.type();
  if (!numbers_fit || got.numbers.bytes().size() != wanted.numbers.bytes().size())
    complain("numbers", got.numbers.size(), wanted.numbers.size());
  if (!got.unsupported.empty() && got.unsupported.size() != cases.count())
    complain("marks of support", got.unsupported.size(), cases.count());
}

bool Asking::ask(const Cases& cases, const Answers& expected, std::size_t batch) {
  Answers all = {.numbers = Numbers(cases.type())};
  const std::size_t count = cases.count();
  for (std::size_t first = 0; first < count; first += cases_per_call) {
    const std::size_t size = std::min(cases_per_call, count - first);
    const Cases part = part_of(cases, first, size);
    Answers got = subject_.answer(part);
    check_sizes(subject_.name(), part, got);
    if (got.unsupported.empty()) got.unsupported.resize(size);
    const std::size_t before = comparison_.mismatches.size();
    compare(part, part_of(expected, cases, first, size), got, batch, {}, comparison_);
    for (std::size_t i = before; i < comparison_.mismatches.size(); ++i)
      comparison_.mismatches[i].case_index += first;
    append(all, got);
    if (stop_at_first_ && !comparison_.agrees()) {
      got_.push_back(std::move(all));
      return false;
    }
  }
  got_.push_back(std::move(all));
  return true;
}

Coverage coverage_of_answered(const PreparedCheck& prepared, const std::vector<Answers>& got) {
  Coverage coverage;
  for (std::size_t b = 0; b < got.size(); ++b) {
    const Cases& cases = prepared.batches[b];
    for (std::size_t i = 0; i < cases.count(); ++i)
      if (got[b].is_supported(i))
        coverage.merge(examine(part_of(cases, i, 1), part_of(prepared.expected[b], cases, i, 1)));
  }
  return coverage;
}

}  // namespace mxemu::conformance
