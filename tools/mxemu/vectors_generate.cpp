// mxemu vectors generate: golden vectors as JSON Lines.
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "conformance/vectors/vector_set.hpp"
#include "tools/mxemu/vectors.hpp"

namespace mxemu::cli {
namespace {

namespace fs = std::filesystem;
using conformance::vectors::TextFile;

struct GenerateOptions {
  std::string out;
  std::string format = "all";
  bool json_output = false;
  CaseOptions cases;
  DotOptions dots;

  bool with_dots() const { return format == "all" || format == "none"; }
};

void run(const GenerateOptions& options) {
  conformance::vectors::SetRecipe recipe = {.requests = {},
                                            .profile = options.cases.conversion.profile,
                                            .type = parse_float_type(options.cases.dtype),
                                            .level = options.cases.parsed_level(),
                                            .seed = options.cases.seed,
                                            .random_cases = options.cases.parsed_random_cases()};
  if (options.with_dots())
    for (const spec::Accumulator* row : options.dots.rows())
      recipe.dots.push_back(options.dots.recipe(*row, options.cases));
  for (const spec::BlockType format :
       options.format == "none" ? std::vector<spec::BlockType>() : parse_formats(options.format))
    recipe.requests.push_back(options.cases.conversion.request(format));
  std::error_code failure;
  fs::create_directories(options.out, failure);
  if (!fs::is_directory(options.out)) throw BadInput(options.out + ": this directory cannot be made");
  std::size_t files = 0;
  std::size_t cases = 0;
  std::size_t bytes = 0;
  conformance::vectors::write_vector_set(recipe, [&](const TextFile& file) {
    write_text(fs::path(options.out) / file.name, file.text);
    ++files;
    cases += file.cases;
    bytes += file.text.size();
  });
  if (options.json_output)
    std::cout << nlohmann::json{{"directory", options.out},
                                {"files", files},
                                {"cases", cases},
                                {"bytes", bytes}}
                     .dump(2)
              << "\n";
  else
    std::cout << options.out + ": " + std::to_string(cases) + " cases in " + std::to_string(files) +
                     " files, " + std::to_string(bytes) + " bytes\n";
}

}  // namespace

void add_vectors_generate(CLI::App& vectors) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command = vectors.add_subcommand(
      "generate",
      "Write a directory of golden vectors, a JSON Lines file per operation and format and per accumulator");
  command->footer(
      "Example:\n  mxemu vectors generate --out golden --format MXFP4_E2M1 --level full\n"
      "  mxemu vectors generate --out dots --format none --accumulator blackwell_mxf8f6f4 --level full\n"
      "conformance/vectors/SCHEMA.md says what stands in the files. The same arguments write the same "
      "bytes.");
  command->add_option("--out", options->out, "the directory")->required();
  command
      ->add_option("--format", options->format,
                   "an MX format, or all (with dot products), or none (dot products alone)")
      ->capture_default_str();
  command->add_flag("--json", options->json_output, "print JSON");
  options->cases.add_flags(*command);
  options->dots.add_flags(*command, "all");
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
