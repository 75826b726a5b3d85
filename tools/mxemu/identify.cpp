// mxemu identify: what a device does, found out by asking.
#include "tools/mxemu/identify.hpp"

#include <algorithm>
#include <iostream>

#include "conformance/subject.hpp"
#include "conformance/verdict/json_text.hpp"
#include "tools/mxemu/commands.hpp"

namespace mxemu::cli {
namespace {

struct IdentifyOptions {
  std::string subject;
  std::string format = "all";
  bool json_output = false;
};

int run(const IdentifyOptions& options) {
  const auto subject = conformance::make_subject(options.subject);
  const auto formats = parse_formats(options.format);
  const auto identity = conformance::identify(*subject, formats);
  const auto dots = conformance::identify_dots(*subject, formats);
  if (options.json_output) {
    nlohmann::json document = to_json(identity);
    if (!dots.empty()) document["dots"] = to_json(dots);
    std::cout << conformance::json_text(document);
  } else {
    print_text(dots, subject->name(), std::cout);
    if (!subject->capabilities().empty() || dots.empty()) print_text(identity, std::cout);
  }
  return exit_status(identity, dots);
}

}  // namespace

int exit_status(const conformance::Identity& identity, const DotIdentities& dots) {
  constexpr int identified = 0, not_identified = 1, nothing_probed = 3;
  const bool any_dots =
      std::any_of(dots.begin(), dots.end(), [](const auto& dot) { return dot.probes != 0; });
  if (identity.formats.empty() && !any_dots) return nothing_probed;
  const bool all_dots = std::all_of(dots.begin(), dots.end(),
                                    [](const auto& dot) { return dot.probes == 0 || dot.model.has_value(); });
  const bool all_formats = identity.formats.empty() || identity.is_identified();
  return all_formats && all_dots ? identified : not_identified;
}

void add_identify_command(CLI::App& app, int& status) {
  auto options = std::make_shared<IdentifyOptions>();
  CLI::App* command = app.add_subcommand(
      "identify",
      "What a device does, freedom by freedom, and the profile or accumulator that does the same");
  command->footer(
      "Asks a few hundred questions whose answers tell behaviours apart. The profiles that it knows are "
      "those\n"
      "of `mxemu formats`.\n"
      "Example:\n"
      "  mxemu identify --subject fast --format MXFP4_E2M1\n"
      "Exit status: 0 every format that the device has is identified, 1 one matches no profile, 2 bad input "
      "or\n"
      "a broken device, 3 nothing could be probed.");
  command->add_option("--subject", options->subject, "what is identified: " + subject_help())->required();
  command->add_option("--format", options->format, "one format by its name, or all")->capture_default_str();
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
