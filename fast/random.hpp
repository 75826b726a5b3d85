// Random words for stochastic rounding: Philox4x32-10 (Salmon et al., SC 2011), counted by element index.
#pragma once

#include <cstdint>

#include "fast/host_device.hpp"

namespace mxemu::fast {

struct PhiloxBlock {
  std::uint32_t word[4];
};

/// Words 4 * block … 4 * block + 3 of the sequence of `seed`.
MXEMU_HOST_DEVICE constexpr PhiloxBlock philox_block(std::uint64_t seed, std::uint64_t block) noexcept {
  auto c0 = static_cast<std::uint32_t>(block);
  auto c1 = static_cast<std::uint32_t>(block >> 32);
  std::uint32_t c2 = 0;
  std::uint32_t c3 = 0;
  auto k0 = static_cast<std::uint32_t>(seed);
  auto k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c0;
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c2;
    c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
    c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c1 = static_cast<std::uint32_t>(p1);
    c3 = static_cast<std::uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

/// The word of element `index` under `seed`.
MXEMU_HOST_DEVICE constexpr std::uint32_t random_word(std::uint64_t seed, std::uint64_t index) noexcept {
  return philox_block(seed, index / 4).word[index % 4];
}

}  // namespace mxemu::fast
