// The functions of a plugin, from a file or handed over, checked once.
#pragma once

#include <string>

#include "conformance/plugin/mx_subject.h"

namespace mxemu::conformance {

struct PluginLibrary : mx_subject_functions {
  /// Loads the file. Throws DeviceError, whose sentence starts with `subject`.
  PluginLibrary(const std::string& subject, const std::string& file);

  /// Functions of this process. Throws as well.
  PluginLibrary(const std::string& subject, const mx_subject_functions& functions);
};

}  // namespace mxemu::conformance
