#include "tools/sweep/block_batch.hpp"

#include <cstring>

namespace mxemu::sweep {

void BlockBatch::fill(std::uint32_t first_bits, std::size_t count, std::size_t place) {
  place_ = place;
  std::uint32_t offsets[block_size];
  for (std::uint32_t i = 0; i < block_size; ++i) offsets[i] = i - (i > place ? 1 : 0);
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const std::uint32_t start = first_bits + block * static_cast<std::uint32_t>(inputs_per_block);
    for (std::size_t i = 0; i < block_size; ++i) numbers_[block * block_size + i] = start + offsets[i];
  }
  for (std::size_t i = count; i < inputs; ++i)
    numbers_[i / inputs_per_block * block_size + position(i % inputs_per_block)] = 0;
}

void BlockBatch::quantize(const spec::Request& request, fast::Isa isa, std::uint32_t anchor) {
  for (std::size_t block = 0; block < blocks; ++block) numbers_[block * block_size + place_] = anchor;
  const fast::BlockGrid grid = {.length = std::size(numbers_), .block_size = block_size};
  fast::quantize_tensor(request, grid, {spec::FloatType::Float32, std::as_bytes(std::span(numbers_))}, codes_,
                        scales_, spec::ElementPacking::Bytes, {}, {.isa = isa, .threads = 1});
}

bool BlockBatch::is(std::uint8_t scale, std::uint8_t code, std::uint8_t anchor_code) const {
  std::uint8_t first_block[block_size];
  std::memset(first_block, code, block_size);
  first_block[place_] = anchor_code;
  // Every block is the first one when each is the one before it: memcmp is the fastest comparison there is.
  return std::memcmp(codes_, first_block, block_size) == 0 &&
         std::memcmp(codes_, codes_ + block_size, sizeof codes_ - block_size) == 0 && scales_[0] == scale &&
         std::memcmp(scales_, scales_ + 1, sizeof scales_ - 1) == 0;
}

void BlockBatch::take_codes(std::span<std::uint8_t> codes) const {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = codes_[i / inputs_per_block * block_size + position(i % inputs_per_block)];
  }
}

}  // namespace mxemu::sweep
