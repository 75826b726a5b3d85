#include "conformance/device/plugin_dot.hpp"

#include <cstring>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/batch_talk.hpp"
#include "conformance/device/plugin_buffer.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

/// c, or the results, in the bytes of their type.
std::vector<std::byte> narrowed(const std::vector<std::uint32_t>& words, std::size_t width) {
  std::vector<std::byte> bytes;
  for (const std::uint32_t word : words)
    for (std::size_t byte = 0; byte < width; ++byte)
      bytes.push_back(static_cast<std::byte>(word >> 8 * byte & 0xff));
  return bytes;
}

std::vector<std::uint32_t> widened(const std::vector<std::byte>& bytes, std::size_t width) {
  std::vector<std::uint32_t> words(bytes.size() / width);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    words[i / width] |= std::to_integer<std::uint32_t>(bytes[i]) << 8 * (i % width);
  return words;
}

/// The arrays of one call.
struct DotArrays {
  DotArrays(const PluginLibrary& library, const std::string& name, const DotCases& cases,
            const std::vector<std::byte>& c_bytes, const std::vector<std::uint8_t>& none_unsupported)
      : a_codes(library, name, "a_codes", cases.a.codes.data(), cases.a.codes.size()),
        a_scales(library, name, "a_scales", cases.a.scales.data(), cases.a.scales.size()),
        b_codes(library, name, "b_codes", cases.b.codes.data(), cases.b.codes.size()),
        b_scales(library, name, "b_scales", cases.b.scales.data(), cases.b.scales.size()),
        c(library, name, "c", c_bytes.data(), c_bytes.size()),
        answer(library, name, "answer", nullptr, c_bytes.size()),
        unsupported(library, name, "unsupported", none_unsupported.data(), none_unsupported.size()) {}

  void require_inputs_unchanged(const DotCases& cases, const std::vector<std::byte>& c_bytes) {
    a_codes.require_unchanged(cases.a.codes.data());
    a_scales.require_unchanged(cases.a.scales.data());
    b_codes.require_unchanged(cases.b.codes.data());
    b_scales.require_unchanged(cases.b.scales.data());
    c.require_unchanged(c_bytes.data());
  }

  PluginBuffer a_codes, a_scales, b_codes, b_scales, c, answer, unsupported;
};

mx_subject_dots described(const DotCases& cases, const DotArrays& arrays, const std::string& options) {
  return {.a = name_of(cases.a_operand),
          .b = name_of(cases.b_operand),
          .type = spec::name_of(cases.output),
          .options = options.c_str(),
          .count = cases.count(),
          .elements = cases.elements,
          .blocks = cases.blocks(),
          .a_codes = arrays.a_codes.pointer(),
          .a_scales = static_cast<const std::uint8_t*>(arrays.a_scales.pointer()),
          .b_codes = arrays.b_codes.pointer(),
          .b_scales = static_cast<const std::uint8_t*>(arrays.b_scales.pointer()),
          .c = arrays.c.pointer(),
          .answer = arrays.answer.pointer(),
          .unsupported = static_cast<std::uint8_t*>(arrays.unsupported.pointer())};
}

int call(const PluginLibrary& library, const std::string& name, const mx_subject_dots& dots,
         const std::string& what) {
  try {
    return library.dot(&dots);
  } catch (...) {
    throw DeviceError(name + ": the plugin threw an exception out of mx_subject_dot() at " + what);
  }
}

}  // namespace

DotAnswers call_dot(const PluginLibrary& library, const std::string& name, const DotCases& cases) {
  require_sizes(cases);
  DotAnswers answers = {std::vector<std::uint32_t>(cases.count()), {}};
  if (cases.count() == 0) return answers;
  const auto width = static_cast<std::size_t>(spec::format_of(cases.output).bytes());
  const std::vector<std::byte> c_bytes = narrowed(cases.c, width);
  std::vector<std::uint8_t> unsupported(cases.count(), 0);
  DotArrays arrays(library, name, cases, c_bytes, unsupported);
  const std::string options = cases.block_size == 32 ? "" : "block_size=" + std::to_string(cases.block_size);
  const std::string what =
      std::to_string(cases.count()) + " case(s) of " + quoted(dot_request_text(cases), 120);
  const int status = call(library, name, described(cases, arrays, options), what);
  if (status == MX_SUBJECT_UNSUPPORTED) {
    answers.unsupported.assign(cases.count(), true);
    return answers;
  }
  if (status != MX_SUBJECT_OK) {
    const char* own = library.last_error ? library.last_error() : nullptr;
    throw DeviceError(name + ": mx_subject_dot() returned " + std::to_string(status) + " at " + what +
                      (own && *own ? ": " + quoted(own, 200) : ""));
  }
  std::vector<std::byte> results(c_bytes.size());
  arrays.answer.fetch(results.data());
  answers.results = widened(results, width);
  arrays.unsupported.fetch(unsupported.data());
  answers.unsupported.assign(unsupported.begin(), unsupported.end());
  arrays.require_inputs_unchanged(cases, c_bytes);
  return answers;
}

}  // namespace mxemu::conformance
