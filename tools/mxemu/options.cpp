#include "tools/mxemu/options.hpp"

#include <charconv>

#include "conformance/subject.hpp"

namespace mxemu::cli {
namespace {

std::string known_names(const auto& rows) {
  std::string text;
  for (const auto& row : rows) text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}

/// "stochastic" or "stochastic:N" or another mode's name.
spec::Rounding parse_rounding(const std::string& text) {
  const auto colon = text.find(':');
  spec::Rounding rounding{.mode = parse_flag<spec::RoundingMode>("--rounding", text.substr(0, colon))};
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, rounding.random_bits);
    if (error != std::errc{} || stop != end || rounding.mode != spec::RoundingMode::Stochastic ||
        rounding.random_bits < 1 || rounding.random_bits > 32)
      throw BadInput("--rounding: \"" + text + "\" is not stochastic:N with N from 1 to 32");
  }
  return rounding;
}

}  // namespace

std::string subject_help() {
  std::string text = "what converts, all with the same result:";
  for (const std::string& name : conformance::subject_names()) text += " " + name;
  return text + "; or a device: process:COMMAND, plugin:FILE";
}

void set_freedom(spec::Policy& policy, const std::string& assignment) {
  const auto equals = assignment.find('=');
  const std::string name = assignment.substr(0, equals);
  bool found = false;
  std::string freedoms;
  spec::for_each_freedom(policy, [&]<class Enum>(const char* freedom, Enum& value) {
    freedoms += (freedoms.empty() ? "" : ", ") + std::string(freedom);
    if (name != freedom || equals == std::string::npos) return;
    value = parse_flag<Enum>("--policy " + name, assignment.substr(equals + 1));
    found = true;
  });
  if (!found)
    throw BadInput("--policy: \"" + assignment + "\" is not NAME=WORD with NAME one of " + freedoms);
}

void RequestOptions::add_conversion_flags(CLI::App& command, Seed seed_flag) {
  const std::string group = "Conversion";
  command.add_option("--profile", profile, "bundle of rule, rounding and policy that the other flags amend")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--scale-rule", scale_rule,
                  "how the scale follows from amax: " + known_words<spec::ScaleRuleType>())
      ->group(group);
  command
      .add_option("--rounding", rounding,
                  known_words<spec::RoundingMode>() + "; stochastic:N takes N random bits (16)")
      ->group(group);
  if (seed_flag == Seed::OfRounding)
    command.add_option("--seed", seed, "seed of stochastic rounding (0)")->group(group);
  command.add_option("--overflow", overflow, "FP8 beyond its range: " + known_words<spec::Overflow>())
      ->group(group);
  command
      .add_option("--policy", policy,
                  "NAME=WORD, one freedom of the standard; `mxemu formats` lists them; may be repeated")
      ->group(group)
      ->allow_extra_args(false);
  command.add_option("--block-size", block_size, "elements that share a scale (32, the conformant size)")
      ->group(group)
      ->check(CLI::Range(1, 1 << 30));
}

void RequestOptions::add_tensor_flags(CLI::App& command) {
  add_conversion_flags(command);
  command.add_option("--axis", axis, "dimension that blocks lie along; negative counts from the last")
      ->group("Conversion")
      ->capture_default_str();
  command
      .add_option("--tail", tail,
                  "a length that is no multiple of the block size: " + known_words<spec::Tail>())
      ->group("Conversion");
  command.add_option("--subject", subject, subject_help())->group("Conversion")->capture_default_str();
}

spec::Request RequestOptions::request(spec::BlockType format) const {
  const spec::Profile* bundle = spec::find_profile(profile);
  if (bundle == nullptr)
    throw BadInput("--profile: \"" + profile + "\" is none of " + known_names(spec::profiles));
  spec::Request request = spec::make_request(format, *bundle);
  if (!scale_rule.empty()) request.scale_rule = parse_flag<spec::ScaleRuleType>("--scale-rule", scale_rule);
  if (!rounding.empty()) request.rounding = parse_rounding(rounding);
  if (seed) {
    if (request.rounding.mode != spec::RoundingMode::Stochastic)
      throw BadInput("--seed goes with --rounding stochastic");
    request.rounding.seed = *seed;
  }
  for (const std::string& assignment : policy) set_freedom(request.policy, assignment);
  if (!overflow.empty()) request.policy.overflow = parse_flag<spec::Overflow>("--overflow", overflow);
  if (!tail.empty()) request.policy.tail = parse_flag<spec::Tail>("--tail", tail);
  if (block_size != 0) request.block_size = block_size;
  return request;
}

std::vector<spec::BlockType> parse_formats(const std::string& text) {
  std::vector<spec::BlockType> formats;
  if (const auto one = spec::parse_block_format(text)) return {*one};
  if (text != "all")
    throw BadInput("--format: \"" + text + "\" is none of " + known_names(spec::block_formats) + ", all");
  for (const spec::BlockFormat& row : spec::block_formats) formats.push_back(row.type);
  return formats;
}

spec::FloatType parse_float_type(const std::string& text) {
  return parse_flag<spec::FloatType>("--dtype", text);
}

}  // namespace mxemu::cli
