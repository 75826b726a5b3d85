// What the interface says when an argument is not what it must be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include "fast/grid.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::fast {

inline void require_count(const char* what, std::size_t got, std::size_t expected) {
  if (got != expected)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " where " +
                                std::to_string(expected) + " are needed");
}

inline void require_floats(const char* what, spec::FloatType type, std::size_t bytes, std::size_t count) {
  require_count(what, bytes, count * static_cast<std::size_t>(spec::format_of(type).bytes()));
}

inline void require_grid(const spec::Request& request, const BlockGrid& grid) {
  require_count("block size of the grid", grid.block_size, static_cast<std::size_t>(request.block_size));
}

inline void require_random(const spec::Request& request, std::span<const std::uint32_t> random_words,
                           std::size_t count) {
  if (request.rounding.mode != spec::RoundingMode::Stochastic) return;
  const int bits = request.rounding.random_bits;
  if (bits < 1 || bits > 32)
    throw std::invalid_argument("stochastic rounding takes 1 to 32 random bits, not " + std::to_string(bits));
  if (!random_words.empty()) require_count("random words", random_words.size(), count);
}

}  // namespace mxemu::fast
