// Where a device's tensors stand in memory, found out by painting: the order of nibbles, of FP6 bits, of
// scales, the axis of blocks.
#pragma once

#include <string>
#include <vector>

#include "conformance/subject.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

/// What one operation does with one declared layout.
struct StorageFinding {
  std::string about;     ///< "packing", "scales" or "axis"
  std::string declared;  ///< the word that the device declares; of an axis, "as asked"
  Operation operation = Operation::Pack;
  bool answered = false;
  bool as_declared = false;
  std::string found = {};    ///< the words of what it does instead; empty where nothing known explains it
  std::string example = {};  ///< the first byte, or number, that differs
};

/// Asks every operation on tensors that the subject declares for the format and type, in each layout that it
/// declares, under `request`, which says what the device does with numbers. Throws DeviceError.
std::vector<StorageFinding> probe_storage(Subject& subject, const spec::Request& request,
                                          spec::FloatType type);

}  // namespace mxemu::conformance
