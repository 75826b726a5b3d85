// The accumulators there are, for `mxemu formats` and `mxemu matmul --list-accumulators`.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "spec/accumulator.hpp"

namespace mxemu::cli {

/// "E5M2, E4M3".
std::string names_of(spec::OperandTypes types);
std::string names_of(spec::FloatTypes types);

void print_accumulators(std::ostream& out);
nlohmann::json accumulators_json();

/// The accumulator that the flag names, or BadInput, which lists them.
spec::AccumulatorType parse_accumulator_flag(const std::string& flag, const std::string& name);

}  // namespace mxemu::cli
