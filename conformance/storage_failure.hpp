// A byte of a tensor in memory that differs, in words: what it should hold and what it holds.
#pragma once

#include "conformance/comparison.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

Failure explain_storage_failure(const Cases& cases, const Answers& expected, const Answers& got,
                                const Mismatch& at, std::uint64_t case_number);

}  // namespace mxemu::conformance
