// JSON on its way out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace mxemu::conformance {

/// Indented, with a newline at its end; bytes of strangers' names that are not UTF-8 are replaced.
inline std::string json_text(const nlohmann::json& document) {
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace mxemu::conformance
