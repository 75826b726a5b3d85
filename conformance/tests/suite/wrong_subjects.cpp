#include "conformance/tests/suite/wrong_subjects.hpp"

#include <utility>

namespace mxemu::conformance::tests {
namespace {

class ChangedSubject final : public Subject {
 public:
  explicit ChangedSubject(Change change) : change_(std::move(change)) {}

  std::string name() const override { return "changed"; }
  std::vector<Capability> capabilities() const override { return reference_->capabilities(); }
  std::vector<DeclaredLayout> layouts() const override { return reference_->layouts(); }

  Answers answer(const Cases& cases) override {
    Cases asked = cases;
    if (change_.asked) change_.asked(asked);
    Answers answers = reference_->answer(asked);
    if (change_.answered) change_.answered(cases, answers);
    return answers;
  }

  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override {
    reference_->quantize(request, geometry, type, source, codes, scales, tick);
  }

  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override {
    reference_->dequantize(request, geometry, codes, scales, type, output, tick);
  }

 private:
  Change change_;
  std::unique_ptr<Subject> reference_ = make_reference_subject();
};

}  // namespace

std::unique_ptr<Subject> changed(Change change) {
  return std::make_unique<ChangedSubject>(std::move(change));
}

std::unique_ptr<Subject> asked_otherwise(std::function<void(spec::Request&)> change) {
  return changed({.asked = [change = std::move(change)](Cases& cases) { change(cases.request); }});
}

}  // namespace mxemu::conformance::tests
