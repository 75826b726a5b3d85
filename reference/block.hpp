// Blocks: k elements that share one scale (MX 5.1, 6.3).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/value.hpp"
#include "spec/request.hpp"

namespace mxemu::reference {

struct Block {
  std::uint8_t scale = 0;
  std::vector<std::uint8_t> codes;

  bool operator==(const Block&) const = default;
};

/// What the values of a block say about its scale.
struct BlockMaximum {
  bool poisoned = false;  ///< a NaN or Inf makes the scale NaN
  bool infinite = false;  ///< an Inf or NaN stands for an infinite amax
  Exact magnitude = {};   ///< largest finite magnitude that counts
};

/// MX 6.3: amax over the values, with the policy's word on NaN and Inf.
BlockMaximum block_maximum(const spec::Policy& policy, std::span<const Value> values);

/// MX 6.3: the scale, then every value divided by it and rounded. `random_words` has one word per value for
/// stochastic rounding and may be empty otherwise. Any number of values from 1 up.
Block quantize_block(const spec::Request& request, std::span<const Value> values,
                     std::span<const std::uint32_t> random_words = {});

/// MX 5.1: the bits of X * P for one element: NaN when X is NaN, P itself when P is Inf or NaN, else the
/// exact product rounded once to `output`.
std::uint64_t dequantize_element(const spec::Request& request, std::uint8_t scale, std::uint8_t code,
                                 const spec::FloatFormat& output);

/// MX 5.1: the values of a block as bits of `output`.
std::vector<std::uint64_t> dequantize_block(const spec::Request& request, const Block& block,
                                            const spec::FloatFormat& output);

}  // namespace mxemu::reference
