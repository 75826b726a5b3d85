// The words of CUDA C++ that kernels here use and that are no functions of meeting: qualifiers, vector types,
// arithmetic with a stated rounding. Built with -ffp-contract=off, so that `*` and `+` round by themselves.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#define __global__
#define __device__
#define __launch_bounds__(...)

struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

inline uint2 make_uint2(unsigned x, unsigned y) {
  return {x, y};
}
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) {
  return {x, y, z, w};
}

inline float __uint_as_float(unsigned bits) {
  return std::bit_cast<float>(bits);
}
inline unsigned __float_as_uint(float value) {
  return std::bit_cast<unsigned>(value);
}
inline float __fmul_rn(float a, float b) {
  return a * b;
}
inline float __fadd_rn(float a, float b) {
  return a + b;
}
inline float __fmaf_rn(float a, float b, float c) {
  return std::fma(a, b, c);
}
template <class T>
T __ldg(const T* address) {
  return *address;
}
inline unsigned __vminu2(unsigned a, unsigned b) {
  const unsigned low = (a & 0xffff) < (b & 0xffff) ? a & 0xffff : b & 0xffff;
  const unsigned high = a >> 16 < b >> 16 ? a >> 16 : b >> 16;
  return high << 16 | low;
}
inline unsigned __vmaxu2(unsigned a, unsigned b) {
  const unsigned low = (a & 0xffff) > (b & 0xffff) ? a & 0xffff : b & 0xffff;
  const unsigned high = a >> 16 > b >> 16 ? a >> 16 : b >> 16;
  return high << 16 | low;
}
/// The upper word of high:low shifted left by `by` < 32.
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned by) {
  return static_cast<unsigned>((std::uint64_t{high} << 32 | low) << (by & 31) >> 32);
}
/// Byte i of the result is the byte of b:a that digit i of the selector names: its low three bits the byte,
/// its fourth whether the byte's sign is wanted instead.
inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
  const std::uint64_t bytes = std::uint64_t{b} << 32 | a;
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned digit = selector >> 4 * i & 0xf;
    const auto byte = static_cast<unsigned>(bytes >> 8 * (digit & 7) & 0xff);
    const unsigned wanted = (digit & 8) == 0 ? byte : (byte & 0x80) != 0 ? 0xffu : 0u;
    result |= wanted << 8 * i;
  }
  return result;
}
