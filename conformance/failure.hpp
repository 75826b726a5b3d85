// A failing case, explained from the reference's exact arithmetic.
#pragma once

#include "conformance/alternatives.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// What the answer should have been and why; all lines except those on the whole check. `case_number` counts
/// over the batches.
Failure explain_failure(const Cases& cases, const Answers& expected, const Answers& got, const Mismatch& at,
                        std::uint64_t case_number);

/// One word of a repro line: "--format MXFP4_E2M1" or "format=MXFP4_E2M1".
std::string repro_word(ReproStyle style, const std::string& name, const std::string& word);

/// `text` as one word of a shell command.
std::string shell_word(const std::string& text);

}  // namespace mxemu::conformance
