// mxemu vectors verify: golden vectors put to a subject.
#include <algorithm>
#include <iostream>
#include <memory>

#include "conformance/vectors/layouts.hpp"
#include "conformance/vectors/vector_set.hpp"
#include "tools/mxemu/vectors.hpp"

namespace mxemu::cli {
namespace {

namespace fs = std::filesystem;
namespace vectors = conformance::vectors;

struct VerifyOptions {
  std::vector<std::string> paths;
  std::string subject = "reference";
  std::size_t show = 3;
  bool json_output = false;
};

/// A manifest beside a file must state the file's digest; a manifest's files must be there.
void check_manifest(const fs::path& directory) {
  const fs::path path = directory / vectors::manifest_name;
  if (!fs::exists(path)) return;
  for (const auto& [name, digest] : vectors::read_manifest(path.string(), read_text(path))) {
    const fs::path file = directory / name;
    if (!fs::exists(file))
      throw BadInput(file.string() + ": " + path.string() + " names it, and it is not there");
    const std::string found = vectors::sha256_of(read_text(file));
    if (found != digest)
      throw BadInput(file.string() + ": its SHA-256 is " + found + " where " + path.string() + " states " +
                     digest);
  }
}

bool can(const conformance::Subject& subject, const vectors::VectorFile& file) {
  const auto capabilities = subject.capabilities();
  const conformance::Capability wanted = {file.operation, file.request.format, file.type};
  return std::find(capabilities.begin(), capabilities.end(), wanted) != capabilities.end();
}

int run(const VerifyOptions& options) {
  const auto subject = conformance::make_subject(options.subject);
  for (const std::string& path : options.paths)
    if (fs::is_directory(path)) check_manifest(path);
  vectors::Judge judge(options.show);
  std::size_t layouts = 0;
  std::size_t skipped = 0;
  for (const fs::path& path : vector_paths(options.paths)) {
    const std::string text = read_text(path);
    if (vectors::is_layout_file(text)) {
      layouts += vectors::verify_layouts(path.string(), text);
      continue;
    }
    const vectors::VectorFile file = vectors::read_vectors(path.string(), text);
    if (!can(*subject, file)) {
      skipped += file.count();
      continue;
    }
    for (const vectors::Group& group : file.groups) judge.judge(group, subject->answer(group.cases));
  }
  if (!options.json_output && layouts > 0)
    std::cout << "layouts: " + std::to_string(layouts) + " cases agree with the reference\n";
  if (!options.json_output && skipped > 0)
    std::cout << "SKIPPED  " + std::to_string(skipped) + " cases that " + options.subject +
                     " does not declare\n";
  vectors::Verdict verdict = judge.verdict();
  verdict.unsupported += skipped;
  // Layouts are judged against the reference alone.
  if (options.subject == "reference") verdict.cases += layouts;
  return report_verdict(verdict, options.subject, options.json_output);
}

}  // namespace

void add_vectors_verify(CLI::App& vectors, int& status) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command =
      vectors.add_subcommand("verify", "Put the cases of vector files to a subject and judge its answers");
  command->footer(
      "Examples:\n  mxemu vectors verify conformance/vectors/ocp\n"
      "  mxemu vectors verify conformance/vectors/ocp/quantize_MXFP4_E2M1_f32.jsonl --subject process:./dut\n"
      "A directory's manifest is checked first. Exit status: 0 passed, 1 failed, 2 a bad file or a broken\n"
      "device, 3 nothing judged.");
  command->add_option("FILE", options->paths, "vector files, or directories of them")->required();
  command->add_option("--subject", options->subject, subject_help())->capture_default_str();
  command->add_option("--show", options->show, "failing cases to explain")->capture_default_str();
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
