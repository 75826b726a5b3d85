// Lines to and from a device, with a clock on its silence and one sentence for everything that can go wrong.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/device/child_process.hpp"

namespace mxemu::conformance {

class DeviceStream {
 public:
  /// `name` starts every sentence. Throws DeviceError.
  DeviceStream(std::string name, const std::string& command);

  /// What is to be written; exchange() writes it.
  std::string& output() { return output_; }

  /// Starts the clock: the device may be silent for so long.
  void allow(std::chrono::milliseconds silence);

  /// Writes and reads what can be. `asked` is the question that the device should be answering. Throws
  /// DeviceError when the device is silent for too long, or gone.
  using Question = std::function<std::string()>;
  void exchange(const Question& asked);

  /// The next line that has come, without its end, comments left out. A view that the next call ends. Throws
  /// DeviceError when it is longer than `longest`.
  std::optional<std::string_view> next_line(std::size_t longest, const Question& asked);

  /// The next `count` bytes, once they have come.
  std::optional<std::string_view> next_bytes(std::size_t count);

  /// Lines that came without being asked for are an error: throws DeviceError.
  void require_silence();

  /// Throws DeviceError: the last line, what it answers, and what is wrong with it.
  [[noreturn]] void reject_line(std::string_view line, const std::string& answers,
                                const std::string& complaint);

  /// Kills the device and throws DeviceError with this sentence after the device's name.
  [[noreturn]] void fail(const std::string& sentence);

 private:
  [[noreturn]] void fail_closed(const Question& asked);
  [[noreturn]] void fail_late(const Question& asked);
  std::string due() const;

  std::string name_;
  ChildProcess child_;
  std::string output_;
  std::string input_;
  std::size_t taken_ = 0;     ///< bytes at the front of input_ that are done with
  std::size_t searched_ = 0;  ///< bytes after taken_ that hold no line end
  std::size_t lines_ = 0;
  std::chrono::milliseconds silence_ = {};
  std::chrono::steady_clock::time_point deadline_ = {};
  bool looked_late_ = false;
};

}  // namespace mxemu::conformance
