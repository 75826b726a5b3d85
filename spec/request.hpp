// The one object that says what a conversion is: it travels through the libraries, the tests, the files and
// the CLI.
#pragma once

#include "spec/block_format.hpp"
#include "spec/policy.hpp"
#include "spec/profile.hpp"
#include "spec/rounding.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::spec {

struct Request {
  BlockType format = BlockType::MXFP8_E4M3;
  int block_size = 32;  ///< k; 32 is the conformant one
  ScaleRuleType scale_rule = ScaleRuleType::Floor;
  Rounding rounding = {};
  Policy policy = {};

  constexpr const BlockFormat& block_format() const { return format_of(format); }
  constexpr const ElementFormat& element_format() const { return block_format().element_format(); }
  constexpr const ScaleFormat& scale_format() const { return block_format().scale_format(); }

  constexpr bool operator==(const Request&) const = default;
};

/// The request of a concrete format under a profile, at the format's own block size.
constexpr Request make_request(BlockType format, const Profile& profile = default_profile) {
  return {format, format_of(format).k, profile.scale_rule, profile.rounding, profile.policy};
}

}  // namespace mxemu::spec
