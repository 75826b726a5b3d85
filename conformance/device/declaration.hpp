// What a device says of itself before the first case: conformance/PROTOCOL.md, "Declaration".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/subject.hpp"

namespace mxemu::conformance {

struct Declaration {
  std::string device;  ///< the name it gave itself
  std::vector<Capability> capabilities = {};
  std::vector<DotCapability> dots = {};
  std::vector<DeclaredLayout> layouts = {};
  std::size_t window = 1024;  ///< cases that may be under way
  bool binary = false;
  bool ready = false;

  /// Takes one line without its end. Returns what is wrong with it, or "".
  std::string take(std::string_view line);
};

}  // namespace mxemu::conformance
