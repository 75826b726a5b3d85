// The inputs of golden vectors: boundaries of every code, every scale byte, special blocks, tails, and seeded
// random ones. The same arguments give the same cases on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance::vectors {

enum class Level : std::uint8_t { Small, Full };

/// What a set of cases is made from.
struct Recipe {
  Operation operation = Operation::Quantize;
  spec::Request request = {};
  spec::FloatType type = spec::FloatType::Float32;
  Level level = Level::Small;
  std::uint64_t seed = 1;
  std::size_t random_cases = 0;  ///< random blocks after all others
};

/// Random blocks of a level, where the user names no number.
std::size_t random_cases_of(Level level);

/// Cases of one shape, and what there is to say about each; "" where there is nothing.
struct Batch {
  Cases cases;
  std::vector<std::string> notes;
};

using TakeBatch = std::function<void(const Batch&)>;

/// Hands over every case of a recipe, batch after batch, in a fixed order.
void for_each_batch(const Recipe& recipe, const TakeBatch& take);

}  // namespace mxemu::conformance::vectors

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::vectors::Level>
    mxemu::spec::words<mxemu::conformance::vectors::Level>[] = {
        {mxemu::conformance::vectors::Level::Small, "small",
         "code boundaries under some scales; every code and every scale byte"},
        {mxemu::conformance::vectors::Level::Full, "full",
         "code boundaries and largest magnitudes under every scale, many random blocks"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::vectors::Level>());
