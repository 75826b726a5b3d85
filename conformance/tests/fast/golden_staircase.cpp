#include "golden_staircase.hpp"

#include <cstdlib>
#include <stdexcept>

#include "conformance/table_encoder.hpp"
#include "reference/scale.hpp"
#include "reference/value.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
constexpr auto infinity = static_cast<std::uint32_t>(float32.infinity_bits());
constexpr auto sign_bit = static_cast<std::uint32_t>(float32.sign_mask());

void require_steps_of_the_reference(const conformance::Staircase& staircase,
                                    const conformance::ElementConversion& conversion) {
  bool same = conformance::encode_float32(conversion, staircase.last_bits) == staircase.steps.back().code;
  for (std::size_t i = 0; i < staircase.steps.size(); ++i) {
    const auto [first, code] = staircase.steps[i];
    same = same && conformance::encode_float32(conversion, first) == code;
    if (i > 0)
      same = same && conformance::encode_float32(conversion, first - 1) == staircase.steps[i - 1].code;
  }
  if (!same) throw std::logic_error("the table encoder is not the reference");
}

}  // namespace

conformance::Staircase element_staircase(spec::ElementType element, int scale_exponent, bool negative) {
  const conformance::ElementConversion conversion = {.element = element, .scale_exponent = scale_exponent};
  const conformance::TableEncoder encoder(conversion.format(), scale_exponent);
  const std::uint32_t sign = negative ? sign_bit : 0;
  const conformance::Staircase staircase = conformance::bisect(sign, sign | (infinity - 1), encoder);
  require_steps_of_the_reference(staircase, conversion);
  return staircase;
}

conformance::Staircase scale_staircase(const spec::Request& request) {
  return conformance::bisect(1, infinity - 1, [&](std::uint32_t amax) {
    return reference::shared_scale(request, reference::decode_float(float32, amax).magnitude);
  });
}

conformance::Staircase clip(const conformance::Staircase& staircase, std::uint32_t first_bits,
                            std::uint32_t last_bits) {
  conformance::Staircase part{.steps = {{first_bits, staircase.code_of(first_bits)}}, .last_bits = last_bits};
  for (const conformance::Step& step : staircase.steps)
    if (step.first_bits > first_bits && step.first_bits <= last_bits) part.steps.push_back(step);
  return part;
}

void append(conformance::Staircase& staircase, const conformance::Staircase& next) {
  if (next.first_bits() != staircase.last_bits + 1) throw std::logic_error("a gap between staircases");
  staircase.steps.insert(staircase.steps.end(), next.steps.begin(), next.steps.end());
  staircase.last_bits = next.last_bits;
}

bool exhaustive() {
  const char* text = std::getenv("MXEMU_EXHAUSTIVE");
  return text != nullptr && *text != '\0' && *text != '0';
}

}  // namespace mxemu::fast_tests
