#include "conformance/signatures.hpp"

#include <algorithm>
#include <functional>

#include "conformance/amax_signature.hpp"
#include "conformance/case_view.hpp"
#include "conformance/differing_answer.hpp"
#include "conformance/storage_signature.hpp"

namespace mxemu::conformance {
namespace {

using reference::Value;

constexpr std::size_t most_cases_tried = 512;  ///< of those that differ, by a signature that must be computed

class Signatures {
 public:
  Signatures(const Target& target, const Evidence& evidence, const Comparison& differences,
             const Amendments& known)
      : target_(target), evidence_(evidence), differences_(differences), known_(known) {}

  std::string find() {
    for (const auto search :
         {&Signatures::amax_signature, &Signatures::scale_signature, &Signatures::position_signature,
          &Signatures::emulated_signature, &Signatures::element_signature})
      if (std::string name = (this->*search)(); !name.empty()) return name;
    return "";
  }

 private:
  DifferingAnswer difference(const Mismatch& at) const {
    return {evidence_.batches[at.batch], evidence_.expected[at.batch], evidence_.got[at.batch], at};
  }

  template <class Predicate>
  bool all(const Predicate& predicate) const {
    return std::all_of(differences_.mismatches.begin(), differences_.mismatches.end(),
                       [&](const Mismatch& at) { return predicate(difference(at)); });
  }

  std::string said(const std::string& name, const std::string& evidence) const {
    const std::size_t count = differences_.mismatches.size();
    const std::string which =
        count == 1 ? "the one difference " : "all " + std::to_string(count) + " differences ";
    return name + " (" + which + evidence + ")";
  }
  std::string one_or_all(const char* one, const char* many) const {
    return differences_.mismatches.size() == 1 ? one : many;
  }

  std::string amax_signature() const;
  std::string scale_signature() const;
  std::string position_signature() const;
  std::string emulated_signature() const;
  std::string element_signature() const;

  /// Whether the reference, asked otherwise, gives what the device gave in every case that differs.
  bool emulates(const Amendments& amendments, const std::function<void(Cases&)>& change_input = {}) const;

