#include "conformance/dot/dot_only_subject.hpp"

#include <stdexcept>
#include <utility>

namespace mxemu::conformance {
namespace {

class DotOnlySubject final : public Subject {
 public:
  DotOnlySubject(std::string name, std::vector<DotCapability> pairs,
                 std::function<DotAnswers(const DotCases&)> answer)
      : name_(std::move(name)), pairs_(std::move(pairs)), answer_(std::move(answer)) {}

  std::string name() const override { return name_; }
  std::vector<Capability> capabilities() const override { return {}; }
  std::vector<DotCapability> dot_capabilities() const override { return pairs_; }
  Answers answer(const Cases&) override { refuse(); }
  DotAnswers answer_dot(const DotCases& cases) override { return answer_(cases); }
  void quantize(const spec::Request&, const TensorGeometry&, spec::FloatType, std::span<const std::byte>,
                std::span<std::uint8_t>, std::span<std::uint8_t>, const Tick&) override {
    refuse();
  }
  void dequantize(const spec::Request&, const TensorGeometry&, std::span<const std::uint8_t>,
                  std::span<const std::uint8_t>, spec::FloatType, std::span<std::byte>,
                  const Tick&) override {
    refuse();
  }

 private:
  [[noreturn]] void refuse() const {
    throw std::invalid_argument(name_ + " computes dot products and nothing else");
  }

  std::string name_;
  std::vector<DotCapability> pairs_;
  std::function<DotAnswers(const DotCases&)> answer_;
};

}  // namespace

std::unique_ptr<Subject> make_dot_only_subject(std::string name, std::vector<DotCapability> pairs,
                                               std::function<DotAnswers(const DotCases&)> answer) {
  return std::make_unique<DotOnlySubject>(std::move(name), std::move(pairs), std::move(answer));
}

}  // namespace mxemu::conformance
