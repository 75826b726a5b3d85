// Flags that mean the same in every command.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::cli {

/// Something the user gave that cannot be used: printed as one sentence, exit status 2.
struct BadInput : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What converts when the user does not say.
inline constexpr const char* default_subject = "fast";

/// What the conversion flags say; `request` turns them into the object that travels.
struct RequestOptions {
  std::string profile = spec::default_profile.name;
  std::string scale_rule;
  std::string rounding;
  std::string overflow;
  std::string tail;
  std::vector<std::string> policy;
  std::optional<std::uint64_t> seed;
  int block_size = 0;  ///< 0: the format's own
  int axis = -1;
  std::string subject = default_subject;

  /// Whether --seed is stochastic rounding's, or a flag of the command's own.
  enum class Seed { OfRounding, Elsewhere };

  /// Adds --profile, --scale-rule, --rounding, --seed, --overflow, --policy, --block-size to `command`.
  void add_conversion_flags(CLI::App& command, Seed seed_flag = Seed::OfRounding);
  /// Adds --axis, --tail and --subject as well: for commands that convert tensors.
  void add_tensor_flags(CLI::App& command);

  /// The request for one format. Throws BadInput naming the flag and the words it knows.
  spec::Request request(spec::BlockType format) const;
};

/// The help of --subject.
std::string subject_help();

/// Applies "NAME=WORD" to one freedom of the policy. Throws BadInput naming the freedoms or the words there
/// are.
void set_freedom(spec::Policy& policy, const std::string& assignment);

/// "all", or one format by its name.
std::vector<spec::BlockType> parse_formats(const std::string& text);

/// f32, bf16, f16 or f64.
spec::FloatType parse_float_type(const std::string& text);

/// The names of an enumeration's words, separated by commas.
template <class Enum>
std::string known_words() {
  std::string text;
  for (const auto& word : spec::words<Enum>) text += (text.empty() ? "" : ", ") + std::string(word.name);
  return text;
}

/// The enumerator called `name`, or BadInput: "--flag: no such word; one of …".
template <class Enum>
Enum parse_flag(const std::string& flag, const std::string& name) {
  if (const auto value = spec::parse_word<Enum>(name)) return *value;
  throw BadInput(flag + ": \"" + name + "\" is none of " + known_words<Enum>());
}

}  // namespace mxemu::cli
