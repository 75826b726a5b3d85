// The floating-point environments that a caller may bring along.
#pragma once

#include <array>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace mxemu::fast_tests {

/// MXCSR settings: the default; flush-to-zero and denormals-are-zero; toward zero; up; both kinds at once,
/// down; all exceptions trapping.
inline constexpr std::array<unsigned, 6> hostile_environments = {0x1f80, 0x9fc0, 0x7f80,
                                                                 0x5f80, 0xbfc0, 0x0000};

/// Sets one for as long as it lives. On machines without MXCSR it does nothing.
class FloatingEnvironment {
 public:
#if defined(__SSE__)
  explicit FloatingEnvironment(unsigned control_word) : callers_(_mm_getcsr()), own_(control_word) {
    _mm_setcsr(own_);
  }
  ~FloatingEnvironment() {
    _mm_setcsr(callers_);
  }
  bool unchanged() const {
    return _mm_getcsr() == own_;
  }

 private:
  unsigned callers_;
  unsigned own_;
#else
  explicit FloatingEnvironment(unsigned) {}
  bool unchanged() const {
    return true;
  }
#endif

 public:
  FloatingEnvironment(const FloatingEnvironment&) = delete;
  FloatingEnvironment& operator=(const FloatingEnvironment&) = delete;
};

}  // namespace mxemu::fast_tests
