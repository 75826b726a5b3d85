// Eight codes on their way to memory and back: one per byte, or a bit stream.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/access.hpp"
#include "cuda/encode.hpp"
#include "fast/pack.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Where a thread's eight neighbours stand: the tensor's elements first … first + count - 1. The threads of
/// lanes 4n … 4n + 3 hold what follows each other, `quarter` counts them.
struct EightPlace {
  std::size_t first;
  unsigned count;
  unsigned quarter;
};

/// Four codes of six bits, one per byte, to 24 bits.
inline __device__ std::uint32_t pack_four_sixes(std::uint32_t codes) {
  const std::uint32_t pairs = (codes & 0x003f003f) | (codes >> 2 & 0x0fc00fc0);
  return (pairs & 0xfff) | (pairs >> 4 & 0xfff000);
}

/// Bits of a stream, least significant first.
template <int Bits>
__device__ std::uint64_t pack_codes(const CodeBytes& codes) {
  if constexpr (Bits == 4)
    return __byte_perm(codes.low | codes.low >> 4, codes.high | codes.high >> 4, 0x6420);
  return pack_four_sixes(codes.low) | std::uint64_t{pack_four_sixes(codes.high)} << 24;
}

inline __device__ void store_bytes(std::uint8_t* to, std::uint64_t bytes, std::size_t count) {
  MXEMU_KEEP_ROLLED
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>(bytes >> 8 * i);
}

/// Stores the codes of eight neighbours; every lane of a warp comes here. `aligned`: a line of 32 elements
/// begins at a multiple of 8 bytes (FP4: of 4) whenever it is whole. A whole block of FP6 is 24 bytes: its
/// threads close up, and three of them store eight bytes each.
template <int Bits, bool Packed>
__device__ void store_codes(const EightPlace& at, const CodeBytes& codes, std::uint8_t* to, bool aligned) {
  const bool whole = at.count == 8 && aligned;
  if constexpr (!Packed) {
    std::uint8_t* place = to + at.first;
    if (whole) return store_wide(place, make_uint2(codes.low, codes.high));
    store_bytes(place, std::uint64_t{codes.high} << 32 | codes.low, at.count);
  } else {
    const std::uint64_t packed = pack_codes<Bits>(codes);
    std::uint8_t* place = to + fast::stream_bytes(Bits, at.first);
    const std::size_t stored = fast::stream_bytes(Bits, at.count);
    if constexpr (Bits == 4) {
      if (whole) return store_wide(place, static_cast<std::uint32_t>(packed));
    } else {
      const auto next = static_cast<std::uint64_t>(
          __shfl_down_sync(0xffffffffu, static_cast<unsigned long long>(packed), 1, eights_of_block));
      if (__all_sync(0xffffffffu, whole) != 0) {
        const std::uint64_t joined = packed >> 16 * at.quarter | next << (48 - 16 * at.quarter);
        if (at.quarter != 3)
          store_wide(place + 2 * at.quarter,
                     make_uint2(static_cast<unsigned>(joined), static_cast<unsigned>(joined >> 32)));
        return;
      }
    }
    store_bytes(place, packed, stored);
  }
}

/// Reads eight codes as they stand: bits of a stream, or one per byte, from the low end of low:high.
template <int Bits, bool Packed>
__device__ CodeBytes load_codes(const EightPlace& at, const std::uint8_t* codes, bool aligned) {
  constexpr int width = Packed ? Bits : 8;
  const std::uint8_t* from = codes + fast::stream_bytes(width, at.first);
  if (at.count == 8 && aligned) {
    if constexpr (width == 4) {
      return {load_wide<unsigned>(from), 0};
    } else if constexpr (width == 6) {
      const std::uint32_t low = load_wide<unsigned short>(from);
      return {low | std::uint32_t{load_wide<unsigned short>(from + 2)} << 16,
              load_wide<unsigned short>(from + 4)};
    } else {
      const uint2 bytes = load_wide<uint2>(from);
      return {bytes.x, bytes.y};
    }
  }
  std::uint64_t bytes = 0;
  const std::size_t stored = fast::stream_bytes(width, at.count);
  MXEMU_KEEP_ROLLED
  for (std::size_t i = 0; i < stored; ++i) bytes |= std::uint64_t{from[i]} << 8 * i;
  return {static_cast<std::uint32_t>(bytes), static_cast<std::uint32_t>(bytes >> 32)};
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
