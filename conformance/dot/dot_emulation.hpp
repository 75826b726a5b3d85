// The reference's answers to dot products, under any accumulator and under any order of additions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "conformance/dot/dot_cases.hpp"
#include "conformance/subject.hpp"
#include "reference/dot_step.hpp"
#include "reference/enclosure.hpp"
#include "reference/operand.hpp"
#include "reference/value.hpp"
#include "spec/accumulator.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::conformance {

/// What the reference is asked for a pair under an accumulator: whole steps and whole blocks, padded with 0.
spec::DotRequest dot_request(const DotCapability& pair, const spec::Accumulator& row, int block_size = 32);

/// Whether the accumulator is one for this pair: it takes and gives these types, and scales if there are any.
bool accepts(const spec::Accumulator& row, const DotCapability& pair, int block_size = 32);

/// "block_exact, exact, ...": every name.
std::string accumulator_names();

/// The rows of spec/accumulator.hpp that accept the pair, in their order.
std::vector<const spec::Accumulator*> accumulators_for(const DotCapability& pair, int block_size = 32);

/// The result of one case, of all, and how one came about. Requires accepts().
std::uint32_t dot_under(const spec::Accumulator& row, const DotCases& cases, std::size_t index);
std::vector<std::uint32_t> dots_under(const spec::Accumulator& row, const DotCases& cases);
reference::DotExplanation explain_under(const spec::Accumulator& row, const DotCases& cases,
                                        std::size_t index);

/// Both operands of one case, without padding.
struct DecodedDot {
  reference::Line a, b;
};
DecodedDot decoded(const DotCases& cases, std::size_t index);

/// The exact terms of one case, c the last of them, all of MX 5.1 and 6.1 applied.
std::vector<reference::Value> dot_terms(const DotCases& cases, std::size_t index);

/// The exact sum of the terms.
reference::Value exact_result(const DotCases& cases, std::size_t index);

/// Where every order of float32 additions ends.
struct DotEnclosure {
  reference::Enclosure sums;
  spec::FloatType output;

  /// Whether a result of the output type is one of them, rounded to that type.
  bool contains(std::uint32_t result) const;
};
DotEnclosure enclose(const DotCases& cases, std::size_t index);

bool is_nan(spec::FloatType type, std::uint32_t bits);

/// The same number: equal, or both NaN.
bool is_same_result(spec::FloatType type, std::uint32_t x, std::uint32_t y);

/// Whether `got` will do where the row gives `expected`: the same bits, or any NaN for a NaN where the row
/// does not state its code.
bool is_result_of(const spec::Accumulator& row, spec::FloatType type, std::uint32_t got,
                  std::uint32_t expected);

/// The pairs of operands that `row` accepts and units have, claimed to be summed by it.
std::vector<DotCapability> pairs_of(const spec::Accumulator& row);

/// The reference's dot products alone, as a subject that declares pairs_of(row).
std::unique_ptr<Subject> make_dot_subject(const spec::Accumulator& row);

/// What the subject `reference` declares of dot products, and answers: block_exact where both operands have
/// scales and the result is f32, else exact.
std::vector<DotCapability> reference_dot_capabilities();
DotAnswers reference_dot_answers(const DotCases& cases);

}  // namespace mxemu::conformance
