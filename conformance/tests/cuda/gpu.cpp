// Without a GPU nothing of these programs can run; they say so and are SKIPPED.
#include <gtest/gtest.h>

#include "cuda/memory.hpp"

namespace mxemu::cuda_tests {
namespace {

struct Gpu : testing::Environment {
  void SetUp() override {
    try {
      std::cout << "on " << cuda::device_name() << std::endl;
    } catch (const cuda::Error& error) {
      GTEST_SKIP() << error.what();
    }
  }
};

const testing::Environment* const gpu = testing::AddGlobalTestEnvironment(new Gpu);

}  // namespace
}  // namespace mxemu::cuda_tests
