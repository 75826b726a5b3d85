#include "conformance/emulated_signature.hpp"

#include <algorithm>
#include <functional>

#include "conformance/case_view.hpp"
#include "conformance/differing_answer.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t most_cases_tried = 512;  ///< of those that differ

/// A behaviour against the standard that the reference can be asked for.
struct Emulation {
  const char* name;
  bool (*concerns)(Operation);
  void (*apply)(spec::Request&);
};

constexpr Emulation emulations[] = {
    {"ties away from zero", gives_codes,
     [](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestAway; }},
    {"ties toward zero", gives_codes,
     [](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestTowardZero; }},
    {"truncation", gives_codes, [](spec::Request& r) { r.rounding.mode = spec::RoundingMode::TowardZero; }},
    {"rounding up", gives_codes, [](spec::Request& r) { r.rounding.mode = spec::RoundingMode::Up; }},
    {"rounding down", gives_codes, [](spec::Request& r) { r.rounding.mode = spec::RoundingMode::Down; }},
    {"ties to even instead", gives_codes,
     [](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestEven; }},
    {"saturation missing", gives_codes,
     [](spec::Request& r) { r.policy.overflow = spec::Overflow::NonFinite; }},
    {"saturates where it is asked not to", gives_codes,
     [](spec::Request& r) { r.policy.overflow = spec::Overflow::Saturate; }},
    {"sign of zero lost", gives_codes, [](spec::Request& r) { r.policy.zero_sign = spec::ZeroSign::Drop; }},
    {"sign of zero lost where the input is -0", gives_codes,
     [](spec::Request& r) { r.policy.zero_sign = spec::ZeroSign::DropOnZeroInput; }},
    {"flushes subnormal inputs", takes_numbers,
     [](spec::Request& r) { r.policy.subnormal_input = spec::SubnormalInput::FlushToZero; }},
    {"scale 0x00 read as zero", takes_scale,
     [](spec::Request& r) { r.policy.lowest_scale_decode = spec::LowestScaleDecode::Zero; }},
    {"scale 0xff read as 2^128", takes_scale,
     [](spec::Request& r) { r.policy.nan_scale_decode = spec::NanScaleDecode::PowerOfTwo; }},
    {"scale 0xff read as zero", takes_scale,
     [](spec::Request& r) { r.policy.nan_scale_decode = spec::NanScaleDecode::Zero; }},
    {"flushes subnormal products", gives_numbers,
     [](spec::Request& r) { r.policy.decode_subnormal = spec::DecodeSubnormal::FlushToZero; }},
};

/// Rounded to a narrower type before they are converted.
void round_numbers(Numbers& numbers, spec::FloatType type) {
  const spec::FloatFormat& source = spec::format_of(numbers.type());
  const spec::FloatFormat& narrow = spec::format_of(type);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const reference::Value value = reference::decode_float(source, numbers.at(i));
    if (!value.is_finite()) continue;
    const std::uint64_t rounded = reference::encode_float(narrow, value);
    numbers.set(i, reference::encode_float(source, reference::decode_float(narrow, rounded)));
  }
}

/// Each number with its parts of `part` bytes in the other order.
void reverse_parts(Numbers& numbers, std::size_t part) {
  const auto width = static_cast<std::size_t>(spec::format_of(numbers.type()).bytes());
  const std::vector<std::byte> source = numbers.bytes();
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::size_t in_number = i % width;
    numbers.bytes()[i] =
        source[i - in_number + (width / part - 1 - in_number / part) * part + in_number % part];
  }
}

struct Order {
  const char* name;
  std::size_t part;  ///< bytes that stay together
};
constexpr Order orders[] = {{"bytes of the numbers swapped", 1}, {"16-bit halves of the numbers swapped", 2}};

class Trials {
 public:
  Trials(const Evidence& evidence, const Comparison& differences)
      : evidence_(evidence), differences_(differences) {}

  /// Whether the reference, asked otherwise, gives what the device gave in every case that differs. Numbers
  /// that came are changed the same way as numbers that went.
  bool emulates(const Amendments& amendments, const std::function<void(Numbers&)>& change = {}) const {
    std::size_t tried = 0;
    const Mismatch* last = nullptr;
    for (const Mismatch& at : differences_.mismatches) {
      const bool again = last != nullptr && last->batch == at.batch && last->case_index == at.case_index;
      if (again) continue;
      if (++tried > most_cases_tried) break;
      last = &at;
      const Cases& batch = evidence_.batches[at.batch];
      Cases one = part_of(batch, at.case_index, 1);
      if (change) change(one.numbers);
      Answers answers = answers_under(one, amendments);
      if (change) change(answers.numbers);
      Comparison comparison;
      compare(one, answers, part_of(evidence_.got[at.batch], batch, at.case_index, 1), 0, {true, true},
              comparison);
      if (!comparison.agrees()) return false;
    }
    return true;
  }

 private:
  const Evidence& evidence_;
  const Comparison& differences_;
};

}  // namespace

std::string find_emulated_suspect(const Target& target, const Evidence& evidence,
                                  const Comparison& differences, const Amendments& known) {
  const Trials trials(evidence, differences);
  for (const Emulation& emulation : emulations) {
    if (!emulation.concerns(target.operation)) continue;
    Amendments amendments = known;
    amendments.push_back({"", "", emulation.apply});
    if (trials.emulates(amendments)) return emulation.name;
  }
  const auto width = static_cast<std::size_t>(target.source().bytes());
  for (const Order& order : orders) {
    const auto reverse = [&](Numbers& numbers) { reverse_parts(numbers, order.part); };
    if (order.part < width && trials.emulates(known, reverse)) return order.name;
  }
  if (!gives_codes(target.operation)) return "";
  for (const spec::FloatType type :
       {spec::FloatType::Float32, spec::FloatType::BFloat16, spec::FloatType::Float16})
    if (spec::format_of(type).mantissa_bits < target.source().mantissa_bits &&
        trials.emulates(known, [type](Numbers& numbers) { round_numbers(numbers, type); }))
      return std::string("double rounding through ") + spec::name_of(type);
  return "";
}

}  // namespace mxemu::conformance
