// Cases read one by one: their exact values, and parts of a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conformance/cases.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {

/// The number at `index` of the batch, as the policy takes it: subnormals may count as zero.
reference::Value number_at(const Cases& cases, std::size_t index);

/// The numbers of one case.
std::vector<reference::Value> numbers_of(const Cases& cases, std::size_t case_index);

/// The scale byte under which the elements of a case stand: the one given, the one chosen, or that of 1.
std::uint8_t scale_of(const Cases& cases, const Answers& answers, std::size_t case_index);

/// Cases first to first + count - 1 as a batch of their own, and their answers.
Cases part_of(const Cases& cases, std::size_t first, std::size_t count);
Answers part_of(const Answers& answers, const Cases& cases, std::size_t first, std::size_t count);

/// Appends cases, or answers, of the same operation and size.
void append(Cases& cases, const Cases& more);
void append(Answers& answers, const Answers& more);

}  // namespace mxemu::conformance
