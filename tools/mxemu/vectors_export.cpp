// mxemu vectors export: vector files as memories for $readmemh.
#include <iostream>
#include <memory>

#include "conformance/vectors/memory_file.hpp"
#include "tools/mxemu/vectors.hpp"

namespace mxemu::cli {
namespace {

namespace fs = std::filesystem;
namespace vectors = conformance::vectors;

struct ExportOptions {
  std::vector<std::string> paths;
  std::string memh;
};

void run(const ExportOptions& options) {
  std::error_code failure;
  fs::create_directories(options.memh, failure);
  if (!fs::is_directory(options.memh)) throw BadInput(options.memh + ": this directory cannot be made");
  std::string readme = vectors::memory_readme_head();
  std::size_t files = 0;
  std::size_t words = 0;
  for (const fs::path& path : vector_paths(options.paths)) {
    const std::string text = read_text(path);
    if (vectors::is_layout_file(text)) continue;  // whole arrays of bytes, which no converter has as an input
    vectors::Memory memory;
    try {
      memory = vectors::make_memory(vectors::read_vectors(path.string(), text));
    } catch (const std::invalid_argument& error) {
      throw BadInput(path.string() + ": " + error.what());
    }
    const std::string stem = path.stem().string();
    write_text(fs::path(options.memh) / (stem + ".inputs.memh"), memory.inputs);
    write_text(fs::path(options.memh) / (stem + ".expected.memh"), memory.expected);
    readme += vectors::describe_memory(stem, memory);
    ++files;
    words += memory.words;
  }
  if (files == 0) throw BadInput("there is no file of an operation among these, only layouts");
  write_text(fs::path(options.memh) / "README.md", readme);
  std::cout << options.memh + ": " + std::to_string(words) + " words in " + std::to_string(files) +
                   " pairs of memories; README.md there says what a word holds\n";
}

}  // namespace

void add_vectors_export(CLI::App& vectors) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = vectors.add_subcommand(
      "export", "Write vector files as $readmemh memories: inputs and expected answers");
  command->footer(
      "Example:\n  mxemu vectors export conformance/vectors/ocp/quantize_MXFP4_E2M1_f32.jsonl --memh mem\n"
      "An answer has the digit x where any value will do. Layouts are left out.");
  command->add_option("FILE", options->paths, "vector files, or directories of them")->required();
  command->add_option("--memh", options->memh, "the directory for the memories")->required();
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
