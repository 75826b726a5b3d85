#include "conformance/exhaustive.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

#include "conformance/asking.hpp"
#include "conformance/case_view.hpp"
#include "conformance/staircase.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::uint64_t inputs = std::uint64_t{1} << 32;
constexpr std::uint64_t chunk_inputs = std::uint64_t{1} << 20;  // divides every binade and every sign

constexpr std::uint64_t infinity = spec::format_of(spec::FloatType::Float32).infinity_bits();
constexpr std::uint64_t sign = spec::format_of(spec::FloatType::Float32).sign_mask();
constexpr std::uint64_t min_normal = std::uint64_t{1}
                                     << spec::format_of(spec::FloatType::Float32).mantissa_bits;

/// `count` cases of consecutive bit patterns from `first_bits` on.
Cases consecutive(const Target& target, std::uint64_t first_bits, std::uint64_t count) {
  Cases cases = {.operation = target.operation,
                 .request = target.request,
                 .elements = target.block_size(),
                 .numbers = Numbers(target.type, static_cast<std::size_t>(count * target.block_size()))};
  std::byte* out = cases.numbers.bytes().data();
  for (std::size_t i = 0; i < cases.numbers.size(); ++i, out += sizeof(std::uint32_t)) {
    const auto bits = static_cast<std::uint32_t>(first_bits + i);
    for (unsigned byte = 0; byte < sizeof bits; ++byte) out[byte] = static_cast<std::byte>(bits >> 8 * byte);
  }
  return cases;
}

/// The answers that the reference would give to a chunk, run by run instead of one by one.
class Golden {
 public:
  explicit Golden(const Target& target) : target_(target) {
    if (target.operation != Operation::Quantize) return;
    for (const bool negative : {false, true}) {
      const auto first = static_cast<std::uint32_t>(negative ? sign : 0);
      // A number that counts as zero may have the scale of a normal one: each range by itself is monotone.
      scales_[negative] = scales_between(first, first | static_cast<std::uint32_t>(min_normal - 1));
      const Staircase normal = scales_between(first | static_cast<std::uint32_t>(min_normal),
                                              first | static_cast<std::uint32_t>(infinity - 1));
      scales_[negative].steps.insert(scales_[negative].steps.end(), normal.steps.begin(), normal.steps.end());
      scales_[negative].last_bits = normal.last_bits;
    }
  }

  Answers answers(const Cases& cases) {
    Answers expected = make_answers(cases);
    const auto first = static_cast<std::uint32_t>(cases.numbers.at(0));
    const bool finite = (first & ~sign) < infinity;
    for (std::size_t i = 0; i < cases.count(); ++i) {
      const auto bits = static_cast<std::uint32_t>(first + i * cases.elements);
      int scale = target_.scale().bias;
      if (gives_scale(cases.operation)) {
        const auto last = static_cast<std::uint32_t>(bits + cases.elements - 1);
        scale = expected.scales[i] = scales_[(bits & sign) != 0].code_of(last);
      }
      if (scale == target_.scale().nan_code) continue;
      const Staircase& codes = staircase(scale, (bits & sign) != 0, finite);
      fill(codes, bits, std::span(expected.codes).subspan(i * cases.elements, cases.elements));
    }
    return expected;
  }

 private:
  Staircase scales_between(std::uint32_t first, std::uint32_t last) const {
    return bisect(first, last, [&](std::uint32_t bits) { return scale_of_last(bits); });
  }

  /// The scale of a block whose last number, its largest in magnitude, has these bits.
  std::uint8_t scale_of_last(std::uint32_t bits) const {
    Cases one = {.operation = Operation::Scale,
                 .request = target_.request,
                 .elements = 1,
                 .numbers = Numbers(target_.type, 1)};
    one.numbers.set(0, bits);
    return answers_under(one, {}).scales[0];
  }

  const Staircase& staircase(int scale, bool negative, bool finite) {
    auto& cached = codes_[{scale, negative, finite}];
    if (cached.steps.empty()) {
      ElementConversion conversion = {.element = target_.element().type,
                                      .scale_exponent = scale - target_.scale().bias,
                                      .rounding = target_.request.rounding,
                                      .policy = target_.request.policy};
      conversion.policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
      conversion.policy.inf_in_block = spec::NonFiniteInBlock::ElementOnly;
      cached = finite ? finite_staircase(conversion, negative) : non_finite_staircase(conversion, negative);
    }
    return cached;
  }

