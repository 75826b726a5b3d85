// Where threads meet in the launcher that stands in for a GPU: shuffles, votes and barriers give what the
// CUDA C++ Programming Guide says they give, and what it leaves undefined is an error.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "cuda/on_host/collectives.hpp"

namespace mxemu::on_host {
namespace {

constexpr unsigned everyone = 0xffffffffu;

/// What every thread of one block makes of its index.
template <class Kernel>
std::vector<unsigned> results_of(unsigned threads, const Kernel& kernel) {
  std::vector<unsigned> results(threads);
  run("the kernel", true, 1, threads, [&] { results[threadIdx.x] = static_cast<unsigned>(kernel()); });
  return results;
}

/// What the launcher says of a kernel.
template <class Kernel>
std::string fault_of(unsigned threads, const Kernel& kernel, bool cooperating = true) {
  try {
    run("the kernel", cooperating, 1, threads, kernel);
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "nothing";
}

TEST(Shuffle, ReadsTheLaneThatItNames) {
  const auto got = results_of(64, [] { return __shfl_sync(everyone, threadIdx.x, 5); });
  for (unsigned i = 0; i < 64; ++i) EXPECT_EQ(got[i], i / 32 * 32 + 5);
}

TEST(Shuffle, OfAGroupCountsLanesFromItsStart) {
  const auto got = results_of(32, [] { return __shfl_sync(everyone, threadIdx.x, 9, 8); });
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(got[i], i / 8 * 8 + 1);
}

TEST(Shuffle, DownAndUpKeepTheirOwnValueAtTheEndOfTheGroup) {
  for (const unsigned width : {2u, 4u, 8u, 16u, 32u})
    for (const unsigned offset : {1u, 3u, 5u}) {
      const int group = static_cast<int>(width);
      const auto down =
          results_of(32, [&] { return __shfl_down_sync(everyone, threadIdx.x, offset, group); });
      const auto up = results_of(32, [&] { return __shfl_up_sync(everyone, threadIdx.x, offset, group); });
      for (unsigned i = 0; i < 32; ++i) {
        EXPECT_EQ(down[i], i % width + offset < width ? i + offset : i) << width << " " << offset;
        EXPECT_EQ(up[i], i % width >= offset ? i - offset : i) << width << " " << offset;
      }
    }
}

TEST(Shuffle, ByExclusiveOrReachesAnEarlierGroupButNoLaterOne) {
  for (const int mask : {1, 2, 3, 16, 31}) {
    const auto got = results_of(32, [&] { return __shfl_xor_sync(everyone, threadIdx.x, mask); });
    for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(got[i], i ^ static_cast<unsigned>(mask));
  }
  const auto got = results_of(32, [] { return __shfl_xor_sync(everyone, threadIdx.x, 8, 8); });
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(got[i], i / 8 % 2 == 0 ? i : i - 8);
}

TEST(Shuffle, CarriesWordsOfEightBytesAndFloats) {
  std::vector<std::uint64_t> words(32);
  std::vector<float> numbers(32);
  run("the kernel", true, 1, 32, [&] {
    const std::uint64_t mine = 0x123456789abcdef0u + threadIdx.x;
    words[threadIdx.x] = __shfl_xor_sync(everyone, mine, 1);
    numbers[threadIdx.x] = __shfl_xor_sync(everyone, -0.5f * static_cast<float>(threadIdx.x), 1);
  });
  for (unsigned i = 0; i < 32; ++i) {
    EXPECT_EQ(words[i], 0x123456789abcdef0u + (i ^ 1));
    EXPECT_EQ(numbers[i], -0.5f * static_cast<float>(i ^ 1));
  }
}

TEST(Vote, CountsTheLanesOfItsMask) {
  const auto ballot = results_of(64, [] { return __ballot_sync(everyone, threadIdx.x % 3 == 0); });
  unsigned expected[2] = {};
  for (unsigned i = 0; i < 64; i += 3) expected[i / 32] |= 1u << i % 32;
  for (unsigned i = 0; i < 64; ++i) EXPECT_EQ(ballot[i], expected[i / 32]);
  const auto low = results_of(32, [] {
    const unsigned mask = threadIdx.x < 16 ? 0x0000ffffu : 0xffff0000u;
    return 10 * __all_sync(mask, threadIdx.x < 16) + __any_sync(mask, threadIdx.x == 3);
  });
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(low[i], i < 16 ? 11u : 0u);
}

TEST(Reduction, GivesTheLargestOfTheMask) {
  const auto got = results_of(32, [] {
    const unsigned mask = threadIdx.x % 2 == 0 ? 0x55555555u : 0xaaaaaaaau;
    return __reduce_max_sync(mask, 100 - threadIdx.x);
  });
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(got[i], 100 - i % 2);
}

TEST(Meeting, KeepsTheIndexOfTheThread) {
  const auto got = results_of(40, [] {
    const unsigned before = threadIdx.x;
    __syncthreads();
    const unsigned mask = before < 32 ? everyone : 0xffu;
    __shfl_xor_sync(mask, before, 1);
    return threadIdx.x == before ? before : 1000;
  });
  for (unsigned i = 0; i < 40; ++i) EXPECT_EQ(got[i], i);
}

TEST(Meeting, OfOneWarpLeavesTheOthersAlone) {
  const auto got = results_of(96, [] {
    unsigned value = threadIdx.x;
    for (unsigned round = 0; round < threadIdx.x / 32; ++round) value = __shfl_xor_sync(everyone, value, 1);
    return value;
  });
  for (unsigned i = 0; i < 96; ++i) EXPECT_EQ(got[i], i / 32 == 1 ? i ^ 1 : i);
}

TEST(Barrier, LetsNobodyPassBeforeAllHaveCome) {
  struct Shared {
    unsigned at[64];
  };
  std::vector<unsigned> got(4 * 64);
  run("the kernel", true, 4, 64, [&] {
    auto& shared = shared_memory<Shared>();
    for (unsigned round = 0; round < 3; ++round) {
      shared.at[threadIdx.x] = threadIdx.x + round;
      __syncthreads();
      got[64 * blockIdx.x + threadIdx.x] = shared.at[63 - threadIdx.x];
      __syncthreads();
    }
  });
  for (unsigned i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], 63 - i % 64 + 2);
}

TEST(Barrier, DoesNotWaitForThreadsThatHaveLeft) {
  const auto got = results_of(64, [] {
    if (threadIdx.x >= 40) return 1;
    __syncthreads();
    return 2;
  });
  for (unsigned i = 0; i < 64; ++i) EXPECT_EQ(got[i], i < 40 ? 2u : 1u);
}

TEST(Barrier, ThatIsMissingIsSeenInOddBlocks) {
  struct Shared {
    unsigned at[32];
  };
  std::array<unsigned, 2> right = {};
  run("the kernel", true, 2, 32, [&] {
    auto& shared = shared_memory<Shared>();
    shared.at[threadIdx.x] = 7;
    if (threadIdx.x != 0 && shared.at[threadIdx.x - 1] == 7) ++right[blockIdx.x];
  });
  EXPECT_EQ(right[0], 31u);
  EXPECT_EQ(right[1], 0u);
}

TEST(Fault, WhereALaneHasLeft) {
  EXPECT_EQ(fault_of(32,
                     [] {
                       if (threadIdx.x != 3) __shfl_xor_sync(everyone, 1u, 1);
                     }),
            "the kernel: thread 0 of block 0 waits in a shuffle for lane 3, which has left the kernel");
}

TEST(Fault, WhereTheBlockHasNoSuchLane) {
  EXPECT_EQ(fault_of(16, [] { __ballot_sync(everyone, 1); }),
            "the kernel: thread 0 of block 0 names lane 16, which the block does not have");
}

TEST(Fault, WhereMasksOrFunctionsDiffer) {
  EXPECT_EQ(
      fault_of(2, [] { __ballot_sync(threadIdx.x == 0 ? 3u : 2u, 1); }),
      "the kernel: thread 0 of block 0 is in a vote, and lane 1 in another function or under another mask");
  EXPECT_EQ(
      fault_of(2,
               [] {
                 if (threadIdx.x == 0) __syncwarp(3);
                 if (threadIdx.x == 1) __ballot_sync(3, 1);
               }),
      "the kernel: thread 0 of block 0 is in __syncwarp, and lane 1 in another function or under another "
      "mask");
}

TEST(Fault, WhereAMaskLeavesOutItsOwnThread) {
  EXPECT_EQ(fault_of(4, [] { __ballot_sync(0xeu, 1); }),
            "the kernel: thread 0 of block 0 is in a vote whose mask does not name it");
}

TEST(Fault, WhereAShuffleReadsALaneBesideItsMask) {
  EXPECT_EQ(fault_of(32,
                     [] {
                       if (threadIdx.x < 4) __shfl_down_sync(0xfu, 1u, 1);
                     }),
            "the kernel: thread 3 of block 0: a shuffle reads lane 4, which its mask does not name");
}

TEST(Fault, WhereThreadsWaitForEachOtherInVain) {
  EXPECT_EQ(fault_of(32,
                     [] {
                       if (threadIdx.x < 8)
                         __syncthreads();
                       else
                         __shfl_xor_sync(everyone, 1u, 1);
                     }),
            "the kernel: thread 31 of block 0 waits in a shuffle for lanes that never come");
}

TEST(Fault, WhereThreadsMeetThatWereLaunchedAsIndependent) {
  EXPECT_EQ(fault_of(
                32, [] { __syncthreads(); }, false),
            "the kernel: threads meet in __syncthreads, and were launched as independent");
  EXPECT_EQ(fault_of(
                32, [] { shared_memory<int>() = 1; }, false),
            "the kernel: threads share memory, and were launched as independent");
}

TEST(Fault, WhereABlockAsksForMoreSharedMemoryThanItHas) {
  struct Large {
    char bytes[48 * 1024 + 1];
  };
  EXPECT_EQ(fault_of(32, [] { shared_memory<Large>().bytes[0] = 1; }),
            "the kernel: 49153 bytes of shared memory, where a block has 49152");
}

}  // namespace
}  // namespace mxemu::on_host
