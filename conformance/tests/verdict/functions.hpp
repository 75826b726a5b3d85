// The converter of conformance/examples/mxfp4.h as functions of this process, right or made wrong.
#pragma once

#include <cstring>
#include <string>

#include "conformance/examples/mxfp4.h"
#include "conformance/plugin/mxemu_check.h"

namespace mxemu::conformance::tests {

enum class Fault { None, OneCode, Status, Throws };

/// What the functions do: there is one set of them per process, as of a plugin.
inline Fault fault = Fault::None;

inline int answer_quantize(const mx_subject_cases* cases) {
  if (fault == Fault::Status) return 7;
  if (fault == Fault::Throws) throw 7;
  const auto* numbers = static_cast<const std::uint32_t*>(cases->numbers);
  for (std::uint64_t i = 0; i < cases->count; ++i) {
    const std::uint64_t first = i * cases->elements;
    const std::uint8_t scale = mxfp4_scale(numbers + first, cases->elements);
    cases->answer_scales[i] = scale;
    for (std::uint64_t j = first; j < first + cases->elements; ++j)
      cases->answer_codes[j] = mxfp4_encode(numbers[j], scale);
    if (fault == Fault::OneCode && scale == 0x7d) cases->answer_codes[first] ^= 1;
  }
  return MX_SUBJECT_OK;
}

inline mx_subject_functions functions() {
  return {.version = [] { return std::uint32_t{MX_SUBJECT_VERSION}; },
          .name = [] { return "mxfp4.h"; },
          .capabilities = [] { return "quantize MXFP4_E2M1 f32\n"; },
          .answer = answer_quantize,
          .last_error = [] { return "the kernel fell over"; },
          .allocate = nullptr,
          .release = nullptr,
          .copy_to_device = nullptr,
          .copy_to_host = nullptr,
          .layouts = nullptr,
          .dot = nullptr};
}

/// A verdict, destroyed in time.
struct Verdict {
  mxemu_check_verdict* handle = nullptr;
  int status = -1;

  Verdict() = default;
  Verdict(const Verdict&) = delete;
  Verdict& operator=(const Verdict&) = delete;
  ~Verdict() { mxemu_check_destroy(handle); }

  std::string report(const char* kind) const {
    const char* text = mxemu_check_report(handle, kind);
    return text != nullptr ? text : "";
  }
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace mxemu::conformance::tests
