#include "tools/io/unfinished_outputs.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>

#include "tools/io/output_file.hpp"

namespace mxemu::io {
namespace {

enum class State : int { Free, Filling, Live };

struct Slot {
  std::atomic<State> state{State::Free};
  std::array<char, 4096> path{};
};
static_assert(std::atomic<State>::is_always_lock_free, "a signal handler may touch only lock-free atomics");

// Static storage: a handler can neither allocate nor take a lock.
std::array<Slot, 32> slots;

}  // namespace

int remember_unfinished(std::string_view path) noexcept {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Slot& slot = slots[i];
    if (path.size() >= slot.path.size()) return -1;
    State expected = State::Free;
    if (!slot.state.compare_exchange_strong(expected, State::Filling)) continue;
    std::memcpy(slot.path.data(), path.data(), path.size());
    slot.path[path.size()] = '\0';
    slot.state.store(State::Live);
    return static_cast<int>(i);
  }
  return -1;
}

void forget_unfinished(int slot) noexcept {
  if (slot >= 0) slots[static_cast<std::size_t>(slot)].state.store(State::Free);
}

void remove_unfinished_outputs() noexcept {
  for (Slot& slot : slots)
    if (slot.state.load() == State::Live) ::unlink(slot.path.data());
}

}  // namespace mxemu::io
