#include "tools/mxemu/options.hpp"

#include "conformance/subject.hpp"

namespace mxemu::cli {

std::string subject_help() {
  std::string text = "what converts, all with the same result:";
  for (const std::string& name : conformance::subject_names()) text += " " + name;
  return text + "; or a device: process:COMMAND, plugin:FILE";
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

spec::FloatType parse_float_type(const std::string& text) {
  return parse_flag<spec::FloatType>("--dtype", text);
}

}  // namespace mxemu::cli
