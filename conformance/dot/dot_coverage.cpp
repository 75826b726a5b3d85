#include "conformance/dot/dot_coverage.hpp"

#include <algorithm>
#include <mutex>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/staircase.hpp"
#include "reference/rounding.hpp"
#include "reference/sum.hpp"

namespace mxemu::conformance {
namespace {

using reference::Value;

constexpr int cancelled_bits = 4;
constexpr int carried_bits = 5;

bool same(const Value& x, const Value& y) {
  if (x.kind != y.kind) return false;
  if (!x.is_finite()) return x.is_nan() || x.negative == y.negative;
  return x.magnitude == y.magnitude && (x.is_zero() || x.negative == y.negative);
}

/// The facts of one case.
class Finder {
 public:
  Finder(const spec::Accumulator& row, const DotCases& cases, std::size_t index)
      : row_(row),
        cases_(cases),
        output_(spec::format_of(cases.output)),
        lines_(decoded(cases, index)),
        terms_(dot_terms(cases, index)),
        explanation_(explain_under(row, cases, index)) {
    for (const Value& term : terms_) {
      finite_ = finite_ && term.is_finite();
      if (term.is_finite() && term.magnitude > largest_) largest_ = term.magnitude;
      total_.add(term);
    }
  }

  DotBins find() {
    find_in_operands();
    find_in_blocks();
    find_in_terms();
    for (const reference::DotStep& step : explanation_.steps) find_in_step(step);
    find_in_result();
    return bins_;
  }

 private:
  void find_in_operands() {
    for (const reference::Line* line : {&lines_.a, &lines_.b})
      bins_.add(DotBin::NanScale, std::any_of(line->scales.begin(), line->scales.end(),
                                              [](const Value& scale) { return scale.is_nan(); }));
    for (std::size_t i = 0; i < cases_.elements; ++i) {
      find_in_operand(lines_.a, i, lines_.b, cases_.a_operand.type);
      find_in_operand(lines_.b, i, lines_.a, cases_.b_operand.type);
    }
    bins_.add(DotBin::Tail, spec::padded_length(dot_request(cases_.pair(), row_, cases_.block_size),
                                                cases_.elements) != cases_.elements);
  }

  void find_in_operand(const reference::Line& line, std::size_t i, const reference::Line& other,
                       spec::OperandType type) {
    const Value& value = line.values[i];
    bins_.add(DotBin::NanElement, value.is_nan());
    bins_.add(DotBin::InfElement, value.is_infinite());
    bins_.add(DotBin::InfTimesZero, value.is_infinite() && other.values[i].is_zero());
    bins_.add(DotBin::SubnormalOperand, type != spec::OperandType::INT8 && value.is_finite() &&
                                            !value.is_zero() &&
                                            value.magnitude < reference::power_of_two(line.emin));
  }

  void find_in_blocks() {
    if (lines_.a.scales.empty() && lines_.b.scales.empty()) return;
    const auto& float32 = spec::format_of(spec::FloatType::Float32);
    const auto k = static_cast<std::size_t>(cases_.block_size);
    for (std::size_t begin = 0; begin < cases_.elements; begin += k) {
      const Value scale = reference::product(lines_.a.scale(begin), lines_.b.scale(begin));
      if (scale.is_nan()) continue;
      const int exponent = reference::floor_log2(scale.magnitude);
      const auto first = terms_.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = terms_.begin() + static_cast<std::ptrdiff_t>(std::min(cases_.elements, begin + k));
      const bool zeros = std::all_of(first, last, [](const Value& term) { return term.is_zero(); });
      bins_.add(DotBin::ZeroBlock, zeros && !largest_.is_zero() && scale.magnitude > largest_);
      bins_.add(DotBin::ScaleProductHigh, !zeros && exponent > float32.emax);
      bins_.add(DotBin::ScaleProductLow, !zeros && exponent < float32.emin - float32.mantissa_bits);
    }
  }

  void find_in_terms() {
    const Value& c = terms_.back();
    bool positive_infinity = false;
    bool negative_infinity = false;
    bool has_product = false;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      const Value& term = terms_[i];
      bins_.add(DotBin::NegativeZero, term.is_zero() && term.negative);
      (term.negative ? negative_infinity : positive_infinity) |= term.is_infinite();
      has_product = has_product || (i + 1 < terms_.size() && !term.is_zero());
    }
    bins_.add(DotBin::InfMinusInf, positive_infinity && negative_infinity);
    bins_.add(DotBin::CNotFinite, !c.is_finite());
    bins_.add(DotBin::CJoined, finite_ && has_product && !c.is_zero());
    if (!finite_ || largest_.is_zero()) return;
    const Value total = total_.value();
    const reference::Exact small = reference::multiply(largest_, reference::power_of_two(-cancelled_bits));
    bins_.add(DotBin::ExactCancellation, total.is_zero());
    bins_.add(DotBin::Cancellation, !total.is_zero() && total.magnitude <= small);
    bins_.add(DotBin::Carry, carries(total));
  }

