#include "conformance/own_scale.hpp"

namespace mxemu::conformance {
namespace {

constexpr const char* own_rule = "scale_rule=own (the codes are right under the scales that it chose)";

/// What the batch should give under the subject's own scales.
Answers under_own_scales(const Cases& cases, const Answers& expected, const Answers& got,
                         const Amendments& amendments) {
  Cases asked = cases;
  asked.operation = Operation::EncodeScaled;
  asked.scales = got.scales;
  Answers own = answers_under(asked, amendments);
  own.scales = got.scales;
  const std::uint8_t nan = cases.request.scale_format().nan_code;
  for (std::size_t i = 0; i < own.scales.size(); ++i)
    if ((expected.scales[i] == nan) != (got.scales[i] == nan)) own.scales[i] = expected.scales[i];
  return own;
}

bool explains(const Evidence& evidence, const Amendments& amendments) {
  Comparison comparison;
  for (std::size_t b = 0; b < evidence.batches.size() && comparison.agrees(); ++b) {
    const Cases& cases = evidence.batches[b];
    const Answers& got = evidence.got[b];
    compare(cases, under_own_scales(cases, answers_under(cases, amendments), got, amendments), got, b,
            {.any_nan_code = true, .any_code_under_nan = true}, comparison);
  }
  return comparison.agrees();
}

}  // namespace

std::optional<Conformance> find_own_scale(const Target& target, const Evidence& evidence,
                                          const Amendments& known) {
  if (target.operation != Operation::Quantize) return std::nullopt;
  if (explains(evidence, known)) return Conformance{known, own_rule};
  for (const Amendment& amendment : allowed_amendments(target)) {
    if (amendment.freedom == "scale_rule") continue;
    const Amendments candidate = amended(known, {amendment});
    if (explains(evidence, candidate)) return Conformance{candidate, amendment.text() + ", " + own_rule};
  }
  return std::nullopt;
}

}  // namespace mxemu::conformance
