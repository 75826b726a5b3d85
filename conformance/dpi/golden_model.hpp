// One request of a test bench, and one block at a time asked of the golden model or judged by it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "conformance/coverage.hpp"
#include "conformance/dpi/request_words.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance::dpi {

class GoldenModel {
 public:
  explicit GoldenModel(const RequestWords& words);

  const spec::Request& request() const { return words_.request; }
  const spec::FloatFormat& number_format() const { return spec::format_of(words_.type); }

  /// A case without data, to be filled.
  Cases make_case(Operation operation, std::size_t count) const;

  Answers answer(const Cases& one) const { return reference_->answer(one); }

  /// Whether `got` is allowed; counts what the case hits, and keeps an explanation where it is not.
  bool judge(const Cases& one, const Answers& got);

  /// A block whose answer has an X or a Z in `what`.
  void reject_unknown(std::string_view what);

  const std::string& explanation() const { return explanation_; }

  /// Throws std::invalid_argument when there is no such bin.
  std::uint64_t coverage(std::string_view bin) const;
  const std::string& coverage_text();

 private:
  RequestWords words_;
  std::unique_ptr<Subject> reference_;
  Coverage coverage_;
  std::uint64_t judged_ = 0;
  std::string explanation_;
  std::string coverage_text_;
};

}  // namespace mxemu::conformance::dpi
