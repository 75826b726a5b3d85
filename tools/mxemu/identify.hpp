// What `mxemu identify` found, as text and as JSON.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>

#include "conformance/identify/dot_identity.hpp"
#include "conformance/identify/identify.hpp"

namespace mxemu::cli {

void print_text(const conformance::Identity& identity, std::ostream& out);
nlohmann::json to_json(const conformance::Identity& identity);

/// The same of dot products.
using DotIdentities = std::vector<conformance::DotIdentity>;
void print_text(const DotIdentities& identities, const std::string& subject, std::ostream& out);
nlohmann::json to_json(const DotIdentities& identities);

/// 0 every format matches a profile, and every dot product an accumulator or a fused adder without a name; 1
/// some does not; 3 nothing could be probed.
int exit_status(const conformance::Identity& identity, const DotIdentities& dots = {});

}  // namespace mxemu::cli
