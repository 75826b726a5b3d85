/* A float32 to MXFP4 converter in integer arithmetic: what device.c and plugin.c put before the suite. Yours goes here. */
#ifndef MXFP4_H
#define MXFP4_H

#include <stddef.h>
#include <stdint.h>

/* MX 6.3: the largest power of two not above the largest magnitude, over 4. NaN and Inf make the scale NaN. */
static inline uint8_t mxfp4_scale(const uint32_t *numbers, size_t count) {
  uint32_t amax = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t magnitude = numbers[i] & 0x7fffffffu;
    if (magnitude > amax) amax = magnitude;
  }
  const uint32_t biased_exponent = amax >> 23;
  if (biased_exponent == 255) return 0xff;
  return (uint8_t)(biased_exponent > 2 ? biased_exponent - 2 : 0);
}

/* A finite number over 2^(scale - 127) to the nearest code, ties to the even one, saturating. */
static inline uint8_t mxfp4_encode(uint32_t number, uint8_t scale) {
  /* Midpoints between one code and the next, in quarters: 0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5. */
  static const uint64_t midpoints[7] = {1, 3, 5, 7, 10, 14, 20};
  const uint8_t sign = (uint8_t)(number >> 31 << 3);
  if (scale == 0xff) return 0;
  const int biased_exponent = (int)(number >> 23 & 0xff);
  const uint64_t significand = (number & 0x7fffffu) | (biased_exponent != 0 ? 0x800000u : 0);
  /* The scaled number in quarters is significand * 2^shift. */
  int shift = (biased_exponent != 0 ? biased_exponent : 1) - 150 - (scale - 127) + 2;
  if (shift > 32) shift = 32;    /* beyond every midpoint, or zero */
  if (shift < -32) shift = -32;  /* below every midpoint */
  const uint64_t quarters = shift > 0 ? significand << shift : significand;
  uint8_t code = 0;
  for (uint8_t i = 0; i < 7; ++i) {
    const uint64_t midpoint = shift < 0 ? midpoints[i] << -shift : midpoints[i];
    if (quarters > midpoint || (quarters == midpoint && i % 2 == 1)) code = (uint8_t)(i + 1);
  }
  return sign | code;
}

/* MX 5.1: the code's number times 2^(scale - 127); exact, or Inf beyond the largest float32. */
static inline uint32_t mxfp4_decode(uint8_t code, uint8_t scale) {
  static const uint8_t halves[8] = {0, 1, 2, 3, 4, 6, 8, 12};
  const uint32_t sign = (uint32_t)(code & 8) << 28;
  const uint32_t value = halves[code & 7];
  if (scale == 0xff) return 0x7fc00000u;
  if (value == 0) return sign;
  const int top_bit = (value >= 2) + (value >= 4) + (value >= 8);
  const int exponent = scale - 128 + top_bit;
  const uint32_t significand = value << (23 - top_bit);
  if (exponent > 127) return sign | 0x7f800000u;
  if (exponent < -126) return sign | significand >> (-126 - exponent);
  return sign | (uint32_t)(exponent + 127) << 23 | (significand & 0x7fffffu);
}

#endif
