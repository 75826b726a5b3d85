#include "tools/bench/ceiling.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

namespace mxemu::bench {
namespace {

constexpr std::size_t grain = 4096;  // elements: a multiple of what one step of the loops below takes

template <class Copy>
void split(std::size_t count, int threads, const Copy& copy) {
#ifdef _OPENMP
  if (threads > 1) {
    const std::size_t share = (count / static_cast<std::size_t>(threads) + grain - 1) / grain * grain;
#pragma omp parallel num_threads(threads)
    {
      const std::size_t first = static_cast<std::size_t>(omp_get_thread_num()) * share;
      if (first < count) copy(first, count - first < share ? count - first : share);
    }
    return;
  }
#endif
  static_cast<void>(threads);
  copy(std::size_t{0}, count);
}

#if defined(__x86_64__)

#define MXEMU_AVX512 __attribute__((target("avx512f,avx512bw")))

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

MXEMU_AVX512 void narrow(const std::uint32_t* source, std::uint8_t* destination, std::size_t count,
                         bool stream) {
  constexpr std::size_t ahead = 2048;  // words: 8 KiB, the fastest of 1 to 16 KiB where it was tried
  for (std::size_t i = 0; i < count; i += 64) {
    const __m512i low =
        _mm512_packs_epi32(_mm512_loadu_si512(source + i), _mm512_loadu_si512(source + i + 16));
    const __m512i high =
        _mm512_packs_epi32(_mm512_loadu_si512(source + i + 32), _mm512_loadu_si512(source + i + 48));
    const __m512i bytes = _mm512_packus_epi16(low, high);
    if (!stream) {
      _mm512_storeu_si512(destination + i, bytes);
      continue;
    }
    for (std::size_t line = 0; line < 64; line += 16) __builtin_prefetch(source + i + ahead + line);
    _mm512_stream_si512(reinterpret_cast<__m512i*>(destination + i), bytes);
  }
  _mm_sfence();
}

MXEMU_AVX512 void widen(const std::uint8_t* source, std::uint32_t* destination, std::size_t count,
                        bool stream) {
  for (std::size_t i = 0; i < count; i += 64) {
    const __m512i bytes = _mm512_loadu_si512(source + i);
    for (std::size_t part = 0; part < 4; ++part) {
      const __m512i words = _mm512_xor_si512(bytes, _mm512_set1_epi32(static_cast<int>(part)));
      auto* to = reinterpret_cast<__m512i*>(destination + i + 16 * part);
      if (stream)
        _mm512_stream_si512(to, words);
      else
        _mm512_storeu_si512(to, words);
    }
  }
  _mm_sfence();
}

#else
bool has_avx512() {
  return false;
}
void narrow(const std::uint32_t*, std::uint8_t*, std::size_t, bool) {}
void widen(const std::uint8_t*, std::uint32_t*, std::size_t, bool) {}
#endif

}  // namespace

void read_4_write_1(const std::uint32_t* source, std::uint8_t* destination, std::size_t count, int threads,
                    bool stream) {
  split(count, threads, [&](std::size_t first, std::size_t many) {
    if (has_avx512()) return narrow(source + first, destination + first, many, stream);
    for (std::size_t i = first; i < first + many; ++i) destination[i] = static_cast<std::uint8_t>(source[i]);
  });
}

void read_1_write_4(const std::uint8_t* source, std::uint32_t* destination, std::size_t count, int threads,
                    bool stream) {
  split(count, threads, [&](std::size_t first, std::size_t many) {
    if (has_avx512()) return widen(source + first, destination + first, many, stream);
    for (std::size_t i = first; i < first + many; ++i) destination[i] = source[i];
  });
}

}  // namespace mxemu::bench
