// The caller's floating-point environment neither reaches a kernel nor changes.
#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#else
#include <cfenv>
#endif

#include "fast/host_device.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// roundTiesToEven, and where there is an MXCSR denormals are zero in and out and no traps, for as long as it
/// lives. The empty statements keep loads and stores, and what hangs on them, inside.
class ControlWord {
 public:
  ControlWord(const ControlWord&) = delete;
  ControlWord& operator=(const ControlWord&) = delete;

#if defined(__SSE2__)
  MXEMU_HOST ControlWord() : callers_(_mm_getcsr()) {
    constexpr unsigned flush_and_masked = 0x8000 | 0x0040 | 0x1f80;
    _mm_setcsr(flush_and_masked);
    __asm__ volatile("" ::: "memory");
  }
  MXEMU_HOST ~ControlWord() {
    __asm__ volatile("" ::: "memory");
    _mm_setcsr(callers_);
  }

 private:
  unsigned callers_;
#else
  ControlWord() : callers_(std::fegetround()) {
    std::fesetround(FE_TONEAREST);
    __asm__ volatile("" ::: "memory");
  }
  ~ControlWord() {
    __asm__ volatile("" ::: "memory");
    std::fesetround(callers_);
  }

 private:
  int callers_;
#endif
};

}  // namespace mxemu::fast::MXEMU_TIER
