#include "conformance/signatures.hpp"

#include <algorithm>

#include "conformance/amax_signature.hpp"
#include "conformance/case_view.hpp"
#include "conformance/differing_answer.hpp"
#include "conformance/emulated_signature.hpp"
#include "conformance/neighbour_signature.hpp"
#include "conformance/storage_signature.hpp"

namespace mxemu::conformance {
namespace {

class Signatures {
 public:
  Signatures(const Target& target, const Evidence& evidence, const Comparison& differences,
             const Amendments& known)
      : target_(target), evidence_(evidence), differences_(differences), known_(known) {}

  std::string find() {
    for (const auto search :
         {&Signatures::neighbour_signature, &Signatures::amax_signature, &Signatures::scale_signature,
          &Signatures::position_signature, &Signatures::emulated_signature, &Signatures::element_signature})
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

  std::string neighbour_signature() const;
  std::string amax_signature() const;
  std::string scale_signature() const;
  std::string position_signature() const;
  std::string emulated_signature() const;
  std::string element_signature() const;

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

std::string Signatures::emulated_signature() const {
  const std::string name = find_emulated_suspect(target_, evidence_, differences_, known_);
  if (name.empty()) return "";
  return said(name, all(is_tie) ? one_or_all("is a tie", "are ties")
                                : one_or_all("is what that gives", "are what that gives"));
}

std::string Signatures::neighbour_signature() const {
  const std::string name = find_neighbour_suspect(target_, evidence_, differences_, known_);
  return name.empty() ? "" : said(name, one_or_all("is what that gives", "are what that gives"));
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
  if (all([](const DifferingAnswer& d) { return is_below_normal(d) && decoded(d, d.got_code()).is_zero(); }))
    return said("flushes what is subnormal before it is rounded",
                are + "below the smallest normal element, and zero");
  if (all([](const DifferingAnswer& d) {
        return is_beyond_largest(d) && decoded(d, d.got_code()).is_zero();
      }))
    return said("overflow becomes zero", are + "beyond the largest element, and zero");
  if (all(is_beyond_largest)) return said("overflow mishandled", are + "beyond the largest element");
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
