#include "emulation.hpp"

#include <stdexcept>
#include <utility>

#include "spec/request.hpp"

namespace mxemu::conformance::tests {

Emulation::Emulation(Words words, std::vector<Capability> capabilities)
    : words_(words), capabilities_(std::move(capabilities)) {}

Answers Emulation::answer(const Cases& cases) {
  Cases own = cases;
  own.request = with_words(cases.request, words_);
  Answers answers = reference_->answer(own);
  if (own.request.policy.tail == spec::Tail::Refuse && gives_scale(cases.operation) &&
      cases.elements < static_cast<std::size_t>(cases.request.block_size))
    answers.unsupported.assign(cases.count(), true);
  if (tamper) tamper(cases, answers);
  return answers;
}

void Emulation::quantize(const spec::Request&, const TensorGeometry&, spec::FloatType,
                         std::span<const std::byte>, std::span<std::uint8_t>, std::span<std::uint8_t>,
                         const Tick&) {
  throw std::logic_error("identification asks for cases only");
}

void Emulation::dequantize(const spec::Request&, const TensorGeometry&, std::span<const std::uint8_t>,
                           std::span<const std::uint8_t>, spec::FloatType, std::span<std::byte>,
                           const Tick&) {
  throw std::logic_error("identification asks for cases only");
}

std::vector<Operation> all_operations() {
  return {std::begin(block_operations), std::end(block_operations)};
}

std::vector<Capability> capabilities_of(spec::BlockType format, std::vector<Operation> operations,
                                        spec::FloatType type) {
  std::vector<Capability> capabilities;
  for (const Operation operation : operations) capabilities.push_back({operation, format, type});
  return capabilities;
}

Words words_of_profile(const spec::Profile& profile, spec::BlockType format, int shift) {
  Words words = words_of(spec::make_request(format, profile));
  for (int freedom = 0; freedom <= rounding_freedom; ++freedom) {
    int& word = words[static_cast<std::size_t>(freedom)];
    if (profile.open.has(freedom)) word = (word + shift) % word_count(freedom);
  }
  return words;
}

std::vector<Operation> operations_of(const spec::Profile& profile) {
  std::vector<Operation> operations;
  for (const Operation operation : all_operations())
    if (profile.chooses_scales || !gives_scale(operation)) operations.push_back(operation);
  return operations;
}

}  // namespace mxemu::conformance::tests
