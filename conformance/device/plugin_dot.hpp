// Dot products through a plugin: mx_subject_dot() of conformance/plugin/mx_subject.h.
#pragma once

#include <string>

#include "conformance/device/plugin_library.hpp"
#include "conformance/dot/dot_cases.hpp"

namespace mxemu::conformance {

/// Answers a batch. Throws DeviceError, whose sentence starts with `name`, and std::invalid_argument when the
/// arrays of the batch are not of the right sizes. Requires library.dot.
DotAnswers call_dot(const PluginLibrary& library, const std::string& name, const DotCases& cases);

}  // namespace mxemu::conformance