  /// The codes of the inputs from `bits` on, which mostly stay on the step of those before.
  void fill(const Staircase& codes, std::uint32_t bits, std::span<std::uint8_t> out) {
    while (!out.empty()) {
      if (&codes != last_codes_ || bits < step_first_ || bits > step_last_) find_step(codes, bits);
      const auto count = std::min<std::uint64_t>(out.size(), std::uint64_t{step_last_} - bits + 1);
      std::fill_n(out.begin(), count, step_code_);
      out = out.subspan(count);
      bits += static_cast<std::uint32_t>(count);
    }
  }

  void find_step(const Staircase& codes, std::uint32_t bits) {
    const auto next = std::upper_bound(codes.steps.begin(), codes.steps.end(), bits,
                                       [](std::uint32_t b, const Step& s) { return b < s.first_bits; });
    last_codes_ = &codes;
    step_first_ = std::prev(next)->first_bits;
    step_last_ = next == codes.steps.end() ? codes.last_bits : next->first_bits - 1;
    step_code_ = std::prev(next)->code;
  }

  const Target& target_;
  Staircase scales_[2];
  std::map<std::tuple<int, bool, bool>, Staircase> codes_;
  const Staircase* last_codes_ = nullptr;
  std::uint32_t step_first_ = 1;
  std::uint32_t step_last_ = 0;
  std::uint8_t step_code_ = 0;
};

void judge_chunk(const Cases& cases, const Answers& expected, const Answers& got, std::uint64_t first_case,
                 std::size_t keep, SweepResult& result) {
  const bool all_supported = got.unsupported.empty();
  if (all_supported && got.codes == expected.codes && got.scales == expected.scales) {
    result.cases += cases.count();
    result.judged += got.codes.size() + got.scales.size();
    return;
  }
  Comparison comparison;
  compare(cases, expected, got, 0, all_leeway, comparison);
  result.used.any_nan_code |= comparison.used.any_nan_code;
  result.used.any_code_under_nan |= comparison.used.any_code_under_nan;
  result.cases += comparison.cases;
  result.judged += comparison.judged;
  result.differing += comparison.mismatches.size();
  for (const Mismatch& at : comparison.mismatches) {
    if (result.batches.size() >= keep) break;
    const std::uint64_t number = first_case + at.case_index;
    if (!result.case_numbers.empty() && result.case_numbers.back() == number) continue;
    result.case_numbers.push_back(number);
    result.batches.push_back(part_of(cases, at.case_index, 1));
    result.expected.push_back(part_of(expected, cases, at.case_index, 1));
    result.got.push_back(part_of(got, cases, at.case_index, 1));
  }
}

}  // namespace

CheckDescription exhaustive_description() {
  return {.id = exhaustive_id,
          .summary = "all 2^32 float32, one by one and (the finite ones) in blocks; level exhaustive",
          .requirement = Requirement::Must,
          .clauses = "MX-6.3-c, MX-6.3-e",
          .operations = {Operation::Encode, Operation::Quantize}};
}

bool is_swept(const Target& target) {
  return target.level == Level::Exhaustive && target.type == spec::FloatType::Float32 &&
         (target.operation == Operation::Encode || target.operation == Operation::Quantize) &&
         target.request.rounding.mode != spec::RoundingMode::Stochastic &&
         chunk_inputs % target.block_size() == 0;
}

std::uint64_t sweep_case_count(const Target& target) {
  return inputs / target.block_size();
}

Cases sweep_case(const Target& target, std::uint64_t index) {
  return consecutive(target, index * target.block_size(), 1);
}

SweepResult sweep_one(Subject& subject, const Target& target, const Amendments& known, std::uint64_t index) {
  const Cases cases = sweep_case(target, index);
  const Answers got = subject.answer(cases);
  check_sizes(subject.name(), cases, got);
  SweepResult result;
  judge_chunk(cases, answers_under(cases, known), got, index, 1, result);
  return result;
}

SweepResult sweep(Subject& subject, const Target& target, const Amendments& known, std::size_t keep,
                  bool stop_at_first, const std::function<bool(double fraction)>& tick) {
  Target amended = target;
  for (const Amendment& amendment : known) amendment.apply(amended.request);
  Golden golden(amended);
  SweepResult result;
  for (std::uint64_t first = 0; first < inputs; first += chunk_inputs) {
    if (tick && !tick(static_cast<double>(first) / static_cast<double>(inputs))) throw Interrupted{};
    if (gives_scale(target.operation) && (first & ~sign) >= infinity) continue;
    const Cases cases = consecutive(target, first, chunk_inputs / target.block_size());
    const Answers expected = golden.answers(cases);
    const Answers got = subject.answer(cases);
    check_sizes(subject.name(), cases, got);
    judge_chunk(cases, expected, got, first / target.block_size(), keep, result);
    if (stop_at_first && result.differing != 0) break;
  }
  return result;
}

}  // namespace mxemu::conformance
