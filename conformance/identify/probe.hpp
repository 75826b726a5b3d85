// A probe: one case whose answer tells behaviours apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance {

struct Probe {
  int freedom = 0;              ///< what it asks about
  std::vector<int> scope = {};  ///< the freedoms that its answer depends on
  Operation operation = Operation::Quantize;
  spec::FloatType type = spec::FloatType::Float32;
  std::vector<std::uint64_t> numbers = {};
  std::vector<std::uint8_t> codes = {};
  std::uint8_t scale = 0;
  bool compares_scale = false;
  std::vector<std::size_t> lanes = {};  ///< elements of the answer that are compared

  std::size_t elements() const { return numbers.empty() ? codes.size() : numbers.size(); }
};

/// The answer to one case.
struct CaseAnswer {
  bool supported = true;
  std::uint8_t scale = 0;
  std::vector<std::uint8_t> codes = {};
  std::vector<std::uint64_t> numbers = {};
};

/// Probes of one operation, type and number of elements as one batch.
Cases make_cases(const spec::Request& request, const std::vector<const Probe*>& probes);

/// The answer to each of the cases. Throws DeviceError when there are too few or too many.
std::vector<CaseAnswer> split(const Cases& cases, const Answers& answers, const std::string& subject);

/// What the reference says under `request`; a tail that the policy refuses is unsupported.
CaseAnswer expected_answer(Subject& reference, const spec::Request& request, const Probe& probe);

/// True when `got` is `expected` in all that the probe compares. Codes under a NaN scale mean nothing
/// (MX 4), and one NaN is as good as another.
bool agrees(const Probe& probe, const spec::Request& request, const CaseAnswer& expected,
            const CaseAnswer& got);

/// The input in one line: "quantize f32: element 5 = 0x40e00000, others 0x00000000".
std::string describe_input(const spec::Request& request, const Probe& probe);

/// What of an answer the probe compares: "scale 0x80", "element 5 = 0x7".
std::string describe_answer(const spec::Request& request, const Probe& probe, const CaseAnswer& answer);

/// The two answers where they first differ; both in full when they agree.
struct Contrast {
  std::string expected;
  std::string got;
};
Contrast contrast(const spec::Request& request, const Probe& probe, const CaseAnswer& expected,
                  const CaseAnswer& got);

}  // namespace mxemu::conformance
