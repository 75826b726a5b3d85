// The launcher that stands in for a GPU: which threads run, in which order, on what memory, and what becomes
// of a kernel that throws.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cuda/on_host/collectives.hpp"

namespace mxemu::on_host {
namespace {

constexpr unsigned everyone = 0xffffffffu;

TEST(Launcher, RunsEveryThreadOfEveryBlockOnce) {
  for (const bool cooperating : {false, true}) {
    std::vector<int> visits(5 * 96);
    run("the kernel", cooperating, 5, 96, [&] {
      EXPECT_EQ(blockDim.x, 96u);
      EXPECT_EQ(gridDim.x, 5u);
      ++visits[blockIdx.x * blockDim.x + threadIdx.x];
    });
    EXPECT_EQ(visits, std::vector<int>(visits.size(), 1));
  }
}

TEST(Launcher, RunsOddBlocksBackwards) {
  for (const bool cooperating : {false, true}) {
    std::vector<unsigned> order;
    run("the kernel", cooperating, 3, 4, [&] { order.push_back(10 * blockIdx.x + threadIdx.x); });
    EXPECT_EQ(order, (std::vector<unsigned>{0, 1, 2, 3, 13, 12, 11, 10, 20, 21, 22, 23}));
  }
}

TEST(Launcher, TakesAsManyThreadsAsABlockMayHave) {
  std::vector<unsigned> sums(1024);
  run("the kernel", true, 2, 1024, [&] {
    __syncthreads();
    sums[threadIdx.x] += __shfl_xor_sync(everyone, threadIdx.x, 31);
  });
  for (unsigned i = 0; i < 1024; ++i) EXPECT_EQ(sums[i], 2 * (i ^ 31));
}

TEST(Launcher, GivesABlockSharedMemoryThatHoldsNothingOfTheBlockBefore) {
  struct Shared {
    unsigned char at[256];
  };
  int stale = 0;
  run("the kernel", true, 3, 32, [&] {
    auto& shared = shared_memory<Shared>();
    if (threadIdx.x == 0)
      stale += static_cast<int>(std::count_if(std::begin(shared.at), std::end(shared.at),
                                              [](unsigned char byte) { return byte != 0xcd; }));
    __syncthreads();
    shared.at[threadIdx.x] = 1;
  });
  EXPECT_EQ(stale, 0);
}

/// Counts the threads that are inside a kernel.
struct Presence {
  explicit Presence(int& count) : present(count) { ++present; }
  ~Presence() { --present; }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  int& present;
};

TEST(Launcher, PassesOnWhatAKernelThrowsAndUnwindsEveryThread) {
  for (const unsigned thrower : {0u, 17u, 63u}) {
    int present = 0;
    const auto kernel = [&] {
      const Presence here(present);
      __syncwarp();
      if (threadIdx.x == thrower) throw std::runtime_error("thread " + std::to_string(threadIdx.x));
      __syncthreads();
    };
    try {
      run("the kernel", true, 2, 64, kernel);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), "thread " + std::to_string(thrower));
    }
    EXPECT_EQ(present, 0);
  }
}

TEST(Launcher, UnwindsEveryThreadAfterAFault) {
  int present = 0;
  EXPECT_THROW(run("the kernel", true, 1, 64,
                   [&] {
                     const Presence here(present);
                     if (threadIdx.x != 40) __syncwarp();
                   }),
               Fault);
  EXPECT_EQ(present, 0);
}

TEST(Launcher, WorksAfterAKernelThatFailed) {
  const auto failing = [] {
    if (threadIdx.x == 5) throw std::runtime_error("five");
    __syncthreads();
  };
  for (int round = 0; round < 3; ++round) {
    EXPECT_THROW(run("the kernel", true, 1, 64, failing), std::runtime_error);
    unsigned sum = 0;
    run("the kernel", true, 1, 32, [&] {
      const unsigned votes = __ballot_sync(everyone, 1);
      if (threadIdx.x == 0) sum = votes;
    });
    EXPECT_EQ(sum, everyone);
  }
}

TEST(Launcher, ServesSeveralThreadsOfTheProgramAtOnce) {
  std::vector<unsigned> results(4);
  std::vector<std::thread> callers;
  for (unsigned caller = 0; caller < 4; ++caller)
    callers.emplace_back([&results, caller] {
      for (int round = 0; round < 20; ++round)
        run("the kernel", true, 3, 64, [&] {
          const unsigned largest = __reduce_max_sync(everyone, threadIdx.x + caller);
          __syncthreads();
          if (threadIdx.x == 63) results[caller] = largest;
        });
    });
  for (std::thread& caller : callers) caller.join();
  for (unsigned caller = 0; caller < 4; ++caller) EXPECT_EQ(results[caller], 63 + caller);
}

}  // namespace
}  // namespace mxemu::on_host
