// What AddressSanitizer wants to know of fibers: which stack is run on next. Nothing in other builds.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define MXEMU_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MXEMU_ASAN 1
#endif
#endif
#if defined(MXEMU_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif

namespace mxemu::on_host {

/// The memory of a stack: its lowest address.
struct StackMemory {
  const void* bottom = nullptr;
  std::size_t bytes = 0;
};

#if defined(MXEMU_ASAN)

/// Lives on the stack that is left, from before the switch until after the return to it.
class LeavingStack {
 public:
  explicit LeavingStack(const StackMemory& next) {
    __sanitizer_start_switch_fiber(&kept_, next.bottom, next.bytes);
  }
  ~LeavingStack() { __sanitizer_finish_switch_fiber(kept_, nullptr, nullptr); }
  LeavingStack(const LeavingStack&) = delete;
  LeavingStack& operator=(const LeavingStack&) = delete;

 private:
  void* kept_ = nullptr;
};

/// The first thing on a new stack. Returns the stack that it was entered from.
inline StackMemory enter_new_stack() {
  StackMemory from;
  __sanitizer_finish_switch_fiber(nullptr, &from.bottom, &from.bytes);
  return from;
}
/// The last thing on a stack.
inline void leave_stack_for_good(const StackMemory& next) {
  __sanitizer_start_switch_fiber(nullptr, next.bottom, next.bytes);
}

#else

struct LeavingStack {
  explicit LeavingStack(const StackMemory&) {}
  ~LeavingStack() {}
};
inline StackMemory enter_new_stack() {
  return {};
}
inline void leave_stack_for_good(const StackMemory&) {}

#endif

}  // namespace mxemu::on_host
