// A command under /bin/sh with its standard input and output as pipes, in a process group of its own, which
// does not outlive this object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mxemu::conformance {

class ChildProcess {
 public:
  /// Throws std::system_error when no process can be had.
  explicit ChildProcess(const std::string& command);
  /// Ends the input, gives the process a moment to end by itself, then kills its group.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  enum class Event { Read, Written, Late, Closed };

  /// Waits until something can be read or, when there is something to write, written; does it. Never waits
  /// beyond `deadline`; what can be done at once is done even after it. Reads append to `input`; what is
  /// written goes from the front of `output`.
  Event exchange(std::string& input, std::string& output, std::chrono::steady_clock::time_point deadline);

  bool reads() const { return to_child_ >= 0; }

  /// The wait status, once the process has ended; waits for that at most so long.
  std::optional<int> status_within(std::chrono::milliseconds patience) const;

  void kill() noexcept;

 private:
  bool write_some(std::string& output);
  bool read_some(std::string& input);
  void close_input();

  pid_t pid_ = -1;
  int to_child_ = -1;
  int from_child_ = -1;
  int slot_ = -1;
};

/// "was killed by signal 11 (Segmentation fault)", "ended with exit status 3".
std::string describe_status(int wait_status);

/// Kills every child process and its group at once. For signal handlers.
void kill_child_processes() noexcept;

}  // namespace mxemu::conformance
