// A request in words, as test benches spell it.
#pragma once

#include <string_view>

#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance::dpi {

struct RequestWords {
  spec::Request request;
  spec::FloatType type = spec::FloatType::Float32;
};

/// "MXFP4_E2M1" and "profile=ocp type=bf16 rounding=nearest_away overflow=nonfinite": words separated by
/// spaces, in any order; what is not named is the profile's. Throws std::invalid_argument, naming the word
/// that is unknown and those that there are.
RequestWords parse_request_words(std::string_view format, std::string_view options);

}  // namespace mxemu::conformance::dpi
