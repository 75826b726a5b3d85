#include "conformance/comparison.hpp"

namespace mxemu::conformance {
namespace {

bool is_nan_code(const spec::ElementFormat& format, std::uint8_t code) {
  if (!format.has_nan()) return false;
  const int magnitude = code & format.magnitude_mask;
  return format.has_infinity() ? magnitude > format.infinity_code : magnitude == format.nan_code;
}

bool is_nan_number(const spec::FloatFormat& format, std::uint64_t bits) {
  return (bits & (format.sign_mask() - 1)) > format.infinity_bits();
}

class Judge {
 public:
  Judge(const Cases& cases, const Answers& expected, const Answers& got, const Leeway& leeway, Leeway& used)
      : cases_(cases), expected_(expected), got_(got), leeway_(leeway), used_(used) {}

  bool same_scale(std::size_t index) const {
    return !gives_scale(cases_.operation) || expected_.scales[index] == got_.scales[index];
  }

  bool same_element(std::size_t index, std::size_t element) const {
    return gives_numbers(cases_.operation) ? same_number(element) : same_code(index, element);
  }

 private:
  bool same_number(std::size_t element) const {
    const std::uint64_t expected = expected_.numbers.at(element);
    const std::uint64_t got = got_.numbers.at(element);
    const spec::FloatFormat& format = spec::format_of(cases_.type());
    return expected == got || (is_nan_number(format, expected) && is_nan_number(format, got));
  }

  bool same_code(std::size_t index, std::size_t element) const {
    const std::uint8_t expected = expected_.codes[element];
    const std::uint8_t got = got_.codes[element];
    if (expected == got || is_tensor(cases_.operation)) return expected == got;
    const spec::ElementFormat& format = cases_.request.element_format();
    const std::uint8_t nan_scale = cases_.request.scale_format().nan_code;
    const bool under_nan = (takes_scale(cases_.operation) && cases_.scales[index] == nan_scale) ||
                           (gives_scale(cases_.operation) && expected_.scales[index] == nan_scale);
    if (leeway_.any_code_under_nan && under_nan) return used_.any_code_under_nan = true;
    if (leeway_.any_nan_code && is_nan_code(format, expected) && is_nan_code(format, got))
      return used_.any_nan_code = true;
    return false;
  }

  const Cases& cases_;
  const Answers& expected_;
  const Answers& got_;
  const Leeway& leeway_;
  Leeway& used_;
};

}  // namespace

namespace {

/// Every byte of a tensor in memory is judged by itself: where a scale is wrong the codes may be right.
void compare_tensor(const Cases& cases, const Judge& judge, const Answers& expected, const Answers& got,
                    std::size_t index, std::size_t batch, Comparison& comparison) {
  const ArraySizes given = cases.given();
  comparison.judged += given.numbers + given.codes + given.scales;
  for (std::size_t i = 0; i < given.scales; ++i)
    if (expected.scales[index * given.scales + i] != got.scales[index * given.scales + i])
      comparison.mismatches.push_back({batch, index, i, true});
  const std::size_t elements = given.numbers + given.codes;
  for (std::size_t i = 0; i < elements; ++i)
    if (!judge.same_element(index, index * elements + i))
      comparison.mismatches.push_back({batch, index, i, false});
}

}  // namespace

void compare(const Cases& cases, const Answers& expected, const Answers& got, std::size_t batch,
             const Leeway& leeway, Comparison& comparison) {
  const Judge judge(cases, expected, got, leeway, comparison.used);
  const bool has_elements = cases.operation != Operation::Scale;
  for (std::size_t i = 0; i < cases.count(); ++i) {
    if (!got.is_supported(i)) {
      ++comparison.unsupported_cases;
      continue;
    }
    ++comparison.cases;
    if (is_tensor(cases.operation)) {
      compare_tensor(cases, judge, expected, got, i, batch, comparison);
      continue;
    }
    comparison.judged += (has_elements ? cases.elements : 0) + (gives_scale(cases.operation) ? 1 : 0);
    if (!judge.same_scale(i)) {
      comparison.mismatches.push_back({batch, i, 0, true});
      continue;
    }
    for (std::size_t element = 0; has_elements && element < cases.elements; ++element)
      if (!judge.same_element(i, i * cases.elements + element))
        comparison.mismatches.push_back({batch, i, element, false});
  }
}

Comparison compare(const Batches& batches, const std::vector<Answers>& expected,
                   const std::vector<Answers>& got, const Leeway& leeway) {
  Comparison comparison;
  for (std::size_t b = 0; b < got.size(); ++b)
    compare(batches[b], expected[b], got[b], b, leeway, comparison);
  return comparison;
}

}  // namespace mxemu::conformance
