// Flags that mean the same in every command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "conformance/verdict/request_words.hpp"
#include "spec/float_format.hpp"

namespace mxemu::cli {

using conformance::BadInput;
using conformance::known_words;
using conformance::parse_flag;
using conformance::parse_formats;
using conformance::parse_rounding;
using conformance::set_freedom;

/// What converts when the user does not say.
inline constexpr const char* default_subject = "fast";

/// What the conversion flags say; `request` turns them into the object that travels.
struct RequestOptions : conformance::RequestWords {
  RequestOptions() { prefix = "--"; }

  int axis = -1;
  std::string subject = default_subject;

  /// Whether --seed is stochastic rounding's, or a flag of the command's own.
  enum class Seed { OfRounding, Elsewhere };

  /// Adds --profile, --scale-rule, --rounding, --seed, --overflow, --policy, --block-size to `command`.
  void add_conversion_flags(CLI::App& command, Seed seed_flag = Seed::OfRounding);
  /// Adds --axis, --tail and --subject as well: for commands that convert tensors.
  void add_tensor_flags(CLI::App& command);
};

/// The help of --subject.
std::string subject_help();

/// f32, bf16, f16 or f64.
spec::FloatType parse_float_type(const std::string& text);

}  // namespace mxemu::cli
