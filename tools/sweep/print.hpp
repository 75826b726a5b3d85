// Outcomes as text and as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "spec/element_format.hpp"
#include "tools/sweep/outcome.hpp"

namespace mxemu::sweep {

void print(const Outcome& outcome, const Plan& plan, const spec::ElementFormat& element);
nlohmann::ordered_json json_of(const Outcome& outcome, const Plan& plan, fast::Isa isa);

}  // namespace mxemu::sweep
