#include "conformance/failure.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "conformance/case_view.hpp"
#include "conformance/describe.hpp"
#include "conformance/storage_failure.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance {
namespace {

using reference::Value;

std::string float_text(const spec::FloatFormat& format, std::uint64_t bits) {
  return hex(bits, format.bits / 4) + "   " + hex_float(format, bits) + "   " +
         describe(reference::decode_float(format, bits));
}

std::string code_text(const spec::ElementFormat& format, std::uint8_t code) {
  if ((code & ~(format.sign_mask | format.magnitude_mask)) != 0)
    return hex(code, 2) + "   wider than the format";
  return hex_code(format, code) + "   " + describe_fields(format, code) + "   " +
         describe(reference::decode_element(format, code));
}

std::string scale_text(const spec::ScaleFormat& format, std::uint8_t code) {
  const Value scale = reference::decode_scale(format, code);
  return hex(code, 2) + " = " + (scale.is_nan() ? "NaN" : describe_power(scale.magnitude));
}

class Explanation {
 public:
  Explanation(const Cases& cases, const Answers& expected, const Answers& got, const Mismatch& at,
              std::uint64_t case_number)
      : cases_(cases), expected_(expected), got_(got), at_(at), request_(cases.request) {
    failure_.case_index = case_number;
    failure_.in_scale = at.in_scale;
    failure_.element = at.in_scale ? amax_element() : at.element;
    index_ = at.case_index * cases.elements + failure_.element;
  }

  Failure failure() {
    if (cases_.operation != Operation::Encode && cases_.operation != Operation::Decode)
      failure_.scale = scale_of(cases_, expected_, at_.case_index);
    add("request", request_text());
    add("where", "case " + std::to_string(failure_.case_index) + ", element " +
                     std::to_string(failure_.element) + " of " + std::to_string(cases_.elements));
    if (takes_codes(cases_.operation))
      explain_number();
    else if (at_.in_scale)
      explain_scale();
    else
      explain_code();
    return failure_;
  }

 private:
  void add(std::string label, std::string text) {
    failure_.lines.push_back({std::move(label), std::move(text)});
  }

  const spec::FloatFormat& number_format() const { return spec::format_of(cases_.type()); }

  std::string request_text() const {
    std::string text = std::string(request_.block_format().name) + "  " + spec::name_of(cases_.operation) +
                       " " + spec::name_of(cases_.type());
    if (gives_scale(cases_.operation)) text += std::string("  rule=") + spec::name_of(request_.scale_rule);
    if (gives_codes(cases_.operation))
      text += std::string("  rounding=") + spec::name_of(request_.rounding.mode) +
              "  overflow=" + spec::name_of(request_.policy.overflow);
    return text;
  }

  /// The element whose magnitude is amax; where the block is poisoned, the first that is not a number.
  std::size_t amax_element() const {
    const std::vector<Value> values = numbers_of(cases_, at_.case_index);
    const reference::BlockMaximum maximum = reference::block_maximum(request_.policy, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool chosen = maximum.poisoned || maximum.infinite
                              ? !values[i].is_finite()
                              : values[i].is_finite() && values[i].magnitude == maximum.magnitude;
      if (chosen) return i;
    }
    return 0;
  }

  std::string scale_origin() const {
    if (!gives_scale(cases_.operation)) return takes_scale(cases_.operation) ? "  given" : "";
    const std::size_t element = amax_element();
    const std::uint64_t bits = cases_.numbers.at(at_.case_index * cases_.elements + element);
    return "  from amax " + hex_float(number_format(), bits & (number_format().sign_mask() - 1)) +
           " (element " + std::to_string(element) + ")";
  }

  void explain_scale() {
    const std::uint8_t expected = expected_.scales[at_.case_index];
    const std::uint8_t got = got_.scales[at_.case_index];
    failure_.input = cases_.numbers.at(index_);
    failure_.expected = expected;
    failure_.got = got;
    add("input", float_text(number_format(), failure_.input));
    add("expected", "scale " + scale_text(request_.scale_format(), expected) + scale_origin());
    const int error = int{got} - int{expected};
    add("got", "scale " + scale_text(request_.scale_format(), got) + "        " +
                   std::to_string(std::abs(error)) + (error > 0 ? " above" : " below"));
  }

  void explain_code() {
    const spec::ElementFormat& format = request_.element_format();
    const std::uint8_t expected = expected_.codes[index_];
    const std::uint8_t got = got_.codes[index_];
    const std::uint8_t scale_code = scale_of(cases_, expected_, at_.case_index);
    failure_.input = cases_.numbers.at(index_);
    failure_.expected = expected;
    failure_.got = got;
    add("input", float_text(number_format(), failure_.input));
    if (failure_.scale >= 0) add("scale", scale_text(request_.scale_format(), scale_code) + scale_origin());
    const Value scale = reference::decode_scale(request_.scale_format(), scale_code);
    const std::uint32_t word = cases_.random_words.empty() ? 0 : cases_.random_words[index_];
    add("scaled", scale.is_nan() ? "the scale is NaN, so the code is 0"
                                 : describe_decision(request_, number_at(cases_, index_), scale.magnitude,
                                                     expected, word));
    add("expected", code_text(format, expected));
    add("got", code_text(format, got) + code_distance(format, expected, got));
  }

