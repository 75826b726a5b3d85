#include "conformance/dpi/golden_model.hpp"

#include <stdexcept>

#include "conformance/vectors/judge.hpp"

namespace mxemu::conformance::dpi {

GoldenModel::GoldenModel(const RequestWords& words) : words_(words), reference_(make_reference_subject()) {}

Cases GoldenModel::make_case(Operation operation, std::size_t count) const {
  return {.operation = operation,
          .request = words_.request,
          .elements = count,
          .numbers = Numbers(words_.type, takes_numbers(operation) ? count : 0)};
}

bool GoldenModel::judge(const Cases& one, const Answers& got) {
  coverage_.merge(examine(one, reference_->answer(one)));
  vectors::Judge judge(1);
  judge.judge(one, got, [this](std::size_t) { return "block " + std::to_string(judged_); });
  ++judged_;
  if (!judge.verdict().passed()) explanation_ = judge.verdict().explanations.front();
  return judge.verdict().passed();
}

void GoldenModel::reject_unknown(std::string_view what) {
  explanation_ =
      "FAILED block " + std::to_string(judged_++) + "\n  got       X or Z in " + std::string(what) + "\n";
}

std::uint64_t GoldenModel::coverage(std::string_view bin) const {
  if (const auto known = spec::parse_word<Bin>(bin)) return coverage_[*known];
  std::string names;
  for (const auto& word : spec::words<Bin>) names += (names.empty() ? "" : ", ") + std::string(word.name);
  throw std::invalid_argument("coverage: no bin \"" + std::string(bin) + "\" among " + names);
}

const std::string& GoldenModel::coverage_text() {
  coverage_text_.clear();
  for (const auto& word : spec::words<Bin>) {
    const std::string count = std::to_string(coverage_[word.value]);
    const std::size_t used = std::string_view(word.name).size() + count.size();
    coverage_text_ += std::string("  ") + word.name + std::string(used < 32 ? 32 - used : 1, ' ') + count +
                      "  " + word.meaning + "\n";
  }
  return coverage_text_;
}

}  // namespace mxemu::conformance::dpi
