// mxemu vectors export: vector files as memories for $readmemh.
#include <iostream>
#include <memory>

#include "conformance/vectors/dot_memory.hpp"
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

/// Writes pairs of memories and gathers the README that describes them.
class Exporter {
 public:
  explicit Exporter(fs::path directory) : directory_(std::move(directory)) {}

  void add(const fs::path& path) {
    const std::string text = read_text(path);
    const std::string stem = path.stem().string();
    try {
      switch (vectors::kind_of(text)) {
        case vectors::FileKind::Layouts: return;  // whole arrays of bytes, which no converter has as an input
        case vectors::FileKind::Operation:
          return write(stem, vectors::make_memory(vectors::read_vectors(path.string(), text)));
        case vectors::FileKind::Dot:
          for (const auto& memory :
               vectors::make_dot_memories(vectors::read_dot_vectors(path.string(), text)))
            write(stem + "_" + memory.name(), memory);
      }
    } catch (const std::invalid_argument& error) {
      throw BadInput(path.string() + ": " + error.what());
    }
  }

  void finish() const {
    if (pairs_ == 0) throw BadInput("there is no file of an operation among these, only layouts");
    write_text(directory_ / "README.md", readme_);
    std::cout << directory_.string() + ": " + std::to_string(words_) + " words in " + std::to_string(pairs_) +
                     " pairs of memories; README.md there says what a word holds\n";
  }

 private:
  template <class Memory>
  void write(const std::string& stem, const Memory& memory) {
    write_text(directory_ / (stem + ".inputs.memh"), memory.inputs);
    write_text(directory_ / (stem + ".expected.memh"), memory.expected);
    readme_ += vectors::describe_memory(stem, memory);
    ++pairs_;
    words_ += memory.words;
  }

  fs::path directory_;
  std::string readme_ = vectors::memory_readme_head();
  std::size_t pairs_ = 0;
  std::size_t words_ = 0;
};

void run(const ExportOptions& options) {
  std::error_code failure;
  fs::create_directories(options.memh, failure);
  if (!fs::is_directory(options.memh)) throw BadInput(options.memh + ": this directory cannot be made");
  Exporter exporter(options.memh);
  for (const fs::path& path : vector_paths(options.paths)) exporter.add(path);
  exporter.finish();
}

}  // namespace

void add_vectors_export(CLI::App& vectors) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = vectors.add_subcommand(
      "export", "Write vector files as $readmemh memories: inputs and expected answers");
  command->footer(
      "Example:\n  mxemu vectors export conformance/vectors/ocp/quantize_MXFP4_E2M1_f32.jsonl --memh mem\n"
      "An answer has the digit x where any value will do. Layouts are left out. A file of dot products\n"
      "becomes a pair of memories for every pair of operands in it.");
  command->add_option("FILE", options->paths, "vector files, or directories of them")->required();
  command->add_option("--memh", options->memh, "the directory for the memories")->required();
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