  const Target& target_;
  const Evidence& evidence_;
  const Comparison& differences_;
  const Amendments& known_;
};

std::string Signatures::amax_signature() const {
  std::string name = find_amax_suspect(target_, evidence_, differences_, known_);
  // What such a device seems to be known by may come of the same mistake.
  if (name.empty() && !known_.empty()) name = find_amax_suspect(target_, evidence_, differences_, {});
  return name.empty() ? "" : said(name, "are what that gives");
}

std::string Signatures::scale_signature() const {
  if (!all([](const DifferingAnswer& d) { return d.at.in_scale; })) return "";
  // At the ends of the format a constant error is clamped or wraps, so the smallest error is the constant.
  int error = difference(differences_.mismatches.front()).scale_error();
  for (const Mismatch& at : differences_.mismatches)
    if (std::abs(difference(at).scale_error()) < std::abs(error)) error = difference(at).scale_error();
  const auto is_shifted = [&](const DifferingAnswer& d) {
    const int shifted = d.expected.scales[d.at.case_index] + error;
    return d.scale_error() == error || shifted < target_.scale().min_code ||
           shifted > target_.scale().max_code;
  };
  if (!all(is_shifted)) return "";
  const std::string by = std::to_string(std::abs(error)) + (error > 0 ? " above" : " below");
  if (std::abs(error) == 1 && all(is_just_below_a_power_of_two))
    return said("log2 in floating point", "are a scale " + by + ", and amax hardly below a power of two");
  const spec::ElementFormat& element = target_.element();
  const std::string evidence = one_or_all("is a scale ", "are a scale ") + by;
  if (std::abs(error) == element.emax && element.emax > 1)
    return said("scale off by emax, " + std::to_string(element.emax), evidence);
  if (std::abs(error) == element.bias && element.bias > 1)
    return said("scale off by the element's bias, " + std::to_string(element.bias), evidence);
  return said(std::abs(error) == 1 ? "scale off by one" : "scale off by a constant", evidence);
}

constexpr Arrangement arrangements[] = {
    {"neighbouring elements swapped (nibble order)",
     [](std::size_t i, std::size_t n) { return (i ^ 1) < n ? i ^ 1 : i; }},
    {"elements in reverse order", [](std::size_t i, std::size_t n) { return n - 1 - i; }},
    {"even and odd elements split into halves (ggml order)",
     [](std::size_t i, std::size_t n) { return i % 2 * ((n + 1) / 2) + i / 2; }},
    {"halves interleaved (ggml order)",
     [](std::size_t i, std::size_t n) { return i < (n + 1) / 2 ? 2 * i : 2 * (i - (n + 1) / 2) + 1; }},
    {"halves of the block swapped", [](std::size_t i, std::size_t n) { return (i + n / 2) % n; }},
    {"elements shifted by one", [](std::size_t i, std::size_t n) { return (i + 1) % n; }},
    {"elements shifted back by one", [](std::size_t i, std::size_t n) { return (i + n - 1) % n; }},
};

std::string Signatures::position_signature() const {
  if (!all([](const DifferingAnswer& d) { return !d.at.in_scale && d.cases.elements > 1; })) return "";
  for (const Arrangement& arrangement : arrangements)
    if (all([&](const DifferingAnswer& d) { return is_arranged(d, arrangement); }))
      return said(arrangement.name, one_or_all("fits", "fit"));
  if (all(is_permuted))
    return said("element positions swapped",
                "stand in cases whose answers are the expected ones in another order");
  return "";
}

bool Signatures::emulates(const Amendments& amendments,
                          const std::function<void(Cases&)>& change_input) const {
  std::size_t tried = 0;
  const Mismatch* last = nullptr;
  for (const Mismatch& at : differences_.mismatches) {
    const bool again = last != nullptr && last->batch == at.batch && last->case_index == at.case_index;
    if (again) continue;
    if (++tried > most_cases_tried) break;
    last = &at;
    const Cases& batch = evidence_.batches[at.batch];
    Cases one = part_of(batch, at.case_index, 1);
    if (change_input) change_input(one);
    Comparison comparison;
    compare(one, answers_under(one, amendments), part_of(evidence_.got[at.batch], batch, at.case_index, 1), 0,
            {true, true}, comparison);
    if (!comparison.agrees()) return false;
  }
  return true;
}

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

/// Inputs rounded to a narrower type before they are converted.
void round_inputs(Cases& cases, spec::FloatType type) {
  const spec::FloatFormat& source = spec::format_of(cases.type());
  const spec::FloatFormat& narrow = spec::format_of(type);
  for (std::size_t i = 0; i < cases.numbers.size(); ++i) {
    const Value value = reference::decode_float(source, cases.numbers.at(i));
    if (!value.is_finite()) continue;
    const std::uint64_t rounded = reference::encode_float(narrow, value);
    cases.numbers.set(i, reference::encode_float(source, reference::decode_float(narrow, rounded)));
  }
}

std::string Signatures::emulated_signature() const {
  for (const Emulation& emulation : emulations) {
    if (!emulation.concerns(target_.operation)) continue;
    Amendments amendments = known_;
    amendments.push_back({"", "", emulation.apply});
    if (!emulates(amendments)) continue;
    return said(emulation.name, all(is_tie) ? one_or_all("is a tie", "are ties")
                                            : one_or_all("is what that gives", "are what that gives"));
  }
  if (!gives_codes(target_.operation)) return "";
  for (const spec::FloatType type :
       {spec::FloatType::Float32, spec::FloatType::BFloat16, spec::FloatType::Float16})
    if (spec::format_of(type).mantissa_bits < target_.source().mantissa_bits &&
        emulates(known_, [type](Cases& cases) { round_inputs(cases, type); }))
      return said(std::string("double rounding through ") + spec::name_of(type),
                  one_or_all("is what that gives", "are what that gives"));
  return "";
}

std::string Signatures::element_signature() const {
  const std::string are = one_or_all("is ", "are ");
  if (all([](const DifferingAnswer& d) {
        return takes_scale(d.cases.operation) && d.cases.scales[d.at.case_index] == 0;
      }))
    return said("scale 0x00 misread", one_or_all("stands", "stand") + " under it");
  if (all([](const DifferingAnswer& d) {
        return d.is_number() && takes_scale(d.cases.operation) &&
               d.cases.scales[d.at.case_index] == d.cases.request.scale_format().nan_code;
      }))
    return said("scale 0xff misread", one_or_all("stands", "stand") + " under it");
  if (all([](const DifferingAnswer& d) {
        return d.at.in_scale && d.expected.scales[d.at.case_index] == d.cases.request.scale_format().nan_code;
      }))
    return said("NaN or Inf lost", are + "of a block that should have a NaN scale");
  if (!all([](const DifferingAnswer& d) { return d.is_code(); })) return "";
  const auto input = [](const DifferingAnswer& d) { return number_at(d.cases, d.index()); };
  if (all([&](const DifferingAnswer& d) { return input(d).is_nan(); }))
    return said("NaN lost", are + "of a NaN");
  if (all([&](const DifferingAnswer& d) { return input(d).is_infinite(); }))
    return said("Inf mishandled", are + "of an Inf");
  if (all([](const DifferingAnswer& d) {
        return is_subnormal_element(d) && decoded(d, d.got_code()).is_zero();
      }))
    return said("flushes subnormal elements", are + "of a subnormal element, and zero");
  if (all(is_subnormal_element)) return said("subnormal elements", are + "of a subnormal element");
  if (all([](const DifferingAnswer& d) {
        return decoded(d, d.expected_code()).is_zero() && decoded(d, d.got_code()).is_zero();
      }))
    return said("sign of zero", are + "of a zero");
  if (all(is_tie)) return said("ties", are + (differences_.mismatches.size() == 1 ? "a tie" : "ties"));
  for (const int step : {1, -1})
    if (all([&](const DifferingAnswer& d) { return int{d.got_code()} - int{d.expected_code()} == step; }))
      return said(step > 0 ? "one code above" : "one code below", are + "so");
  return "";
}

}  // namespace

std::string find_suspect(const Target& target, const Evidence& evidence, const Comparison& differences,
                         const Amendments& known) {
  if (differences.agrees()) return "";
  if (is_tensor(target.operation)) return find_storage_suspect(evidence, differences, known);
  return Signatures(target, evidence, differences, known).find();
}

}  // namespace mxemu::conformance
