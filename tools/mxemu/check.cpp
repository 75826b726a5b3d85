// mxemu check: the conformance suite on any subject, with a verdict per clause.
#include <algorithm>
#include <deque>
#include <iostream>

#include "conformance/dot/dot_suite.hpp"
#include "conformance/verdict/check_report.hpp"
#include "conformance/verdict/check_words.hpp"
#include "tools/io/output_file.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

struct CheckOptions : conformance::CheckWords {
  CheckOptions() { prefix = "--"; }

  std::string subject;
  std::vector<std::string> reports;
  bool list = false;
  bool json_output = false;
};

/// What a report is written as, by the end of its name.
using Render = std::string (*)(const conformance::SuiteResult&);

Render renderer_of(const std::string& path) {
  if (path.ends_with(".html")) return conformance::to_html;
  if (path.ends_with(".xml")) return conformance::to_junit;
  if (path.ends_with(".json")) return conformance::to_json;
  throw BadInput("--report: \"" + path + "\" ends in none of .html, .json, .xml");
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
  const bool names_dots =
      std::find(operations.begin(), operations.end(), conformance::dot_operation) != operations.end();
  const bool dot_check = asked.check == conformance::dot_operation || asked.check.starts_with("dot/");
  const bool only_dots = dot_check || (operations.size() == 1 && names_dots) || !asked.accumulator.empty() ||
                         !asked.operands.empty();
  const bool only_conversions = !only_dots && ((!operations.empty() && !names_dots) || !asked.check.empty());
  const bool has_dots = !subject.dot_capabilities().empty();
  const bool has_conversions = !subject.capabilities().empty();
  if (only_dots || (!has_conversions && has_dots))
    return run_with_progress(conformance::run_dot_suite, subject, options);
  conformance::SuiteResult result = run_with_progress(run_conversions, subject, options);
  if (only_conversions || !has_dots) return result;
  result.append(run_with_progress(conformance::run_dot_suite, subject, options));
  return result;
}

void list(const CheckOptions& options) {
  std::cout << (options.json_output ? conformance::check_list_json() : conformance::check_list());
}

/// Prints the verdict and writes the reports: of a run that a device broke too, so that no older report
/// stands for it.
void publish(const CheckOptions& options, const conformance::SuiteResult& result,
             std::deque<io::OutputFile>& reports) {
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const std::string text = renderer_of(options.reports[i])(result);
    reports[i].append(std::as_bytes(std::span(text)));
    reports[i].commit();
  }
  std::cout << (options.json_output ? conformance::to_json(result) : conformance::to_text(result))
            << std::flush;
}

int run(const CheckOptions& options) {
  if (options.list) {
    list(options);
    return 0;
  }
  if (options.subject.empty()) throw BadInput("check needs --subject; " + subject_help());
  conformance::SuiteOptions suite = options.options();
  std::deque<io::OutputFile> reports;  // what cannot be written is told before the work, not after it
  for (const std::string& path : options.reports) {
    renderer_of(path);
    reports.emplace_back(path);
  }
  const auto subject = conformance::make_subject(options.subject);
  if (options.profile == conformance::automatic_profile) conformance::identify_first(*subject, suite);
  try {
    const conformance::SuiteResult result = run_both(*subject, options, suite);
    publish(options, result, reports);
    return result.exit_status();
  } catch (const conformance::BrokenRun& broken) {
    publish(options, broken.so_far, reports);
    throw;
  }
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
      "3 cells that a check promises were not hit, or nothing was judged. Conformant with an alternative is "
      "0;\n"
      "`--json` tells the two apart.");
  add_flags(*command, *options);
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
