#include "conformance/identify/probe.hpp"

#include <map>

#include "conformance/describe.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

bool is_nan(const Probe& probe, std::uint64_t bits) {
  return reference::decode_float(spec::format_of(probe.type), bits).is_nan();
}

bool same_element(const Probe& probe, std::size_t lane, const CaseAnswer& a, const CaseAnswer& b) {
  if (gives_codes(probe.operation)) return a.codes[lane] == b.codes[lane];
  return a.numbers[lane] == b.numbers[lane] ||
         (is_nan(probe, a.numbers[lane]) && is_nan(probe, b.numbers[lane]));
}

/// Codes are compared unless one of the two scales is NaN.
bool compares_elements(const Probe& probe, const spec::Request& request, const CaseAnswer& a,
                       const CaseAnswer& b) {
  const std::uint8_t nan = request.scale_format().nan_code;
  return !gives_scale(probe.operation) || (a.scale != nan && b.scale != nan);
}

bool differs_in_nan_scale(const Probe& probe, const spec::Request& request, const CaseAnswer& a,
                          const CaseAnswer& b) {
  const std::uint8_t nan = request.scale_format().nan_code;
  return gives_scale(probe.operation) && (a.scale == nan) != (b.scale == nan);
}

std::string element_text(const spec::Request& request, const Probe& probe, const CaseAnswer& answer,
                         std::size_t lane) {
  const std::string text = "element " + std::to_string(lane) + " = ";
  if (gives_codes(probe.operation)) return text + hex_code(request.element_format(), answer.codes[lane]);
  return text + hex(answer.numbers[lane], spec::format_of(probe.type).bits / 4);
}

std::string scale_text(const CaseAnswer& answer) {
  return "scale " + hex(answer.scale, 2);
}

/// "element 5 = A, element 6 = B, others C"; C is what most elements are.
std::string elements_text(const std::vector<std::string>& elements) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& element : elements) ++counts[element];
  const std::string* common = &elements.front();
  for (const auto& [element, count] : counts)
    if (count > counts[*common]) common = &element;
  if (counts.size() == 1) return "all " + std::to_string(elements.size()) + " elements " + *common;
  std::string text;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i] == *common) continue;
    text += (text.empty() ? "element " : ", element ") + std::to_string(i) + " = " + elements[i];
  }
  return text + ", others " + *common;
}

}  // namespace

Cases make_cases(const spec::Request& request, const std::vector<const Probe*>& probes) {
  const Probe& first = *probes.front();
  Cases cases = {.operation = first.operation,
                 .request = request,
                 .elements = first.elements(),
                 .numbers = Numbers(first.type)};
  for (const Probe* probe : probes) {
    for (const std::uint64_t number : probe->numbers) cases.numbers.push_back(number);
    cases.codes.insert(cases.codes.end(), probe->codes.begin(), probe->codes.end());
    if (takes_scale(first.operation)) cases.scales.push_back(probe->scale);
  }
  return cases;
}

std::vector<CaseAnswer> split(const Cases& cases, const Answers& answers, const std::string& subject) {
  const Answers room = make_answers(cases);
  if (answers.codes.size() != room.codes.size() || answers.scales.size() != room.scales.size() ||
      answers.numbers.size() != room.numbers.size())
    throw DeviceError(subject + ": " + spec::name_of(cases.operation) + " of " +
                      std::to_string(cases.count()) + " cases of " + std::to_string(cases.elements) +
                      " elements gave " + std::to_string(answers.scales.size()) + " scales, " +
                      std::to_string(answers.codes.size()) + " codes and " +
                      std::to_string(answers.numbers.size()) + " numbers");
  std::vector<CaseAnswer> split(cases.count());
  for (std::size_t i = 0; i < split.size(); ++i) {
    split[i].supported = answers.is_supported(i);
    if (gives_scale(cases.operation)) split[i].scale = answers.scales[i];
    for (std::size_t j = i * cases.elements; j < (i + 1) * cases.elements; ++j) {
      if (gives_codes(cases.operation)) split[i].codes.push_back(answers.codes[j]);
      if (gives_numbers(cases.operation)) split[i].numbers.push_back(answers.numbers.at(j));
    }
  }
  return split;
}

CaseAnswer expected_answer(Subject& reference, const spec::Request& request, const Probe& probe) {
  const bool short_block = probe.elements() < static_cast<std::size_t>(request.block_size);
  if (short_block && gives_scale(probe.operation) && request.policy.tail == spec::Tail::Refuse)
    return {.supported = false};
  const Cases cases = make_cases(request, {&probe});
  return split(cases, reference.answer(cases), reference.name()).front();
}

bool agrees(const Probe& probe, const spec::Request& request, const CaseAnswer& expected,
            const CaseAnswer& got) {
  if (!expected.supported || !got.supported) return expected.supported == got.supported;
  if (probe.compares_scale && expected.scale != got.scale) return false;
  if (probe.lanes.empty()) return true;
  if (differs_in_nan_scale(probe, request, expected, got)) return false;
  if (!compares_elements(probe, request, expected, got)) return true;
  for (const std::size_t lane : probe.lanes)
    if (!same_element(probe, lane, expected, got)) return false;
  return true;
}

std::string describe_input(const spec::Request& request, const Probe& probe) {
  std::string text = std::string(spec::name_of(probe.operation)) + " " + spec::name_of(probe.type);
  if (takes_scale(probe.operation)) text += " scale " + hex(probe.scale, 2);
  std::vector<std::string> elements;
  for (const std::uint64_t number : probe.numbers)
    elements.push_back(hex(number, spec::format_of(probe.type).bits / 4));
  for (const std::uint8_t code : probe.codes) elements.push_back(hex_code(request.element_format(), code));
  return text + ": " + elements_text(elements);
}

std::string describe_answer(const spec::Request& request, const Probe& probe, const CaseAnswer& answer) {
  if (!answer.supported) return "unsupported";
  std::string text = probe.compares_scale ? scale_text(answer) : "";
  for (std::size_t i = 0; i < probe.lanes.size() && i < 4; ++i)
    text += (text.empty() ? "" : ", ") + element_text(request, probe, answer, probe.lanes[i]);
  return text + (probe.lanes.size() > 4 ? ", ..." : "");
}

Contrast contrast(const spec::Request& request, const Probe& probe, const CaseAnswer& expected,
                  const CaseAnswer& got) {
  if (expected.supported && got.supported) {
    if ((probe.compares_scale && expected.scale != got.scale) ||
        differs_in_nan_scale(probe, request, expected, got))
      return {scale_text(expected), scale_text(got)};
    if (compares_elements(probe, request, expected, got))
      for (const std::size_t lane : probe.lanes)
        if (!same_element(probe, lane, expected, got))
          return {element_text(request, probe, expected, lane), element_text(request, probe, got, lane)};
  }
  return {describe_answer(request, probe, expected), describe_answer(request, probe, got)};
}

}  // namespace mxemu::conformance
