// mxemu check: the conformance suite on any subject, with a verdict per clause.
#include "tools/mxemu/check.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "conformance/dot/dot_suite.hpp"
#include "conformance/identify/identify.hpp"
#include "tools/io/output_file.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

struct CheckOptions {
  std::string subject;
  std::vector<std::string> formats = {"all"};
  std::vector<std::string> types;
  std::vector<std::string> operations;
  std::string profile = spec::default_profile.name;
  std::string level = spec::name_of(conformance::Level::Quick);
  std::string check;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> only_case;
  std::string accumulator;
  std::string operands;
  std::vector<std::string> reports;
  bool list = false;
  bool json_output = false;
};

/// What a report is written as, by the end of its name.
using Render = std::string (*)(const conformance::SuiteResult&);

Render renderer_of(const std::string& path) {
  if (path.ends_with(".html")) return to_html;
  if (path.ends_with(".xml")) return to_junit;
  if (path.ends_with(".json"))
    return [](const conformance::SuiteResult& result) { return to_json(result).dump(2) + "\n"; };
  throw BadInput("--report: \"" + path + "\" ends in none of .html, .json, .xml");
}

constexpr const char* automatic = "auto";
constexpr const char* dot_operation = "dot";

const spec::Profile& chosen_profile(const std::string& name) {
  if (name == automatic) return spec::default_profile;
  if (const spec::Profile* profile = spec::find_profile(name)) return *profile;
  std::string known;
  for (const spec::Profile& profile : spec::profiles)
    known += (known.empty() ? "" : ", ") + std::string(profile.name);
  throw BadInput("--profile: \"" + name + "\" is none of " + automatic + ", " + known);
}

conformance::SuiteOptions suite_options(const CheckOptions& options) {
  conformance::SuiteOptions suite;
  for (const std::string& text : options.formats)
    for (const spec::BlockType format : parse_formats(text)) suite.formats.push_back(format);
  for (const std::string& text : options.types)
    suite.types.push_back(parse_flag<spec::FloatType>("--type", text));
  for (const std::string& text : options.operations)
    if (text != dot_operation)
      suite.operations.push_back(parse_flag<conformance::Operation>("--operation", text));
  suite.profile = &chosen_profile(options.profile);
  suite.level = parse_flag<conformance::Level>("--level", options.level);
  suite.check = options.check;
  suite.seed = options.seed;
  suite.only_case = options.only_case;
  suite.accumulator = options.accumulator;
  suite.operands = options.operands;
  return suite;
}

/// The subject is judged by what it was found to do: every profile that matches it in all formats, or what it
/// does in each.
void identify_first(conformance::Subject& subject, conformance::SuiteOptions& suite) {
  std::vector<spec::BlockType> formats = suite.formats;
  if (formats.empty())
    for (const auto& format : spec::block_formats) formats.push_back(format.type);
  const conformance::Identity identity = conformance::identify(subject, formats);
  for (const auto& format : identity.formats)
    if (const spec::Request* request = identity.request(format.format))
      suite.identified[format.format] = *request;
  for (const spec::Profile* profile : identity.matches())
    suite.identity += (suite.identity.empty() ? "" : " or ") + std::string(profile->name);
  if (suite.identity.empty())
    suite.identity = identity.is_identified() ? "a profile of its own in each format" : "no known profile";
}

using RunSuite = conformance::SuiteResult (*)(conformance::Subject&, const conformance::SuiteOptions&,
                                              const conformance::OnProgress&);

conformance::SuiteResult run_with_progress(RunSuite run_suite, conformance::Subject& subject,
                                           const conformance::SuiteOptions& options) {
  std::optional<Progress> progress;
  std::size_t done = 0;
  return run_suite(subject, options, [&](const conformance::SuiteProgress& place) {
    if (!progress) progress.emplace(place.total, Progress::Rate::None);
    progress->label(place.what);
    progress->advance(place.done - done);
    done = place.done;
    return true;
  });
}

conformance::SuiteResult run_conversions(conformance::Subject& subject,
                                         const conformance::SuiteOptions& options,
                                         const conformance::OnProgress& on_progress) {
  return conformance::run_suite(subject, options, on_progress);
}

