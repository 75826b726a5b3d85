// A device in a shared object: a file that exports the functions of conformance/plugin/mx_subject.h.
#pragma once

#include <memory>
#include <string>

#include "conformance/subject.hpp"

namespace mxemu::conformance {

/// Loads the file. Throws DeviceError.
std::unique_ptr<Subject> make_plugin_subject(const std::string& file);

}  // namespace mxemu::conformance
