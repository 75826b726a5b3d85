// No device outlives its subject, whatever it does.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <optional>
#include <thread>

#include "conformance/device/sigpipe_guard.hpp"
#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

using Clock = std::chrono::steady_clock;

/// A file into which devices write the numbers of their processes.
class ProcessList {
 public:
  ProcessList() : path_(testing::TempDir() + "mxemu_device_" + std::to_string(getpid())) {
    std::remove(path_.c_str());
  }
  ~ProcessList() { std::remove(path_.c_str()); }

  const std::string& path() const { return path_; }

  /// Whether `count` processes have been written down, and all of them are gone within two seconds.
  bool all_ended(std::size_t count) const {
    std::ifstream file(path_);
    std::size_t seen = 0;
    for (pid_t pid = 0; file >> pid; ++seen)
      if (!ended(pid)) return false;
    return seen == count;
  }

 private:
  static bool ended(pid_t pid) {
    for (const auto deadline = Clock::now() + std::chrono::seconds(2); Clock::now() < deadline;) {
      if (kill(pid, 0) != 0 || is_zombie(pid)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

  /// An orphan waits for whoever reaps orphans.
  static bool is_zombie(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    return file >> number >> name >> state && state == "Z";
  }

  std::string path_;
};

/// Writes down itself and a process of its own, which ignores what can be ignored.
std::string with_family(const ProcessList& list, const std::string& script) {
  const std::string file = "'" + list.path() + "'";
  return "trap '' TERM HUP INT; sleep 60 & echo $! >>" + file + "; echo $$ >>" + file + "; " +
         shell_device(script);
}

TEST(Lifetime, ADeviceThatHangsIsKilledWithItsFamily) {
  const ProcessList list;
  const std::string sentence = failure_of(with_family(list, "sleep 60"));
  EXPECT_TRUE(sentence.starts_with("no answer")) << sentence;
  EXPECT_TRUE(list.all_ended(2));
}

TEST(Lifetime, ADeviceThatIgnoresTheEndOfItsInputIsKilledByTheDestructor) {
  const ProcessList list;
  const auto start = Clock::now();
  EXPECT_EQ(failure_of(with_family(list, "read case; echo 7e 2 e; while :; do sleep 60; done")),
            "it answered");
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(3));
  EXPECT_TRUE(list.all_ended(2));
}

TEST(Lifetime, ADeviceThatFloodsIsKilledByTheDestructor) {
  const ProcessList list;
  const auto start = Clock::now();
  make_process_subject(with_family(list, "yes"), short_patience).reset();
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(3));
  EXPECT_TRUE(list.all_ended(2));
}

TEST(Lifetime, ADeviceThatDeclaresNonsenseIsKilled) {
  const ProcessList list;
  const std::string file = "'" + list.path() + "'";
  EXPECT_NE(failure_of("sleep 60 & echo $! >>" + file + "; echo $$ >>" + file + "; echo nonsense; sleep 60"),
            "");
  EXPECT_TRUE(list.all_ended(2));
}

TEST(Lifetime, TheEndOfItsInputIsHeardBeforeItIsKilled) {
  const ProcessList list;
  EXPECT_EQ(
      failure_of(shell_device("read case; echo 7e 2 e; read case; sleep 0.1; echo 1 >'" + list.path() + "'")),
      "it answered");
  EXPECT_TRUE(std::ifstream(list.path()).good());
}

TEST(Lifetime, ASignalHandlerCanKillThemAll) {
  const ProcessList list;
  const auto subject = make_process_subject(with_family(list, "sleep 60"), short_patience);
  kill_devices();
  EXPECT_TRUE(list.all_ended(2));
  EXPECT_THROW(subject->answer(small_case()), DeviceError);
}

TEST(Lifetime, ABrokenPipeIsNoSignalToThisProcess) {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  EXPECT_TRUE(
      failure_of(shell_device("exit 0"), small_case(10'000)).starts_with("it ended with exit status 0"));
  std::signal(SIGPIPE, before);
}

TEST(SigpipeGuard, LeavesAnErrorAndNoSignal) {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  {
    const SigpipeGuard guard;
    EXPECT_EQ(write(ends[1], "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
  }
  close(ends[1]);
  std::signal(SIGPIPE, before);
}

TEST(Lifetime, TwoDevicesDoNotHoldEachOthersPipes) {
  const auto first = make_process_subject(shell_device("read case; exit 4"), short_patience);
  const auto second =
      make_process_subject(shell_device("while read case; do echo 7e 2 e; done"), short_patience);
  try {
    first->answer(small_case());
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_NE(std::string(error.what()).find("exit status 4"), std::string::npos) << error.what();
  }
  EXPECT_EQ(second->answer(small_case()).scales.front(), 0x7e);
}

}  // namespace
}  // namespace mxemu::conformance
