#include "conformance/verdict/check_words.hpp"

#include "conformance/verdict/request_words.hpp"

namespace mxemu::conformance {
namespace {

const spec::Profile& chosen_profile(const std::string& flag, const std::string& name) {
  if (name == automatic_profile) return spec::default_profile;
  if (const spec::Profile* profile = spec::find_profile(name)) return *profile;
  throw BadInput(flag + ": \"" + name + "\" is none of " + automatic_profile + ", " +
                 known_names(spec::profiles));
}

}  // namespace

SuiteOptions CheckWords::options() const {
  SuiteOptions suite;
  for (const std::string& text : formats)
    for (const spec::BlockType format : parse_formats(text, prefix + "format"))
      suite.formats.push_back(format);
  for (const std::string& text : types)
    suite.types.push_back(parse_flag<spec::FloatType>(prefix + "type", text));
  for (const std::string& text : operations)
    if (text != dot_operation) suite.operations.push_back(parse_flag<Operation>(prefix + "operation", text));
  suite.profile = &chosen_profile(prefix + "profile", profile);
  suite.level = parse_flag<Level>(prefix + "level", level);
  suite.check = check;
  suite.seed = seed;
  suite.only_case = only_case;
  suite.allowed = allowed;
  suite.strict = strict;
  suite.accumulator = accumulator;
  suite.operands = operands;
  return suite;
}

Identity identify_for(Subject& subject, const SuiteOptions& options) {
  std::vector<spec::BlockType> formats = options.formats;
  if (formats.empty())
    for (const auto& format : spec::block_formats) formats.push_back(format.type);
  return identify(subject, formats);
}

void judge_by(const Identity& identity, SuiteOptions& options) {
  for (const FormatIdentity& found : identity.formats) judge_as_found(found, options);
  for (const spec::Profile* profile : identity.matches())
    options.identity += (options.identity.empty() ? "" : " or ") + std::string(profile->name);
  if (options.identity.empty())
    options.identity = identity.is_identified() ? "a profile of its own in each format" : "no known profile";
}

}  // namespace mxemu::conformance
