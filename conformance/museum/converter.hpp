// The converter of wiring.hpp as a subject: six formats, each as it is wired.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/museum/wiring.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance::museum {

/// A converter with the formats that are wired; `types` are what it declares. It answers under the profile
/// `ocp`, with the overflow that is asked for.
std::unique_ptr<Subject> make_converter(std::string name, std::vector<Wiring> wirings,
                                        std::vector<spec::FloatType> types = {spec::FloatType::Float32,
                                                                              spec::FloatType::BFloat16,
                                                                              spec::FloatType::Float16});

}  // namespace mxemu::conformance::museum