/// Conversions, dot products, or both, as the operations and the check that were asked for say.
conformance::SuiteResult run_both(conformance::Subject& subject, const CheckOptions& asked,
                                  const conformance::SuiteOptions& options) {
  const auto& operations = asked.operations;
  const bool names_dots = std::find(operations.begin(), operations.end(), dot_operation) != operations.end();
  const bool dot_check = asked.check == dot_operation || asked.check.starts_with("dot/");
  const bool only_dots = dot_check || (operations.size() == 1 && names_dots) || !asked.accumulator.empty() ||
                         !asked.operands.empty();
  const bool only_conversions = !only_dots && ((!operations.empty() && !names_dots) || !asked.check.empty());
  const bool has_dots = !subject.dot_capabilities().empty();
  const bool has_conversions = !subject.capabilities().empty();
  if (only_dots || (!has_conversions && has_dots))
    return run_with_progress(conformance::run_dot_suite, subject, options);
  conformance::SuiteResult result = run_with_progress(run_conversions, subject, options);
  if (only_conversions || !has_dots) return result;
  for (auto& check : run_with_progress(conformance::run_dot_suite, subject, options).checks)
    result.checks.push_back(std::move(check));
  return result;
}

void list(const CheckOptions& options) {
  if (options.json_output)
    std::cout << check_list_json().dump(2) << "\n";
  else
    print_check_list(std::cout);
}

int run(const CheckOptions& options) {
  if (options.list) {
    list(options);
    return 0;
  }
  if (options.subject.empty()) throw BadInput("check needs --subject; " + subject_help());
  conformance::SuiteOptions suite = suite_options(options);
  for (const std::string& path : options.reports) renderer_of(path);
  const auto subject = conformance::make_subject(options.subject);
  if (options.profile == automatic) identify_first(*subject, suite);
  const conformance::SuiteResult result = run_both(*subject, options, suite);
  for (const std::string& path : options.reports) {
    const std::string text = renderer_of(path)(result);
    io::OutputFile file(path);
    file.append(std::as_bytes(std::span(text)));
    file.commit();
  }
  if (options.json_output)
    std::cout << to_json(result).dump(2) << "\n";
  else
    print_text(result, std::cout);
  return result.exit_status();
}

void add_flags(CLI::App& command, CheckOptions& options) {
  command.add_option("--subject", options.subject, "what is judged: " + subject_help());
  command.add_option("--format", options.formats, "an MX format, or all; may be repeated")
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      .add_option("--type", options.types,
                  "float type, may be repeated: " + known_words<spec::FloatType>() + " (all)")
      ->allow_extra_args(false);
  command
      .add_option("--operation", options.operations,
                  "operation, may be repeated: " + known_words<conformance::Operation>() + ", dot (all)")
      ->allow_extra_args(false);
  command
      .add_option("--profile", options.profile,
                  "what the subject is meant to do: a profile, or auto: what it is found to do")
      ->capture_default_str();
  command.add_option("--accumulator", options.accumulator,
                     "how the subject is meant to sum dot products, such as block_exact or "
                     "blackwell_mxf8f6f4 (what it declares, "
                     "or whatever explains its answers)");
  command.add_option("--operands", options.operands,
                     "dot products of this pair alone, such as MXFP8_E4M3,MXFP4_E2M1,f32");
  command.add_option("--level", options.level, known_words<conformance::Level>())->capture_default_str();
  command.add_option("--check", options.check, "a check or a group of checks, as --list names them (all)");
  command.add_option("--seed", options.seed, "seed of the random cases")->capture_default_str();
  command.add_option("--case", options.only_case, "asks for this one case, as a failure's repro line does");
  command
      .add_option("--report", options.reports,
                  "writes OUT.html, OUT.json or OUT.xml (JUnit); may be repeated")
      ->allow_extra_args(false);
  command.add_flag("--list", options.list, "lists the checks and what the standard says of each");
  command.add_flag("--json", options.json_output, "print JSON");
}

}  // namespace

void add_check_command(CLI::App& app, int& status) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "The conformance suite on a subject: a verdict per clause");
  command->footer(
      "Examples:\n  mxemu check --subject fast --format MXFP4_E2M1 --report verdict.html\n"
      "  mxemu check --list\n"
      "Exit status: 0 judged, passed and trusted; 1 something failed; 2 bad input or a broken device;\n"
      "3 cells that a check promises were not hit, or nothing was judged.");
  add_flags(*command, *options);
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
