#include "conformance/coverage.hpp"

#include <mutex>

#include "conformance/case_view.hpp"
#include "conformance/staircase.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::GridPosition;
using reference::Value;

constexpr int sticky_fraction = 64;

/// Above halfway by so little that only the last bits of the quotient say so.
bool is_sticky_only(const GridPosition& position) {
  const reference::Integer excess = 2 * position.remainder - position.whole;
  return excess > 0 && sticky_fraction * excess < 2 * position.whole;
}

bool overflows(const GridPosition& position, const Exact& below, const Exact& largest) {
  const int order = reference::compare(below, largest);
  return order > 0 || (order == 0 && 2 * position.remainder >= position.whole);
}

/// Where a finite, nonzero number fell among the codes, and what it became.
void count_rounding(const spec::ElementFormat& format, const Value& value, const Exact& scale,
                    std::uint8_t code, Coverage& coverage) {
  const GridPosition position = reference::locate_element(format, value.magnitude, scale);
  const Exact below = {position.below, position.quantum_exponent};
  const Value result = reference::decode_element(format, code);
  const bool is_odd = boost::multiprecision::bit_test(position.below, 0);
  if (position.is_tie()) ++coverage[is_odd ? Bin::TieEvenAbove : Bin::TieEvenBelow];
  if (is_sticky_only(position)) ++coverage[Bin::StickyOnly];
  if (!result.is_finite()) {
    ++coverage[Bin::OverflowToNonFinite];
    return;
  }
  if (overflows(position, below, reference::max_normal(format))) ++coverage[Bin::Saturation];
  if (result.is_zero()) ++coverage[Bin::UnderflowToZero];
  if (!below.is_zero() && result.magnitude > below &&
      reference::floor_log2(result.magnitude) > reference::floor_log2(below))
    ++coverage[Bin::CarryToNextBinade];
  if (format.encoding == spec::Encoding::TwosComplement) return;
  const Exact smallest_normal = reference::power_of_two(format.emin);
  const bool is_subnormal = !result.is_zero() && result.magnitude < smallest_normal;
  if (is_subnormal) ++coverage[Bin::SubnormalElement];
  const Exact above = {position.below + 1, position.quantum_exponent};
  if (!position.is_exact() && below < smallest_normal && above == smallest_normal)
    ++coverage[Bin::SubnormalBoundary];
}

void count_scale(const spec::ScaleFormat& format, std::uint8_t scale, Coverage& coverage) {
  if (scale == format.min_code) ++coverage[Bin::LowestScale];
  if (scale == format.max_code) ++coverage[Bin::HighestScale];
  if (scale == format.nan_code) ++coverage[Bin::NanScale];
}

void count_amax(const spec::Request& request, const std::vector<Value>& values, Coverage& coverage) {
  const reference::BlockMaximum maximum = reference::block_maximum(request.policy, values);
  if (maximum.poisoned || maximum.infinite) return;
  if (maximum.magnitude.is_zero()) {
    ++coverage[Bin::ZeroBlock];
    return;
  }
  const int exponent =
      reference::scale_exponent(request.scale_rule, request.element_format(), maximum.magnitude);
  if (exponent < request.scale_format().emin) ++coverage[Bin::ScaleClampLow];
  if (exponent > request.scale_format().emax) ++coverage[Bin::ScaleClampHigh];
}

void count_class(const Value& value, Coverage& coverage) {
  if (value.is_nan()) ++coverage[Bin::Nan];
  if (value.is_infinite()) ++coverage[Bin::Infinity];
  if (value.is_zero() && value.negative) ++coverage[Bin::NegativeZero];
}

void count_numbers(const Cases& cases, const Answers& expected, std::size_t index, Coverage& coverage) {
  const std::uint8_t scale_code = scale_of(cases, expected, index);
  const Value scale = reference::decode_scale(cases.request.scale_format(), scale_code);
  const std::vector<Value> values = numbers_of(cases, index);
  if (gives_scale(cases.operation)) count_amax(cases.request, values, coverage);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t element = index * cases.elements + i;
    count_class(values[i], coverage);
    const std::uint64_t bits = cases.numbers.at(element);
    const spec::FloatFormat& source = spec::format_of(cases.type());
    const std::uint64_t magnitude = bits & (source.sign_mask() - 1);
    if (magnitude != 0 && magnitude >> source.mantissa_bits == 0) ++coverage[Bin::SubnormalSource];
    if (gives_codes(cases.operation) && scale.is_finite() && values[i].is_finite() && !values[i].is_zero())
      count_rounding(cases.request.element_format(), values[i], scale.magnitude, expected.codes[element],
                     coverage);
  }
}

void count_codes(const Cases& cases, const Answers& expected, std::size_t index, Coverage& coverage) {
  const Value scale = reference::decode_scale(cases.request.scale_format(), scale_of(cases, expected, index));
  const spec::FloatFormat& output = spec::format_of(cases.type());
  for (std::size_t i = 0; i < cases.elements; ++i) {
    const Value value =
        reference::decode_element(cases.request.element_format(), cases.codes[index * cases.elements + i]);
    count_class(value, coverage);
    if (!value.is_finite() || value.is_zero() || !scale.is_finite()) continue;
    const int exponent = reference::floor_log2(reference::multiply(value.magnitude, scale.magnitude));
    if (exponent > output.emax) ++coverage[Bin::DecodeOverflow];
    if (exponent < output.emin) ++coverage[Bin::DecodeSubnormal];
  }
}

}  // namespace

Coverage examine(const Cases& cases, const Answers& expected) {
  constexpr std::size_t chunk = 128;
  const std::size_t count = cases.count();
  Coverage total;
  if (is_tensor(cases.operation)) {  // where bytes stand, not what becomes of numbers
    if (cases.shortest_block() < static_cast<std::size_t>(cases.request.block_size)) total[Bin::Tail] = count;
    return total;
  }
  std::mutex total_mutex;
  on_all_cores((count + chunk - 1) / chunk, [&](std::uint64_t task) {
    Coverage coverage;
    for (std::size_t i = task * chunk; i < std::min(count, (task + 1) * chunk); ++i) {
      if (takes_scale(cases.operation) || gives_scale(cases.operation))
        count_scale(cases.request.scale_format(), scale_of(cases, expected, i), coverage);
      if (cases.elements < static_cast<std::size_t>(cases.request.block_size)) ++coverage[Bin::Tail];
      if (takes_numbers(cases.operation))
        count_numbers(cases, expected, i, coverage);
      else
        count_codes(cases, expected, i, coverage);
    }
    const std::lock_guard lock(total_mutex);
    total.merge(coverage);
  });
  return total;
}

}  // namespace mxemu::conformance
