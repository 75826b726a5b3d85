// A device behind a pipe: a command that speaks the protocol of conformance/PROTOCOL.md.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "conformance/subject.hpp"

namespace mxemu::conformance {

/// How long a device may stay silent.
struct Patience {
  std::chrono::milliseconds start =
      std::chrono::seconds(10);  ///< from its start to the end of its declaration
  std::chrono::milliseconds answer = std::chrono::seconds(5);  ///< from one answer to the next

  /// The defaults, or what MXEMU_DEVICE_TIMEOUT (in seconds, such as 60 or 0.2) says for both. Throws
  /// std::invalid_argument when that is no such number.
  static Patience from_environment();
};

/// Starts the command under /bin/sh and reads its declaration. Throws DeviceError.
std::unique_ptr<Subject> make_process_subject(const std::string& command, const Patience& patience);

/// Kills every device at once, so that none outlives a process that a signal ends. For signal handlers.
void kill_devices() noexcept;

}  // namespace mxemu::conformance
