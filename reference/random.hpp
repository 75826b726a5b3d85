// Random words for stochastic rounding: Philox4x32-10 (Salmon et al., SC 2011), a counter-based generator.
#pragma once

#include <array>
#include <cstdint>

namespace mxemu::reference {

/// The ten-round Philox block function: four words from a four-word counter and a two-word key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// The word of element `index` under `seed`: word index mod 4 of the block whose counter is index / 4.
std::uint32_t random_word(std::uint64_t seed, std::uint64_t index);

}  // namespace mxemu::reference
