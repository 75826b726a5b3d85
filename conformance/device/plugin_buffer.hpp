// An array that a plugin sees: guarded host memory or memory of the plugin's own.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/device/plugin_library.hpp"

namespace mxemu::conformance {

class PluginBuffer {
 public:
  /// `bytes` from `contents`, or filled with a pattern where it is null. Throws DeviceError.
  PluginBuffer(const PluginLibrary& library, const std::string& subject, const char* what,
               const void* contents, std::size_t bytes);
  ~PluginBuffer();
  PluginBuffer(const PluginBuffer&) = delete;
  PluginBuffer& operator=(const PluginBuffer&) = delete;

  /// What the plugin is given; null for an array of no bytes.
  void* pointer() const { return pointer_; }

  /// Copies the array to `contents`. Throws DeviceError when the plugin wrote outside.
  void fetch(void* contents);

  /// Throws DeviceError when the plugin wrote to what it may only read, or outside.
  void require_unchanged(const void* contents);

 private:
  [[noreturn]] void fail(const char* sentence) const;

  const PluginLibrary& library_;
  std::string subject_;
  const char* what_;
  std::vector<std::byte> host_;  ///< guard, array, guard
  std::size_t bytes_;
  std::size_t offset_ = 0;  ///< of the array in host_
  void* pointer_ = nullptr;
};

}  // namespace mxemu::conformance
