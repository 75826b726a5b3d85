// mxemu vectors verify: golden vectors put to a subject.
#include <algorithm>
#include <iostream>
#include <memory>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/vectors/dot_judge.hpp"
#include "conformance/vectors/layouts.hpp"
#include "conformance/vectors/vector_set.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/vectors.hpp"

namespace mxemu::cli {
namespace {

namespace fs = std::filesystem;
namespace vectors = conformance::vectors;

struct VerifyOptions {
  std::vector<std::string> paths;
  std::string subject = "reference";
  std::string accumulator;
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

/// Files put to the subject, one after the other.
class Verifier {
 public:
  explicit Verifier(const VerifyOptions& options)
      : options_(options),
        subject_(conformance::make_subject(options.subject)),
        judge_(options.show),
        dot_judge_(options.show) {}

  void add(const fs::path& path) {
    const std::string text = read_text(path);
    switch (vectors::kind_of(text)) {
      case vectors::FileKind::Layouts: layouts_ += vectors::verify_layouts(path.string(), text); return;
      case vectors::FileKind::Operation: return add(vectors::read_vectors(path.string(), text));
      case vectors::FileKind::Dot: return add(vectors::read_dot_vectors(path.string(), text));
    }
  }

  int report() const {
    if (!options_.json_output && layouts_ > 0)
      std::cout << "layouts: " + std::to_string(layouts_) + " cases agree with the reference\n";
    if (!options_.json_output && skipped_ > 0)
      std::cout << "SKIPPED  " + std::to_string(skipped_) + " cases that " + options_.subject +
                       " does not declare\n";
    vectors::Verdict verdict = judge_.verdict();
    verdict.add(dot_judge_.verdict());
    verdict.unsupported += skipped_;
    if (is_reference()) verdict.cases += layouts_;  // they are judged against the reference alone
    return report_verdict(verdict, options_.subject, options_.json_output);
  }

 private:
  bool is_reference() const { return options_.subject == "reference"; }

  void add(const vectors::VectorFile& file) {
    if (!can(*subject_, file)) {
      skipped_ += file.count();
      return;
    }
    for (const vectors::Group& group : file.groups) judge_.judge(group, subject_->answer(group.cases));
  }

  void add(const vectors::DotVectorFile& file) {
    // The reference sums as every accumulator does, and declares one.
    const auto reference = is_reference() ? conformance::make_dot_subject(*file.row) : nullptr;
    conformance::Subject& subject = reference ? *reference : *subject_;
    for (const vectors::DotGroup& group : file.groups)
      if (sums(subject, *file.row, group.cases.pair()))
        dot_judge_.judge(*file.row, group, subject.answer_dot(group.cases));
      else
        skipped_ += group.ids.size();
  }

  /// Whether the subject declares the pair, summed by the row; --accumulator says so for one that names none.
  bool sums(const conformance::Subject& subject, const spec::Accumulator& row,
            const conformance::DotCapability& pair) const {
    const auto capabilities = subject.dot_capabilities();
    return std::any_of(capabilities.begin(), capabilities.end(), [&](conformance::DotCapability declared) {
      const std::string name = options_.accumulator.empty() ? declared.accumulator : options_.accumulator;
      declared.accumulator.clear();
      return declared == pair && name == row.name;
    });
  }

  const VerifyOptions& options_;
  std::unique_ptr<conformance::Subject> subject_;
  vectors::Judge judge_;
  vectors::DotJudge dot_judge_;
  std::size_t layouts_ = 0;
  std::size_t skipped_ = 0;
};

int run(const VerifyOptions& options) {
  if (!options.accumulator.empty()) parse_accumulator_flag("--accumulator", options.accumulator);
  Verifier verifier(options);
  for (const std::string& path : options.paths)
    if (fs::is_directory(path)) check_manifest(path);
  for (const fs::path& path : vector_paths(options.paths)) verifier.add(path);
  return verifier.report();
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
  command->add_option("--accumulator", options->accumulator,
                      "how the subject sums dot products (what it declares; else they are skipped)");
  command->add_option("--show", options->show, "failing cases to explain")->capture_default_str();
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
