// From numbers to cases: how the cases of each operation are filled.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conformance/checks/check.hpp"

namespace mxemu::conformance {

/// No cases yet, of `elements` elements each (0: the block size).
Cases empty_cases(const Target& target, std::size_t elements = 0);

/// One case of exactly these numbers; `scale` matters to operations that take one.
void add_case(Cases& cases, std::span<const std::uint64_t> numbers, int scale);

/// Cases that hold all these numbers under one scale, in this order. Where the device chooses the scale, each
/// block also gets a number that makes it choose this one, in a lane that moves from block to block, and
/// numbers that would make it choose another are left out. The last case is filled up with zeros.
void add_numbers_under(Cases& cases, const Target& target, int scale,
                       const std::vector<std::uint64_t>& numbers);

/// One case: `marked` in lane `lane` (modulo the number of elements), `rest()` in the others.
template <class Rest>
void add_marked(Cases& cases, std::uint64_t marked, std::size_t lane, int scale, const Rest& rest) {
  std::vector<std::uint64_t> block(cases.elements);
  for (std::uint64_t& number : block) number = rest();
  block[lane % block.size()] = marked;
  add_case(cases, block, scale);
}

}  // namespace mxemu::conformance
