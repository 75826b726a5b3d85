#include "cuda/on_host/launcher.hpp"

#include <string>
#include <vector>

#include "cuda/on_host/crew.hpp"

namespace mxemu::on_host {
namespace {

using State = Member::State;

/// The launch that runs on this thread.
struct Launch {
  const char* what;
  Crew* crew;  ///< null: the threads are independent
  std::vector<unsigned char> shared;
};
thread_local Launch* current = nullptr;

const char* name_of(Meeting meeting) {
  switch (meeting) {
    case Meeting::Shuffle: return "a shuffle";
    case Meeting::Ballot: return "a vote";
    case Meeting::Maximum: return "a reduction";
    case Meeting::Sync: return "__syncwarp";
    case Meeting::Barrier: return "__syncthreads";
  }
  return "";
}

[[noreturn]] void refuse(const std::string& text) {
  throw Fault(std::string(current->what) + ": " + text);
}

std::string place(std::size_t thread) {
  return "thread " + std::to_string(thread) + " of block " + std::to_string(blockIdx.x);
}

std::size_t warp_of(std::size_t thread) {
  return thread - thread % warp_threads;
}

/// False while a lane that `index` waits for has not come.
bool has_met(Crew& crew, std::size_t index) {
  const Member& self = crew.member(index);
  for (unsigned lane = 0; lane < warp_threads; ++lane) {
    if ((self.mask >> lane & 1) == 0) continue;
    const std::size_t other_index = warp_of(index) + lane;
    if (other_index >= crew.count())
      refuse(place(index) + " names lane " + std::to_string(lane) + ", which the block does not have");
    const Member& other = crew.member(other_index);
    if (other.state == State::Done)
      refuse(place(index) + " waits in " + name_of(self.meeting) + " for lane " + std::to_string(lane) +
             ", which has left the kernel");
    if (other.state != State::Waiting || other.meeting == Meeting::Barrier) return false;
    if (other.meeting != self.meeting || other.mask != self.mask)
      refuse(place(index) + " is in " + name_of(self.meeting) + ", and lane " + std::to_string(lane) +
             " in another function or under another mask");
  }
  return true;
}

/// Gives every lane that met its result and lets it go on.
void release(Crew& crew, std::size_t index) {
  const std::uint32_t mask = crew.member(index).mask;
  const auto lane_at = [&](unsigned lane) -> Member& { return crew.member(warp_of(index) + lane); };
  std::uint64_t ballot = 0;
  std::uint64_t maximum = 0;
  for (unsigned lane = 0; lane < warp_threads; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    const std::uint64_t value = lane_at(lane).value;
    if (value != 0) ballot |= std::uint64_t{1} << lane;
    maximum = value > maximum ? value : maximum;
  }
  for (unsigned lane = 0; lane < warp_threads; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    Member& member = lane_at(lane);
    const bool shuffles = member.meeting == Meeting::Shuffle;
    if (shuffles && (mask >> member.source & 1) == 0)
      refuse(place(warp_of(index) + lane) + ": a shuffle reads lane " + std::to_string(member.source) +
             ", which its mask does not name");
    member.result = shuffles                            ? lane_at(member.source).value
                    : member.meeting == Meeting::Ballot ? ballot
                                                        : maximum;
    member.state = State::Ready;
  }
}

/// Frees some who have met: lanes of a warp, or the whole block at its barrier. Throws where those who are
/// left wait in vain; false where nobody waits.
bool release_some(Crew& crew) {
  std::size_t waiting = crew.count();
  for (std::size_t i = 0; i < crew.count(); ++i) {
    const Member& member = crew.member(i);
    if (member.state != State::Waiting) continue;
    const bool at_barrier = member.meeting == Meeting::Barrier;
    if (!at_barrier && has_met(crew, i)) {
      release(crew, i);
      return true;
    }
    if (!at_barrier || waiting == crew.count()) waiting = i;
  }
  if (waiting == crew.count()) return false;
  const Meeting meeting = crew.member(waiting).meeting;
  if (meeting != Meeting::Barrier)
    refuse(place(waiting) + " waits in " + name_of(meeting) + " for lanes that never come");
  for (std::size_t i = 0; i < crew.count(); ++i)
    if (crew.member(i).state == State::Waiting) crew.member(i).state = State::Ready;
  return true;
}

/// Lets every thread that can run do so, in the order of the block.
void run_ready(Crew& crew) {
  for (std::size_t i = 0; i < crew.count(); ++i) {
    const std::size_t index = blockIdx.x % 2 == 0 ? i : crew.count() - 1 - i;
    if (crew.member(index).state != State::Ready) continue;
    threadIdx.x = static_cast<unsigned>(index);
    crew.resume(index);
  }
}

void run_cooperating(Launch& launch, std::size_t blocks, unsigned threads,
                     const std::function<void()>& body) {
  Crew& crew = *launch.crew;
  for (std::size_t block = 0; block < blocks; ++block) {
    blockIdx.x = static_cast<unsigned>(block);
    launch.shared.assign(shared_bytes, 0xcd);
    crew.muster(threads, body);
    try {
      do {
        run_ready(crew);
      } while (release_some(crew));
    } catch (const Fault&) {
      crew.disband();
      throw;
    }
  }
}

void run_independent(std::size_t blocks, unsigned threads, const std::function<void()>& body) {
  for (std::size_t block = 0; block < blocks; ++block) {
    blockIdx.x = static_cast<unsigned>(block);
    for (unsigned i = 0; i < threads; ++i) {
      threadIdx.x = block % 2 == 0 ? i : threads - 1 - i;
      body();
    }
  }
}

}  // namespace

std::uint64_t meet(Meeting meeting, std::uint32_t mask, std::uint64_t value, unsigned source) {
  if (current->crew == nullptr)
    refuse(std::string("threads meet in ") + name_of(meeting) + ", and were launched as independent");
  if (meeting != Meeting::Barrier && (mask >> lane() & 1) == 0)
    refuse(place(threadIdx.x) + " is in " + name_of(meeting) + " whose mask does not name it");
  // The scheduler moves on to others: their index is not this thread's.
  const Index self = threadIdx;
  const std::uint64_t result = current->crew->wait(meeting, mask, value, source);
  threadIdx = self;
  return result;
}

void* shared_memory_of_block(std::size_t bytes) {
  if (current->crew == nullptr) refuse("threads share memory, and were launched as independent");
  if (bytes > shared_bytes)
    refuse(std::to_string(bytes) + " bytes of shared memory, where a block has " +
           std::to_string(shared_bytes));
  return current->shared.data();
}

void run(const char* what, bool cooperating, std::size_t blocks, unsigned threads,
         const std::function<void()>& body) {
  thread_local Crew crew;
  Launch launch = {what, cooperating ? &crew : nullptr, {}};
  current = &launch;
  blockDim = {threads, 1, 1};
  gridDim = {static_cast<unsigned>(blocks), 1, 1};
  if (cooperating)
    run_cooperating(launch, blocks, threads, body);
  else
    run_independent(blocks, threads, body);
}

}  // namespace mxemu::on_host
