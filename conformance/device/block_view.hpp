// A device that only converts whole tensors, asked for blocks: a kernel that writes packed memory is judged
// on its numbers too.
#pragma once

#include <memory>

#include "conformance/subject.hpp"

namespace mxemu::conformance {

/// The device itself, or one that quantises and dequantises blocks besides: many blocks are the lines of one
/// tensor, in the first of the declared layouts that has a place for it. What the device declares itself it
/// is asked as it stands.
std::unique_ptr<Subject> with_blocks(std::unique_ptr<Subject> device);

}  // namespace mxemu::conformance
