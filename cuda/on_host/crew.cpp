#include "cuda/on_host/crew.hpp"

#include <boost/context/fixedsize_stack.hpp>
#include <utility>

namespace mxemu::on_host {
namespace {

/// A stack whose place is known to the sanitizer.
class KnownStack {
 public:
  explicit KnownStack(StackMemory& memory) : memory_(&memory) {}
  boost::context::stack_context allocate() {
    const boost::context::stack_context stack = allocator_.allocate();
    *memory_ = {static_cast<const char*>(stack.sp) - stack.size, stack.size};
    return stack;
  }
  void deallocate(boost::context::stack_context& stack) { allocator_.deallocate(stack); }

 private:
  static constexpr std::size_t bytes = 64 * 1024;
  boost::context::fixedsize_stack allocator_{bytes};
  StackMemory* memory_;
};

}  // namespace

Crew::~Crew() {
  dismissed_ = true;
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (members_[i].fiber) switch_to(i);
}

void Crew::muster(std::size_t count, const std::function<void()>& body) {
  body_ = &body;
  count_ = count;
  while (members_.size() < count) {
    members_.emplace_back();
    members_.back().fiber = enlist(members_.size() - 1);
  }
  for (std::size_t i = 0; i < count; ++i) members_[i].state = Member::State::Ready;
}

boost::context::fiber Crew::enlist(std::size_t index) {
  return boost::context::fiber(std::allocator_arg, KnownStack(members_[index].stack),
                               [this, index](boost::context::fiber&& from) {
                                 scheduler_stack_ = enter_new_stack();
                                 scheduler_ = std::move(from);
                                 while (!dismissed_) {
                                   serve(index);
                                   suspend();
                                 }
                                 leave_stack_for_good(scheduler_stack_);
                                 return std::move(scheduler_);
                               });
}

void Crew::serve(std::size_t index) {
  members_[index].inside = true;
  try {
    (*body_)();
  } catch (const SentHome&) {
    // The launch has failed elsewhere.
  } catch (...) {
    failure_ = std::current_exception();
  }
  members_[index].inside = false;
  members_[index].state = Member::State::Done;
}

void Crew::suspend() {
  const LeavingStack leaving(scheduler_stack_);
  scheduler_ = std::move(scheduler_).resume();
}

void Crew::switch_to(std::size_t index) {
  running_ = index;
  Member& member = members_[index];
  const LeavingStack leaving(member.stack);
  member.fiber = std::move(member.fiber).resume();
}

void Crew::resume(std::size_t index) {
  switch_to(index);
  if (!failure_) return;
  const std::exception_ptr failure = std::exchange(failure_, nullptr);
  disband();
  std::rethrow_exception(failure);
}

void Crew::disband() {
  sent_home_ = true;
  for (std::size_t i = 0; i < count_; ++i)
    if (members_[i].inside) switch_to(i);
  sent_home_ = false;
  failure_ = nullptr;
}

std::uint64_t Crew::wait(Meeting meeting, std::uint32_t mask, std::uint64_t value, unsigned source) {
  Member& self = members_[running_];
  self.meeting = meeting;
  self.mask = mask;
  self.value = value;
  self.source = source;
  self.state = Member::State::Waiting;
  suspend();
  if (sent_home_) throw SentHome{};
  return self.result;
}

}  // namespace mxemu::on_host
