#include "conformance/own_scale.hpp"

#include <algorithm>

namespace mxemu::conformance {
namespace {

/// Equal amax has equal scales, or it would be no rule; codes are judged where there are any.
const char* own_rule_text(Operation operation) {
  return operation == Operation::Scale
             ? "scale_rule=own (blocks of equal amax have equal scales)"
             : "scale_rule=own (the codes are right under the scales that it chose)";
}

/// What the batch should give under the subject's own scales.
Answers under_own_scales(const Cases& cases, const Answers& expected, const Answers& got,
                         const Amendments& amendments) {
  Answers own = {.numbers = Numbers(cases.type())};
  if (cases.operation == Operation::Quantize) {
    Cases asked = cases;
    asked.operation = Operation::EncodeScaled;
    asked.scales = got.scales;
    own = answers_under(asked, amendments);
  }
  own.scales = got.scales;
  const std::uint8_t nan = cases.request.scale_format().nan_code;
  for (std::size_t i = 0; i < own.scales.size(); ++i)
    if ((expected.scales[i] == nan) != (got.scales[i] == nan)) own.scales[i] = expected.scales[i];
  return own;
}

bool explains(const Evidence& evidence, const Amendments& amendments) {
  return compare(evidence.batches, own_scale_answers(evidence, amendments), evidence.got,
                 {.any_nan_code = true, .any_code_under_nan = true})
      .agrees();
}

/// The bits of the largest magnitude of a case; nothing beside a NaN or an Inf.
std::optional<std::uint64_t> amax_of(const Cases& cases, std::size_t case_index) {
  const spec::FloatFormat& source = spec::format_of(cases.type());
  std::uint64_t amax = 0;
  for (std::size_t i = 0; i < cases.elements; ++i)
    amax = std::max(amax, cases.numbers.at(case_index * cases.elements + i) & (source.sign_mask() - 1));
  if (amax >= source.infinity_bits()) return std::nullopt;
  return amax;
}

}  // namespace

std::optional<Amendment> rule_of_scales(const Target& target, const Evidence& evidence,
                                        const Amendments& known) {
  const auto gives_all = [&](const Amendment& rule) {
    for (std::size_t b = 0; b < evidence.batches.size(); ++b) {
      Cases cases = evidence.batches[b];
      cases.operation = Operation::Scale;
      cases.random_words.clear();
      const Answers scales = answers_under(cases, amended(known, {rule}));
      for (std::size_t i = 0; i < cases.count(); ++i)
        if (evidence.got[b].is_supported(i) && scales.scales[i] != evidence.got[b].scales[i]) return false;
    }
    return true;
  };
  for (const Amendment& amendment : allowed_amendments(target))
    if (amendment.freedom == "scale_rule" && gives_all(amendment)) return amendment;
  return std::nullopt;
}

Amendment own_scale_rule() {
  return {"scale_rule", "own", [](spec::Request&) {}};
}

std::vector<Answers> own_scale_answers(const Evidence& evidence, const Amendments& amendments) {
  std::vector<Answers> own;
  for (std::size_t b = 0; b < evidence.batches.size(); ++b) {
    const Cases& cases = evidence.batches[b];
    own.push_back(under_own_scales(cases, answers_under(cases, amendments), evidence.got[b], amendments));
  }
  return own;
}

void ScalesByAmax::add(std::uint64_t amax, std::uint8_t scale) {
  is_function_ = is_function_ && scales_.try_emplace(amax, scale).first->second == scale;
}

void ScalesByAmax::add(const Evidence& evidence) {
  for (std::size_t b = 0; b < evidence.batches.size(); ++b) {
    const Cases& cases = evidence.batches[b];
    for (std::size_t i = 0; i < cases.count(); ++i)
      if (evidence.got[b].is_supported(i))
        if (const auto amax = amax_of(cases, i)) add(*amax, evidence.got[b].scales[i]);
  }
}

bool is_of_amax_alone(const Evidence& evidence) {
  ScalesByAmax scales;
  scales.add(evidence);
  return scales.is_function();
}

bool OwnRule::holds_with(const Evidence& evidence) const {
  if (!is_unknown || !scales.is_function()) return false;
  ScalesByAmax all = scales;
  all.add(evidence);
  return all.is_function();
}

std::optional<Conformance> find_own_scale(const Target& target, const Evidence& evidence,
                                          const Amendments& known) {
  if (target.operation != Operation::Quantize && target.operation != Operation::Scale) return std::nullopt;
  const std::string own_rule = own_rule_text(target.operation);
  if (explains(evidence, known)) return Conformance{known, own_rule};
  for (const Amendment& amendment : allowed_amendments(target)) {
    if (amendment.freedom == "scale_rule") continue;
    const Amendments candidate = amended(known, {amendment});
    if (explains(evidence, candidate)) return Conformance{candidate, amendment.text() + ", " + own_rule};
  }
  return std::nullopt;
}

}  // namespace mxemu::conformance
