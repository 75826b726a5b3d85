// A loaded plugin: its functions, found and checked once.
#pragma once

#include <string>

#include "conformance/plugin/mx_subject.h"

namespace mxemu::conformance {

struct PluginLibrary {
  /// Throws DeviceError, whose sentence starts with `name`.
  PluginLibrary(const std::string& name, const std::string& file);

  decltype(&mx_subject_version) version;
  decltype(&mx_subject_name) name;
  decltype(&mx_subject_capabilities) capabilities;
  decltype(&mx_subject_answer) answer;
  decltype(&mx_subject_last_error) last_error;  ///< null where there is none
  decltype(&mx_subject_layouts) layouts;        ///< null where there is none
  decltype(&mx_subject_dot) dot;                ///< null where there is none

  // All null for a plugin that works on host memory.
  decltype(&mx_subject_allocate) allocate;
  decltype(&mx_subject_release) release;
  decltype(&mx_subject_copy_to_device) copy_to_device;
  decltype(&mx_subject_copy_to_host) copy_to_host;
};

}  // namespace mxemu::conformance
