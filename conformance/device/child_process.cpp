#include "conformance/device/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "conformance/device/sigpipe_guard.hpp"

namespace mxemu::conformance {
namespace {

using Clock = std::chrono::steady_clock;

/// What a signal handler may read: the process groups that are alive.
std::array<std::atomic<pid_t>, 64> living = {};
static_assert(std::atomic<pid_t>::is_always_lock_free);

int remember(pid_t pid) {
  for (std::size_t slot = 0; slot < living.size(); ++slot) {
    pid_t empty = 0;
    if (living[slot].compare_exchange_strong(empty, pid)) return static_cast<int>(slot);
  }
  return -1;
}

void require(bool condition, int error, const char* what) {
  if (!condition) throw std::system_error(error, std::generic_category(), what);
}

/// A descriptor that closes itself.
struct Descriptor {
  int fd = -1;
  Descriptor() = default;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
  int release() { return std::exchange(fd, -1); }
};

/// A pipe whose ends no other child inherits, above the three standard descriptors (which this process may
/// have been started without, and which the child's own would overwrite).
void open_pipe(Descriptor& read_end, Descriptor& write_end) {
  int ends[2];
  require(pipe2(ends, O_CLOEXEC) == 0, errno, "pipe");
  Descriptor low[2];
  low[0].fd = ends[0];
  low[1].fd = ends[1];
  read_end.fd = fcntl(ends[0], F_DUPFD_CLOEXEC, 3);
  require(read_end.fd >= 0, errno, "pipe");
  write_end.fd = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
  require(write_end.fd >= 0, errno, "pipe");
}

void make_ours(int fd) {
  require(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, errno, "pipe");
#ifdef F_SETPIPE_SZ
  fcntl(fd, F_SETPIPE_SZ, 1 << 20);  // only for speed
#endif
}

/// Its own group, no signal blocked, and the usual action for those that this process may have changed.
void set_up(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigemptyset(&none);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGXFSZ, SIGCHLD})
    sigaddset(&usual, signal);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
}

pid_t spawn_shell(const std::string& command, int input, int output) {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_init(&actions);
  set_up(attributes);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  std::string shell = "sh";
  std::string flag = "-c";
  std::string text = command;
  char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  require(error == 0, error, "/bin/sh");
  return pid;
}

}  // namespace

ChildProcess::ChildProcess(const std::string& command) {
  Descriptor child_input, to_child, from_child, child_output;
  open_pipe(child_input, to_child);
  open_pipe(from_child, child_output);
  make_ours(to_child.fd);
  make_ours(from_child.fd);
  pid_ = spawn_shell(command, child_input.fd, child_output.fd);
  slot_ = remember(pid_);
  to_child_ = to_child.release();
  from_child_ = from_child.release();
}

ChildProcess::~ChildProcess() {
  if (pid_ >= 0) {
    close_input();
    // A device that still writes would otherwise wait for us, or die of SIGPIPE.
    const auto deadline = Clock::now() + std::chrono::milliseconds(500);
    std::string ignored, nothing;
    try {
      while (Clock::now() < deadline && exchange(ignored, nothing, deadline) == Event::Read) ignored.clear();
      status_within(std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()));
    } catch (const std::exception&) {
      // It is killed then.
    }
  }
  kill();
}

ChildProcess::Event ChildProcess::exchange(std::string& input, std::string& output,
                                           Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const short writes = output.empty() ? 0 : POLLOUT;
    pollfd ends[] = {{from_child_, POLLIN, 0}, {to_child_, writes, 0}};
    const int ready = poll(ends, 2, static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30)));
    if (ready < 0 && errno != EINTR) require(false, errno, "poll");
    if (ready == 0 && left <= 0) return Event::Late;
    if (ready <= 0) continue;
    if (ends[0].revents != 0) return read_some(input) ? Event::Read : Event::Closed;
    // It no longer reads; whether it still answers, or how it ended, shows when it is read from.
    if ((ends[1].revents & POLLERR) != 0)
      close_input();
    else if (ends[1].revents != 0 && write_some(output))
      return Event::Written;
  }
}

/// False when the pipe took nothing.
bool ChildProcess::write_some(std::string& output) {
  const SigpipeGuard guard;
  const ssize_t written = ::write(to_child_, output.data(), output.size());
  if (written > 0) {
    output.erase(0, static_cast<std::size_t>(written));
    return true;
  }
  return false;
}

/// False at the end of the child's output.
bool ChildProcess::read_some(std::string& input) {
  constexpr std::size_t most = 1 << 16;
  const std::size_t old_size = input.size();
  input.resize(old_size + most);
  const ssize_t count = ::read(from_child_, input.data() + old_size, most);
  input.resize(old_size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

void ChildProcess::close_input() {
  if (to_child_ >= 0) close(std::exchange(to_child_, -1));
}

std::optional<int> ChildProcess::status_within(std::chrono::milliseconds patience) const {
  const auto deadline = Clock::now() + patience;
  while (true) {
    siginfo_t info = {};
    // It stays a zombie, so that its number names its group until the group is killed.
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return std::nullopt;
    if (info.si_pid == pid_) return info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status & 0x7f;
    if (Clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void ChildProcess::kill() noexcept {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  if (slot_ >= 0) living[static_cast<std::size_t>(slot_)] = 0;
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  close_input();
  close(from_child_);
}

std::string describe_status(int wait_status) {
  const auto signal_text = [](int signal) {
    return "signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
  };
  if (WIFSIGNALED(wait_status)) return "was killed by " + signal_text(WTERMSIG(wait_status));
  const int status = WEXITSTATUS(wait_status);
  // A shell tells of a signal in this way.
  if (status > 128 && status < 128 + 32)
    return "ended with exit status " + std::to_string(status) + ", the shell's word for " +
           signal_text(status - 128);
  return "ended with exit status " + std::to_string(status);
}

void kill_child_processes() noexcept {
  for (const auto& pid : living)
    if (const pid_t group = pid; group > 0) ::kill(-group, SIGKILL);
}

}  // namespace mxemu::conformance
