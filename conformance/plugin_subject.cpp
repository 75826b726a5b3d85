#include "conformance/plugin_subject.hpp"

#include <algorithm>
#include <utility>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/batch_talk.hpp"
#include "conformance/device/canonical_request.hpp"
#include "conformance/device/declaration.hpp"
#include "conformance/device/device_subject.hpp"
#include "conformance/device/plugin_buffer.hpp"
#include "conformance/device/plugin_dot.hpp"
#include "conformance/device/plugin_library.hpp"
#include "conformance/device/request_text.hpp"

namespace mxemu::conformance {
namespace {

/// The arrays of one call.
struct PluginArrays {
  PluginArrays(const PluginLibrary& library, const std::string& subject, const Cases& cases,
               const Answers& answers)
      : numbers(library, subject, "numbers", cases.numbers.bytes().data(), cases.numbers.bytes().size()),
        codes(library, subject, "codes", cases.codes.data(), cases.codes.size()),
        scales(library, subject, "scales", cases.scales.data(), cases.scales.size()),
        random_words(library, subject, "random_words", cases.random_words.data(),
                     stochastic(cases) ? cases.random_words.size() * sizeof(std::uint32_t) : 0),
        answer_numbers(library, subject, "answer_numbers", nullptr, answers.numbers.bytes().size()),
        answer_codes(library, subject, "answer_codes", nullptr, answers.codes.size()),
        answer_scales(library, subject, "answer_scales", nullptr, answers.scales.size()),
        none_unsupported(cases.count(), 0),
        unsupported(library, subject, "unsupported", none_unsupported.data(), none_unsupported.size()) {}

  static bool stochastic(const Cases& cases) {
    return uses_rounding(cases.operation) && cases.request.rounding.mode == spec::RoundingMode::Stochastic;
  }

  PluginBuffer numbers, codes, scales, random_words, answer_numbers, answer_codes, answer_scales;
  std::vector<std::uint8_t> none_unsupported;
  PluginBuffer unsupported;
};

/// What a plugin is told of a tensor in memory; of a block, how many codes and scales it has.
struct PluginStorage {
  explicit PluginStorage(const Cases& cases) {
    if (!is_tensor(cases.operation)) {
      case_codes = cases.elements;
      return;
    }
    const Storage& storage = cases.storage;
    shape.assign(storage.geometry.shape.begin(), storage.geometry.shape.end());
    axis = static_cast<std::uint64_t>(storage.axis());
    packing = spec::name_of(storage.layout.packing);
    scale_order = spec::name_of(storage.layout.scales);
    case_codes = stored_code_bytes(storage, cases.request);
    case_scales = stored_scale_bytes(storage, cases.request);
  }

  std::vector<std::uint64_t> shape;
  std::uint64_t axis = 0;
  const char* packing = nullptr;
  const char* scale_order = nullptr;
  std::uint64_t case_codes = 0;
  std::uint64_t case_scales = 1;
};

class PluginSubject final : public DeviceSubject {
 public:
  /// `source`: a file or functions.
  template <class Source>
  PluginSubject(std::string name, const Source& source) : name_(std::move(name)), library_(name_, source) {
    const char* own_name = library_.name();
    declaration_.device = own_name ? own_name : "";
    read_capabilities();
  }

  std::string name() const override { return name_; }
  std::string description() const override {
    return declaration_.device.empty() ? name_ : declaration_.device;
  }
  std::vector<Capability> capabilities() const override { return declaration_.capabilities; }
  std::vector<DeclaredLayout> layouts() const override { return declaration_.layouts; }

  std::vector<DotCapability> dot_capabilities() const override { return declaration_.dots; }
  DotAnswers answer_dot(const DotCases& cases) override { return call_dot(library_, name_, cases); }

  std::string question(const Cases& cases, std::size_t index) const override {
    return called("mx_subject_answer()", CaseWriter(cases).line(index), cases.count());
  }
  std::string question_dot(const DotCases& cases, std::size_t index) const override {
    DotAnswers none;
    return called("mx_subject_dot()", DotTalk(cases, none).line(index), cases.count());
  }

  Answers answer(const Cases& cases) override {
    const CaseWriter writer(cases);  // the arrays are of the right sizes
    Answers answers = make_answers(cases);
    if (cases.count() == 0) return answers;
    PluginArrays arrays(library_, name_, cases, answers);
    const int status = call(cases, arrays);
    if (status == MX_SUBJECT_UNSUPPORTED) {
      answers.unsupported.assign(cases.count(), true);
      return answers;
    }
    if (status != MX_SUBJECT_OK) fail_status(cases, status);
    fetch(cases, arrays, answers);
    require_codes(cases, writer, answers);
    return answers;
  }

 private:
  /// Takes a text of the plugin line by line; `word` is what a process would write in front of each.
  void take_lines(const char* text, const char* word, const char* what, const char* form) {
    std::string_view rest = text ? text : "";
    for (int line = 1; !rest.empty(); ++line) {
      const std::string_view one = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      const std::string complaint = declaration_.take(word + std::string(one));
      if (!complaint.empty())
        throw DeviceError(name_ + ": line " + std::to_string(line) + " of its " + what + ", " + quoted(one) +
                          ", is not \"" + form + "\": " + complaint);
    }
  }

