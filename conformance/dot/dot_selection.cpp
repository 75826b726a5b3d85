#include "conformance/dot/dot_selection.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/failure.hpp"

namespace mxemu::conformance {

bool names_check(const SuiteOptions& options, const DotCheck& check) {
  return options.check.empty() || options.check == "dot" || options.check == check.id;
}

bool names_pair(const SuiteOptions& options, const DotCapability& pair) {
  if (!options.operands.empty()) return options.operands == operands_text(pair);
  const auto& types = options.types;
  if (!types.empty() && std::find(types.begin(), types.end(), pair.output) == types.end()) return false;
  const auto& formats = options.formats;
  if (formats.empty() || formats.size() == std::size(spec::block_formats)) return true;
  return std::any_of(formats.begin(), formats.end(), [&](spec::BlockType format) {
    const spec::OperandType type = spec::operand_of(spec::format_of(format).element);
    return pair.a.type == type || pair.b.type == type;
  });
}

void require_names(const Subject& subject, const SuiteOptions& options) {
  if (!options.accumulator.empty() && !spec::parse_accumulator(options.accumulator))
    throw std::invalid_argument("there is no accumulator \"" + options.accumulator +
                                "\"; there is: " + accumulator_names());
  const auto checks = every_dot_check();
  if (std::none_of(checks.begin(), checks.end(), [&](const DotCheck* c) { return names_check(options, *c); }))
    throw std::invalid_argument("there is no check of dot products \"" + options.check + "\"");
  const auto pairs = subject.dot_capabilities();
  if (!options.operands.empty() && std::none_of(pairs.begin(), pairs.end(), [&](const DotCapability& pair) {
        return operands_text(pair) == options.operands;
      }))
    throw std::invalid_argument(subject.name() + " declares no dot product of \"" + options.operands + "\"");
}

std::string repro_command(const std::string& subject, const SuiteOptions& options, const DotCapability& pair,
                          const DotCheck& check) {
  std::string text =
      "mxemu check --subject " + shell_word(subject) + " --operation dot --operands " + operands_text(pair);
  if (!options.accumulator.empty()) text += " --accumulator " + options.accumulator;
  if (options.level != Level::Quick) text += std::string(" --level ") + spec::name_of(options.level);
  return text + " --check " + check.id + " --seed " + std::to_string(options.seed);
}

}  // namespace mxemu::conformance