  /// Terms of one sign whose sum is a power of two above them all.
  bool carries(const Value& total) const {
    if (total.is_zero() || total.magnitude <= largest_) return false;
    const int top = reference::floor_log2(total.magnitude);
    if (!(total.magnitude == reference::power_of_two(top))) return false;
    bool is_deep = false;
    for (const Value& term : terms_) {
      if (term.is_zero()) continue;
      if (term.negative != total.negative) return false;
      is_deep = is_deep || reference::floor_log2(term.magnitude) <= top - carried_bits;
    }
    return is_deep;
  }

  void find_in_step(const reference::DotStep& step) {
    if (!finite_ || !step.sum.is_finite() || !step.before.is_finite()) return;
    // Products scaled after their block was rounded have no window.
    if (row_.kind == spec::AccumulatorKind::Fused && step.joined) find_in_window(step);
    if (row_.kind == spec::AccumulatorKind::BlockExact)
      find_in_rounding(step.parts.front().sum, step.parts.front().kept);
    find_in_rounding(step.sum, step.after);
  }

  /// Whether the scales of the product move it in the window.
  bool is_scaled(std::size_t index) const {
    const bool enters = row_.scale == spec::ScaleEntry::Exponent || row_.scale == spec::ScaleEntry::GroupSum;
    if (!enters || index >= cases_.elements) return false;
    const Value scale = reference::product(lines_.a.scale(index), lines_.b.scale(index));
    return !(scale.magnitude == reference::power_of_two(0));
  }

  void find_in_window(const reference::DotStep& step) {
    reference::ExactSum kept;
    for (const reference::DotPart& part : step.parts) {
      for (const reference::DotTerm& term : part.terms) {
        const bool cut = !same(term.exact, term.kept);
        bins_.add(DotBin::TermCut, cut);
        bins_.add(DotBin::NegativeTermCut, cut && term.exact.negative);
        bins_.add(DotBin::ScaledTermCut, cut && is_scaled(term.index));
      }
      bins_.add(DotBin::SumCut, !same(part.sum, part.kept));
      kept.add(part.kept);
    }
    bins_.add(DotBin::CCut, !same(step.joined->exact, step.joined->kept));
    if (row_.fused.join != spec::AccumulatorJoin::AfterSum) return;
    kept.add(step.joined->kept);
    bins_.add(DotBin::SumCut, !same(kept.value(), step.sum));
  }

  /// `sum` became `rounded`, in the accumulator's format.
  void find_in_rounding(const Value& sum, const Value& rounded) {
    if (sum.is_zero() || !rounded.is_finite() || same(sum, rounded)) return;
    bins_.add(DotBin::Inexact);
    const bool is_float32 = cases_.output == spec::FloatType::Float32;
    const bool to_nearest = !is_float32 || row_.float32_rounding == spec::RoundingMode::NearestEven;
    const int digits = is_float32 ? row_.float32_mantissa_bits : output_.mantissa_bits;
    const auto position = reference::locate(sum.magnitude, reference::power_of_two(0), output_.emin, digits);
    if (!to_nearest || !position.is_tie()) return;
    const bool is_odd = boost::multiprecision::bit_test(position.below, 0);
    bins_.add(is_odd ? DotBin::TieEvenAbove : DotBin::TieEvenBelow);
  }

  void find_in_result() {
    const Value result = reference::decode_float(output_, explanation_.code);
    bins_.add(DotBin::ManySteps, explanation_.steps.size() > 1);
    bins_.add(DotBin::SubnormalResult, reference::is_subnormal(output_, result));
    if (!finite_) return;
    const Value total = total_.value();
    bins_.add(DotBin::Overflow, !result.is_finite());
    bins_.add(DotBin::UnderflowToZero, !total.is_zero() && result.is_zero());
    const Value once = reference::decode_float(output_, reference::encode_float(output_, total));
    bins_.add(DotBin::DiffersFromExact, !same(once, result));
  }

  const spec::Accumulator& row_;
  const DotCases& cases_;
  const spec::FloatFormat& output_;
  DecodedDot lines_;
  std::vector<Value> terms_;
  reference::DotExplanation explanation_;
  reference::ExactSum total_;
  reference::Exact largest_ = {};
  bool finite_ = true;
  DotBins bins_;
};

}  // namespace

DotBins dot_cells(const spec::Accumulator& row, const DotCases& cases, std::size_t index) {
  return Finder(row, cases, index).find();
}

DotCoverage examine(const spec::Accumulator& row, const DotCases& cases, const DotAnswers& got) {
  constexpr std::size_t chunk = 32;
  DotCoverage total;
  std::mutex total_mutex;
  on_all_cores((cases.count() + chunk - 1) / chunk, [&](std::uint64_t task) {
    DotCoverage coverage;
    for (std::size_t i = task * chunk; i < std::min<std::size_t>(cases.count(), (task + 1) * chunk); ++i) {
      if (!got.is_supported(i)) continue;
      const DotBins cells = dot_cells(row, cases, i);
      for (const auto& word : spec::words<DotBin>)
        if (cells.has(word.value)) ++coverage[word.value];
    }
    const std::lock_guard lock(total_mutex);
    total.merge(coverage);
  });
  return total;
}

}  // namespace mxemu::conformance
