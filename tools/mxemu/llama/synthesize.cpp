// mxemu llama synthesize: a checkpoint of random weights.
#include "tools/llama/model/synthesize.hpp"

#include <filesystem>
#include <iostream>

#include "tools/mxemu/llama/llama.hpp"
#include "tools/mxemu/options.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

struct SynthesizeOptions {
  std::string like, type = "bf16";
  std::filesystem::path output;
  std::size_t layers = 0;
  llama::SynthesisOptions weights;
};

/// A file of that name, else a model of that name.
llama::Config shape_of(const SynthesizeOptions& options) {
  std::filesystem::path file = options.like;
  if (std::filesystem::is_directory(file)) file /= "config.json";
  llama::Config config =
      std::filesystem::exists(file) ? llama::read_config(file) : llama::preset_config(options.like);
  if (options.layers != 0) config.layers = options.layers;
  return config;
}

void run(SynthesizeOptions options) {
  const llama::Config config = shape_of(options);
  options.weights.type = parse_float_type(options.type);
  const std::uint64_t bytes = llama::synthesized_bytes(config, options.weights.type);
  Progress progress(bytes, Progress::Rate::None);
  progress.label("writing");
  llama::synthesize(config, options.output, options.weights,
                    [&](std::uint64_t written) { progress.advance(written); });
}

}  // namespace

void add_synthesize_command(CLI::App& group) {
  auto options = std::make_shared<SynthesizeOptions>();
  CLI::App* command =
      group.add_subcommand("synthesize", "Write a checkpoint of random weights in the shape of a model");
  std::string names;
  for (const std::string& name : llama::preset_names()) names += (names.empty() ? "" : ", ") + name;
  command->footer(
      "Example:\n  mxemu llama synthesize --like llama-3.2-1b --layers 2 -o model\n"
      "Models: " +
      names);
  command->add_option("--like", options->like, "a model, a config.json, or the directory of one")->required();
  command->add_option("-o,--output", options->output, "the directory to write, absent or empty")->required();
  command->add_option("--seed", options->weights.seed, "of the weights")->capture_default_str();
  command->add_option("--shards", options->weights.shards, "files (default: as few as 5 GB each allow)")
      ->check(CLI::Range(1, 99999));
  command->add_option("--layers", options->layers, "instead of the model's own number of layers")
      ->check(CLI::Range(1, 10000));
  command->add_option("--dtype", options->type, "of the weights: bf16, f16 or f32")->capture_default_str();
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
