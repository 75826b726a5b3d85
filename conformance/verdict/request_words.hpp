// A request as people write it: a profile, and what amends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/verdict/words.hpp"
#include "spec/profile.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

struct RequestWords {
  std::string prefix;  ///< of a word's name in a complaint: "--" on a command line
  std::string profile = spec::default_profile.name;
  std::string scale_rule;
  std::string rounding;  ///< "stochastic:N" takes N random bits
  std::string overflow;
  std::string tail;
  std::vector<std::string> policy;  ///< NAME=WORD, one freedom of the standard each
  std::optional<std::uint64_t> seed;
  int block_size = 0;  ///< 0: the format's own

  /// The request for one format. Throws BadInput naming what is wrong and the words there are.
  spec::Request request(spec::BlockType format) const;

  /// For a profile that is looked for: every profile is tried as it is. Throws BadInput when anything but the
  /// tail and the block size amends it.
  void require_unamended() const;
};

/// Applies "NAME=WORD" to one freedom of the policy. Throws BadInput naming the freedoms or the words there
/// are.
void set_freedom(spec::Policy& policy, const std::string& assignment, const std::string& flag = "--policy");

/// "stochastic", "stochastic:N" or another mode's name. Throws BadInput naming the flag.
spec::Rounding parse_rounding(const std::string& flag, const std::string& text);

/// "all", or one format by its name.
std::vector<spec::BlockType> parse_formats(const std::string& text, const std::string& flag = "--format");

}  // namespace mxemu::conformance
