// The fast library's dot products as a subject answers them.
#pragma once

#include <memory>

#include "conformance/dot/dot_cases.hpp"
#include "conformance/subject.hpp"
#include "spec/accumulator.hpp"

namespace mxemu::conformance {

/// The answers of the fast library, each a product of one row by one column, under `row`.
DotAnswers fast_dot_answers(const spec::Accumulator& row, const DotCases& cases);

/// The fast library's dot products under `row` alone, as a subject "fast:NAME" that declares pairs_of(row).
std::unique_ptr<Subject> make_fast_dot_subject(const spec::Accumulator& row);

}  // namespace mxemu::conformance
