// A run of the suite as people ask for it, in words: what `mxemu check` and libmxemu_check have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/identify/identify.hpp"
#include "conformance/suite.hpp"
#include "conformance/verdict/words.hpp"

namespace mxemu::conformance {

struct CheckWords {
  std::string prefix;                          ///< of a word's name in a complaint: "--" on a command line
  std::vector<std::string> formats = {"all"};  ///< names, or "all"
  std::vector<std::string> types;              ///< empty: all
  std::vector<std::string> operations;         ///< empty: all; dot_operation among them or not
  std::string profile = spec::default_profile.name;  ///< or "auto": what the subject is found to do
  std::string level = spec::name_of(Level::Quick);
  std::string check;  ///< a check or a group; empty: all
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> only_case;
  std::vector<std::string> allowed;  ///< "scale_rule=ceil": alternatives that are taken as known
  bool strict = false;               ///< an alternative counts as a failure
  std::string accumulator;           ///< of dot products: what the subject claims; empty: as it declares
  std::string operands;              ///< of dot products: "A,B,TYPE"; empty: all

  /// What the words say. Throws BadInput naming what is wrong and the words there are.
  SuiteOptions options() const;
};

/// The operation that is no conversion.
inline constexpr const char* dot_operation = "dot";

/// The profile that stands for "whatever the subject does".
inline constexpr const char* automatic_profile = "auto";

/// Identifies the subject in the formats of the options. Throws DeviceError.
Identity identify_for(Subject& subject, const SuiteOptions& options);

/// Puts what the subject was found to do in place of the profile: every profile that matches it in all
/// formats, or what it does in each. It is asked as it was asked when it was identified.
void judge_by(const Identity& identity, SuiteOptions& options);

}  // namespace mxemu::conformance