  void read_capabilities() {
    take_lines(library_.capabilities(), "can ", "capabilities", "OPERATION FORMAT TYPE");
    if (library_.layouts) take_lines(library_.layouts(), "layout ", "layouts", "FORMAT PACKING SCALES");
    if (!declaration_.dots.empty() && !library_.dot)
      throw DeviceError(name_ +
                        ": its capabilities name dot products, but it does not export mx_subject_dot()");
    if (declaration_.capabilities.empty() && declaration_.dots.empty())
      throw DeviceError(name_ + ": mx_subject_capabilities() names no operation");
  }

  int call(const Cases& cases, const PluginArrays& arrays) const {
    const spec::Request& request = cases.request;
    const std::string options = option_text(cases.operation, request, cases.shortest_block());
    const PluginStorage storage(cases);
    const mx_subject_cases given = {
        .operation = spec::name_of(cases.operation),
        .format = request.block_format().name,
        .type = spec::name_of(cases.type()),
        .scale_rule = uses_scale_rule(cases.operation) ? spec::name_of(request.scale_rule) : "*",
        .rounding = uses_rounding(cases.operation) ? spec::name_of(request.rounding.mode) : "*",
        .options = options.empty() ? "" : options.c_str() + 1,
        .count = cases.count(),
        .elements = cases.elements,
        .numbers = arrays.numbers.pointer(),
        .codes = static_cast<const std::uint8_t*>(arrays.codes.pointer()),
        .scales = static_cast<const std::uint8_t*>(arrays.scales.pointer()),
        .random_words = static_cast<const std::uint32_t*>(arrays.random_words.pointer()),
        .answer_numbers = arrays.answer_numbers.pointer(),
        .answer_codes = static_cast<std::uint8_t*>(arrays.answer_codes.pointer()),
        .answer_scales = static_cast<std::uint8_t*>(arrays.answer_scales.pointer()),
        .unsupported = static_cast<std::uint8_t*>(arrays.unsupported.pointer()),
        .shape = storage.shape.empty() ? nullptr : storage.shape.data(),
        .dimensions = storage.shape.size(),
        .axis = storage.axis,
        .packing = storage.packing,
        .scale_order = storage.scale_order,
        .case_codes = storage.case_codes,
        .case_scales = storage.case_scales,
    };
    try {
      return library_.answer(&given);
    } catch (...) {
      throw DeviceError(name_ + ": the plugin threw an exception out of mx_subject_answer() at " +
                        what(cases));
    }
  }

  void fetch(const Cases& cases, PluginArrays& arrays, Answers& answers) const {
    arrays.answer_numbers.fetch(answers.numbers.bytes().data());
    arrays.answer_codes.fetch(answers.codes.data());
    arrays.answer_scales.fetch(answers.scales.data());
    std::vector<std::uint8_t> unsupported(cases.count());
    arrays.unsupported.fetch(unsupported.data());
    for (std::size_t i = 0; i < unsupported.size(); ++i)
      if (unsupported[i] != 0) set_unsupported(cases, i, answers);
    arrays.numbers.require_unchanged(cases.numbers.bytes().data());
    arrays.codes.require_unchanged(cases.codes.data());
    arrays.scales.require_unchanged(cases.scales.data());
    arrays.random_words.require_unchanged(cases.random_words.data());
  }

  void require_codes(const Cases& cases, const CaseWriter& writer, const Answers& answers) const {
    const std::size_t codes = cases.given().codes;
    const std::uint8_t largest = largest_code(cases);
    for (std::size_t i = 0; i < answers.codes.size(); ++i)
      if (answers.codes[i] > largest && answers.is_supported(i / codes))
        throw DeviceError(name_ + ": element " + std::to_string(i % codes) + " of its answer to " +
                          quoted(writer.line(i / codes), 120) +
                          " is wrong: " + complain_of_code(cases.request.element_format(), answers.codes[i]));
  }

  [[noreturn]] void fail_status(const Cases& cases, int status) const {
    const char* own = library_.last_error ? library_.last_error() : nullptr;
    throw DeviceError(name_ + ": mx_subject_answer() returned " + std::to_string(status) + " at " +
                      what(cases) + (own && *own ? ": " + quoted(own, 200) : ""));
  }

  /// A call in the words that a process would be asked in.
  static std::string called(const char* function, const std::string& line, std::size_t count) {
    return std::string(function) + ", count " + std::to_string(count) + ": " + line;
  }

  static std::string what(const Cases& cases) {
    return std::to_string(cases.count()) + " case(s) of " + quoted(request_text(cases), 120);
  }

  std::string name_;
  PluginLibrary library_;
  Declaration declaration_;
};

}  // namespace

std::unique_ptr<Subject> make_plugin_subject(const std::string& file) {
  return std::make_unique<PluginSubject>("plugin:" + file, file);
}

std::unique_ptr<Subject> make_function_subject(const mx_subject_functions& functions) {
  const char* own_name = functions.name ? functions.name() : nullptr;
  return std::make_unique<PluginSubject>(own_name && *own_name ? own_name : "unnamed", functions);
}

}  // namespace mxemu::conformance
