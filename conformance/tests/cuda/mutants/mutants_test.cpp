// The power of these tests: bugs planted into the kernels, one at a time, each of which the suite (or, for
// what the suite does not ask for, a comparison of tensors or of matrix products with the reference) must
// notice.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <iostream>
#include <string>

#include "conformance/subject.hpp"
#include "conformance/suite.hpp"
#include "conformance/tests/cuda/device_tensor.hpp"
#include "conformance/tests/cuda/mutants/awake.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "products.hpp"

namespace mxemu::conformance {
std::unique_ptr<Subject> make_mutated_subject();
}

namespace mxemu::cuda_tests {
namespace {

using fast_tests::random_tensor;

struct Mutant {
  const char* file;
  const char* what;
  std::string noticed_by;
  bool applies;
};
#define MUTANT(file, what, by, applies) {file, what, by, applies},
const Mutant mutants[] = {
#include "mutants.inc"
};
#undef MUTANT

/// What a child process ends with.
enum Notice { Nothing = 0, Suite = 1, RoundTrip = 2, Products = 3, Broke = 4 };

const char* name_of(int notice) {
  return notice == Nothing     ? "nothing"
         : notice == Suite     ? "suite"
         : notice == RoundTrip ? "round_trip"
         : notice == Products  ? "product"
                               : "a crash";
}

/// The suite at its quick level, its cases made once for all mutants.
bool suite_fails() {
  static conformance::PreparedChecks prepared;
  const conformance::SuiteOptions options = {.stop_at_first_failure = true};
  const auto subject = conformance::make_mutated_subject();
  try {
    return conformance::run_suite(*subject, options, {}, &prepared).count(conformance::Verdict::Failed) != 0;
  } catch (const conformance::DeviceError&) {
    return true;
  }
}

/// Tensors with every kind of line, one of them larger than a grid.
const std::deque<GoldenTensor>& tensors() {
  static const std::deque<GoldenTensor> made = [] {
    Random random = golden::seeded_generator();
    std::deque<GoldenTensor> all;
    for (const fast_tests::Shape& shape : {fast_tests::Shape{3, 40}, {35, 5}, {130, 1024}})
      for (const auto mode : {spec::RoundingMode::NearestEven, spec::RoundingMode::Stochastic}) {
        spec::Request request = spec::make_request(spec::BlockType::MXFP6_E2M3);
        request.rounding = {.mode = mode, .random_bits = 16, .seed = 5};
        auto given = random_tensor(random, request, shape, shape[1] == 5 ? 0 : 1, spec::FloatType::Float32);
        given.random_words.clear();
        all.emplace_back(std::move(given));
      }
    return all;
  }();
  return made;
}

bool round_trips_fail() {
  for (const GoldenTensor& tensor : tensors())
    expect_everything(tensor, {.storage = {.packing = spec::ElementPacking::BitStream}},
                      spec::FloatType::Float32);
  return testing::Test::HasFailure();
}

int notice() try {
  return suite_fails() ? Suite : round_trips_fail() ? RoundTrip : products_fail() ? Products : Nothing;
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return Broke;
}

/// What notices a mutant, tried in a process of its own: one that writes anywhere ends that alone.
int notice_of(int mutant) {
  std::cout.flush();
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(Broke);
    alarm(300);
    mutants::awake = mutant;
    _exit(notice());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : Broke;
}

TEST(Mutants, AreNoneInTheLibraryAsItIs) {
  EXPECT_STREQ(name_of(notice()), "nothing");
}

/// Empty when the mutant is noticed by what mutants.txt says.
std::string complaint_about(const Mutant& mutant, int number) {
  if (!mutant.applies) return "its text is no longer there";
  const int noticed = notice_of(number);
  std::cout << name_of(noticed) << " notices that " << mutant.what << std::endl;
  if (noticed == Broke || name_of(noticed) == mutant.noticed_by) return {};
  return std::string("noticed by ") + name_of(noticed) + " and not by " + mutant.noticed_by;
}

TEST(Mutants, AllApplyAndAreAllNoticed) {
  notice();  // cases, tensors and products are made here, once
  ASSERT_GE(std::size(mutants), 12u);
  // Children inherit that this test has failed, and would take it for a notice: it may do so at its end only.
  std::string complaints;
  int number = 0;
  for (const Mutant& mutant : mutants)
    if (const std::string complaint = complaint_about(mutant, ++number); !complaint.empty())
      complaints += std::string(mutant.file) + ": " + mutant.what + ": " + complaint + "\n";
  EXPECT_EQ(complaints, "");
}

}  // namespace
}  // namespace mxemu::cuda_tests
