// What memory allows: copies that read and write as much as a conversion does, and compute next to nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mxemu::bench {

/// Reads `count` 4-byte words and writes one byte for each, over `threads` threads. With `stream`, writes go
/// past the caches and reads are prefetched, as a conversion of data larger than the caches does it. The
/// floor of quantising.
void read_4_write_1(const std::uint32_t* source, std::uint8_t* destination, std::size_t count, int threads,
                    bool stream);

/// Reads `count` bytes and writes a 4-byte word for each. The floor of dequantising to float32.
void read_1_write_4(const std::uint8_t* source, std::uint32_t* destination, std::size_t count, int threads,
                    bool stream);

}  // namespace mxemu::bench
