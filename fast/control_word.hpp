// The caller's floating-point environment neither reaches a kernel nor changes.
#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#else
#include <cfenv>
#endif

#include "fast/host_device.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// What a kernel wants of subnormal float32 and float64 operands and results, where there is an MXCSR.
enum class Subnormals { AreZero, Kept };

/// roundTiesToEven without traps for as long as it lives. The empty statements keep loads and stores, and
/// what hangs on them, inside.
class ControlWord {
 public:
  ControlWord(const ControlWord&) = delete;
  ControlWord& operator=(const ControlWord&) = delete;

#if defined(__SSE2__)
  MXEMU_HOST explicit ControlWord(Subnormals subnormals = Subnormals::AreZero) : callers_(_mm_getcsr()) {
    constexpr unsigned masked = 0x1f80;
    constexpr unsigned flush = 0x8000 | 0x0040;
    _mm_setcsr(subnormals == Subnormals::AreZero ? flush | masked : masked);
    __asm__ volatile("" ::: "memory");
  }
  MXEMU_HOST ~ControlWord() {
    __asm__ volatile("" ::: "memory");
    _mm_setcsr(callers_);
  }

 private:
  unsigned callers_;
#else
  explicit ControlWord(Subnormals = Subnormals::AreZero) {
    std::fegetenv(&callers_);
    std::fesetenv(FE_DFL_ENV);  // keeps subnormals, which every kernel here can bear
    __asm__ volatile("" ::: "memory");
  }
  ~ControlWord() {
    __asm__ volatile("" ::: "memory");
    std::fesetenv(&callers_);
  }

 private:
  std::fenv_t callers_;
#endif
};

}  // namespace mxemu::fast::MXEMU_TIER
