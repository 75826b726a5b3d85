#include "reference/random.hpp"

namespace mxemu::reference {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  const auto high = [](std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32); };
  const auto low = [](std::uint64_t product) { return static_cast<std::uint32_t>(product); };
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product2 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {high(product2) ^ counter[1] ^ key[0], low(product2), high(product0) ^ counter[3] ^ key[1],
               low(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

std::uint32_t random_word(std::uint64_t seed, std::uint64_t index) {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const std::uint64_t block = index / 4;
  return philox4x32({low(block), low(block >> 32), 0, 0}, {low(seed), low(seed >> 32)})[index % 4];
}

}  // namespace mxemu::reference