  static std::string code_distance(const spec::ElementFormat& format, std::uint8_t expected,
                                   std::uint8_t got) {
    const bool same_sign = (expected & format.sign_mask) == (got & format.sign_mask);
    const int distance = int{got} - int{expected};
    if (!same_sign || std::abs(distance) != 1) return "";
    return distance > 0 ? "        one code above" : "        one code below";
  }

  void explain_number() {
    const std::uint8_t code = cases_.codes[index_];
    failure_.input = code;
    failure_.expected = expected_.numbers.at(index_);
    failure_.got = got_.numbers.at(index_);
    add("input", code_text(request_.element_format(), code));
    if (failure_.scale >= 0)
      add("scale",
          scale_text(request_.scale_format(), static_cast<std::uint8_t>(failure_.scale)) + "  given");
    add("expected", float_text(number_format(), failure_.expected));
    add("got", float_text(number_format(), failure_.got));
  }

  const Cases& cases_;
  const Answers& expected_;
  const Answers& got_;
  const Mismatch& at_;
  const spec::Request& request_;
  std::size_t index_ = 0;
  Failure failure_;
};

}  // namespace

Failure explain_failure(const Cases& cases, const Answers& expected, const Answers& got, const Mismatch& at,
                        std::uint64_t case_number) {
  if (is_tensor(cases.operation)) return explain_storage_failure(cases, expected, got, at, case_number);
  return Explanation(cases, expected, got, at, case_number).failure();
}

namespace {

/// A line of one block, whole; the beginning of what is longer. JSON has all of it.
std::string shortened(const std::string& line) {
  constexpr std::size_t room = 720;
  if (line.size() <= room) return line;
  return line.substr(0, line.rfind(' ', room)) + " ... (" + std::to_string(line.size()) + " characters)";
}

/// What a failure means where the standard requires nothing.
std::string freedom_text(Requirement requirement) {
  switch (requirement) {
    case Requirement::Must: return "must";
    case Requirement::Should:
      return "should: it recommends this and permits another way, so the device departs from the profile, "
             "not from the standard";
    case Requirement::May:
      return "may: it leaves this open, but these are the answers of no alternative that is known";
    case Requirement::ImplementationDefined:
      return "implementation-defined: it prescribes nothing here, so the device departs from what it "
             "declares";
  }
  return "";
}

}  // namespace

std::string shell_word(const std::string& text) {
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./:=,+@%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (is_plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string repro_word(ReproStyle style, const std::string& name, const std::string& word) {
  return style == ReproStyle::Command ? "--" + name + " " + word : name + "=" + word;
}

std::string repro_case(const SuiteResult& suite, const CheckResult& check, const Failure& failure) {
  if (!check.repeats_alone) return check.repro;
  return check.repro + " " + repro_word(suite.options.repro, "case", std::to_string(failure.case_index));
}

std::string describe(const SuiteResult& suite, const CheckResult& check, const Failure& failure) {
  std::string text = std::string(spec::name_of(check.verdict)) + " " + check.id + "  " + check.clauses +
                     "   subject=" + suite.subject +
                     (check.is_of_dots() ? "" : "   profile=" + suite.options.profile_name()) + "\n";
  const auto line = [&](const std::string& label, const std::string& words) {
    text += "  " + label + std::string(10 - std::min<std::size_t>(label.size(), 9), ' ') + words + "\n";
  };
  for (const Failure::Line& part : failure.lines) {
    std::string words = part.text;
    if (part.label == "where")
      words += "        (" + std::to_string(check.differing) + " of " + std::to_string(check.elements) +
               " differ; showing " + std::to_string(failure.ordinal) + " of " +
               std::to_string(check.failures.size()) + ")";
    line(part.label, words);
  }
  if (!check.suspect.empty()) line("suspect", check.suspect);
  if (check.verdict == Verdict::Failed && check.requirement != Requirement::Must)
    line("standard", freedom_text(check.requirement));
  if (check.verdict == Verdict::Failed && !check.note.empty()) line("note", check.note);
  if (!failure.asked.empty() && suite.options.repro == ReproStyle::Command)
    line("asked", shortened(failure.asked));
  if (!check.repeats_alone)
    line("alone",
         "the first case, asked by itself, is answered otherwise: what it is asked with matters, and the "
         "repro asks for all");
  line("repro", repro_case(suite, check, failure));
  return text;
}

}  // namespace mxemu::conformance
