// Random block pairs of every format pair: the reference against 128-bit fixed point.
#pragma once

namespace mxemu::dot_test {

/// Checks so many pairs of each of the 36 pairs of element types, and prints how many there were.
void check_random_pairs(int pairs_of_each);

}  // namespace mxemu::dot_test
