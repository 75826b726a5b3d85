// Exceptions of work that threads share come out where the work was asked for.
#include "fast/parallel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/chunks.hpp"
#include "conformance/staircase.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr fast::Execution three_threads = {.threads = 3};

std::string complaint_of(const auto& call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(InParallel, CoversEverythingOnce) {
  std::vector<std::atomic<int>> visits(1000);
  fast::in_parallel(visits.size(), 8, fast::parallel_from, three_threads,
                    [&](std::size_t first, std::size_t last) {
                      EXPECT_EQ(first % 8, 0u);
                      for (std::size_t i = first; i < last; ++i) ++visits[i];
                    });
  EXPECT_TRUE(std::ranges::all_of(visits, [](const std::atomic<int>& count) { return count == 1; }));
}

TEST(InParallel, AnExceptionOfAnyThreadComesOut) {
  for (const std::size_t failing : {0u, 40u, 99u}) {
    const auto work = [&](std::size_t first, std::size_t last) {
      if (first <= failing && failing < last) throw std::runtime_error("item " + std::to_string(failing));
    };
    EXPECT_EQ(complaint_of([&] { fast::in_parallel(100, 1, fast::parallel_from, three_threads, work); }),
              "item " + std::to_string(failing));
  }
}

TEST(InParallel, OneOfManyExceptionsComesOut) {
  const auto work = [](std::size_t, std::size_t) { throw std::runtime_error("each"); };
  EXPECT_EQ(complaint_of([&] { fast::in_parallel(100, 1, fast::parallel_from, three_threads, work); }),
            "each");
}

TEST(OnAllCores, AnExceptionComesOutAndEndsTheWork) {
  const auto task = [&](std::uint64_t index) {
    if (index == 3) throw std::runtime_error("task 3");
  };
  EXPECT_EQ(complaint_of([&] { conformance::on_all_cores(1'000'000'000'000, task); }), "task 3");
}

TEST(OnAllCores, EveryTaskIsDoneOnce) {
  std::vector<std::atomic<int>> visits(500);
  conformance::on_all_cores(visits.size(), [&](std::uint64_t index) { ++visits[index]; });
  EXPECT_TRUE(std::ranges::all_of(visits, [](const std::atomic<int>& count) { return count == 1; }));
}

TEST(ForEachChunk, AnExceptionComesOut) {
  const auto work = [](std::size_t first, std::size_t last) {
    if (first <= 77 && 77 < last) throw std::runtime_error("item 77");
  };
  EXPECT_EQ(complaint_of([&] { conformance::for_each_chunk(200, 65536, {}, work); }), "item 77");
}

}  // namespace
}  // namespace mxemu::fast_tests
