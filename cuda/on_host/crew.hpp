// The threads of a block as fibers, kept from launch to launch.
#pragma once

#include <boost/context/fiber.hpp>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>

#include "cuda/on_host/collectives.hpp"
#include "cuda/on_host/sanitizer.hpp"

namespace mxemu::on_host {

/// A thread of the block, and what it brings to a meeting.
struct Member {
  enum class State { Ready, Waiting, Done };

  State state = State::Done;
  bool inside = false;  ///< its body has begun and not ended
  Meeting meeting = {};
  std::uint32_t mask = 0;
  std::uint64_t value = 0;
  unsigned source = 0;
  std::uint64_t result = 0;
  boost::context::fiber fiber = {};
  StackMemory stack = {};
};

class Crew {
 public:
  Crew() = default;
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Makes `count` members ready to run `body` once, each as soon as it is resumed.
  void muster(std::size_t count, const std::function<void()>& body);

  std::size_t count() const { return count_; }
  Member& member(std::size_t index) { return members_[index]; }

  /// Runs a member that is ready until it waits or is done. Throws what its body throws, all others having
  /// been sent home.
  void resume(std::size_t index);

  /// Called by the running member: waits for `meeting`, and returns its result.
  std::uint64_t wait(Meeting meeting, std::uint32_t mask, std::uint64_t value, unsigned source);
  std::size_t running() const { return running_; }

  /// Ends the bodies that have begun.
  void disband();

 private:
  struct SentHome {};

  boost::context::fiber enlist(std::size_t index);
  void serve(std::size_t index);
  void suspend();
  void switch_to(std::size_t index);

  std::deque<Member> members_ = {};
  std::size_t count_ = 0;
  const std::function<void()>* body_ = nullptr;
  boost::context::fiber scheduler_ = {};
  StackMemory scheduler_stack_ = {};
  std::size_t running_ = 0;
  std::exception_ptr failure_ = {};
  bool sent_home_ = false;
  bool dismissed_ = false;
};

}  // namespace mxemu::on_host
