// Numbers beyond the largest element: both overflow methods of OFP8, and the clamp of the narrow formats.
#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;

/// Whether a block can hold an element beyond the largest number under the rule: tried on the largest amax of
/// a binade, written with the 8 significant bits that every source type has.
bool rule_saturates(const Target& target) {
  const Exact amax = {255, -7};
  const int exponent = reference::scale_exponent(target.request.scale_rule, target.element(), amax);
  const auto position = reference::locate_element(target.element(), amax, reference::power_of_two(exponent));
  const reference::Exact rounded = {position.below + (2 * position.remainder >= position.whole ? 1 : 0),
                                    position.quantum_exponent};
  return rounded > reference::max_normal(target.element());
}

bool can_overflow(const Target& target) {
  return target.operation != Operation::Quantize || rule_saturates(target);
}

bool can_overflow_in_fp8(const Target& target) {
  return is_fp8(target.element()) && can_overflow(target);
}

/// From the largest number to twice its power of two in steps of an eighth of its last place, each with its
/// neighbours, then far beyond; infinities where no block is concerned.
std::vector<std::uint64_t> large_numbers(const Target& target, int scale) {
  const spec::ElementFormat& element = target.element();
  const int exponent = scale - target.scale().bias;
  const Exact largest = reference::max_normal(element);
  const int step_exponent = element.emax - element.mantissa_bits - 3;
  std::vector<std::uint64_t> numbers;
  for (int step = -8; step <= 24; ++step) {
    const reference::Integer units = reference::in_units(largest, step_exponent) + step;
    for (const std::uint64_t bits : around(target.source(), {units, step_exponent + exponent}))
      numbers.push_back(bits);
  }
  for (const int binade : {1, 2, 3, 8, 64})
    for (const std::uint64_t bits :
         around(target.source(), reference::power_of_two(element.emax + binade + exponent)))
      numbers.push_back(bits);
  if (!gives_scale(target.operation)) {
    numbers.push_back(target.source().infinity_bits());
    numbers.push_back(target.source().infinity_bits() - 1);
  }
  return with_both_signs(target.source(), numbers);
}

Batches generate_overflow(Target target, spec::Overflow overflow, Random& random) {
  target.request.policy.overflow = overflow;
  std::vector<int> scales = {target.scale().bias};
  if (target.operation != Operation::Encode) scales = useful_scales(target, 24, random);
  Cases cases = empty_cases(target);
  for (const int scale : scales) {
    std::vector<std::uint64_t> numbers = large_numbers(target, scale);
    random.shuffle(numbers);
    add_numbers_under(cases, target, scale, numbers);
  }
  return {cases};
}

Batches generate_saturate(const Target& target, Random& random) {
  return generate_overflow(target, spec::Overflow::Saturate, random);
}

Batches generate_nonfinite(const Target& target, Random& random) {
  return generate_overflow(target, spec::Overflow::NonFinite, random);
}

/// A Float16 of large exponent range E5M2 only just holds the overflow of a few scales; it holds it.
Bins promise_saturate(const Target& target) {
  Bins bins = {Bin::Saturation};
  bins.add(Bin::Infinity, target.operation != Operation::Quantize);
  return bins;
}

Bins promise_nonfinite(const Target&) {
  return {Bin::OverflowToNonFinite};
}

std::string saturate_clauses(const spec::ElementFormat& element) {
  if (is_fp8(element)) return "MX-5.3.1-b, OFP8-c, OFP8-d";
  if (element.type == spec::ElementType::INT8) return "MX-5.3.4-b";
  return element.type == spec::ElementType::E2M1 ? "MX-5.3.3-c" : "MX-5.3.2-c";
}

std::string nonfinite_clauses(const spec::ElementFormat&) {
  return "MX-5.3.1-b, OFP8-c, OFP8-e";
}

const std::vector<Operation> conversions = {Operation::Encode, Operation::EncodeScaled, Operation::Quantize};

const Check checks[] = {
    {"overflow/saturate", "beyond the largest number, saturating", always<Requirement::Must>,
     saturate_clauses, conversions, can_overflow, generate_saturate, promise_saturate},
    {"overflow/nonfinite", "beyond the largest number of FP8, not saturating", always<Requirement::Must>,
     nonfinite_clauses, conversions, can_overflow_in_fp8, generate_nonfinite, promise_nonfinite},
};

}  // namespace

std::span<const Check> overflow_checks() {
  return checks;
}

}  // namespace mxemu::conformance
