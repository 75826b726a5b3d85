// Requests by chance.
#pragma once

#include <cstddef>
#include <iterator>
#include <random>
#include <vector>

#include "spec/request.hpp"

namespace mxemu::fast_tests {

using Random = std::mt19937_64;

/// Uniform over 0 … count - 1.
inline std::size_t below(Random& random, std::size_t count) {
  return static_cast<std::size_t>(random() % count);
}
inline bool one_in(Random& random, std::size_t count) {
  return below(random, count) == 0;
}

/// Any word of an enumeration.
template <class Enum>
Enum any_word(Random& random) {
  return static_cast<Enum>(below(random, std::size(spec::words<Enum>)));
}

inline spec::BlockType any_format(Random& random) {
  return static_cast<spec::BlockType>(below(random, std::size(spec::block_formats)));
}

/// What the vector tiers have kernels for: blocks of 32, roundTiesToEven, the `ocp` policy, any rule.
std::vector<spec::Request> common_requests();

/// A common request, its decoding under any policy.
spec::Request common_request(Random& random);

/// Any block size, rule, rounding and policy but the refusal of tails.
spec::Request arbitrary_request(Random& random);

}  // namespace mxemu::fast_tests
