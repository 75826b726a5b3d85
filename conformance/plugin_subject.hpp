// A device in a shared object: a file that exports the functions of conformance/plugin/mx_subject.h. Or the
// same functions, wherever they come from.
#pragma once

#include <memory>
#include <string>

#include "conformance/plugin/mx_subject.h"
#include "conformance/subject.hpp"

namespace mxemu::conformance {

/// Loads the file. Throws DeviceError.
std::unique_ptr<Subject> make_plugin_subject(const std::string& file);

/// Functions of this process; the subject's name is what they call it. Throws DeviceError.
std::unique_ptr<Subject> make_function_subject(const mx_subject_functions& functions);

}  // namespace mxemu::conformance
