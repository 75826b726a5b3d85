#include "tools/mxemu/llama/forward_options.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tools/llama/model/tensors.hpp"
#include "tools/llama/recipe/built_in.hpp"
#include "tools/llama/recipe/recipe_operands.hpp"
#include "tools/llama/recipe/weight_bits.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

llama::Compute chosen_compute(const std::string& name, const llama::Checkpoint& checkpoint) {
  using llama::Compute;
  if (name.empty())
    return checkpoint.weight(llama::embedding_name).type == spec::FloatType::Float32 ? Compute::Float32
                                                                                     : Compute::BFloat16;
  for (const Compute compute : {Compute::Float32, Compute::BFloat16})
    if (name == llama::name_of(compute)) return compute;
  throw BadInput("--compute: \"" + name + "\" is neither f32 nor bf16");
}

llama::Recipe recipe_named(const std::string& name) {
  try {
    return llama::find_recipe(name);
  } catch (const std::invalid_argument& error) {
    throw BadInput(std::string("--recipe: ") + error.what());
  }
}

}  // namespace

void ForwardOptions::add_flags(CLI::App& command) {
  command.add_option("--model", model, "a Hugging Face directory, or a llama2.c .bin")->required();
  command.add_option("--compute", compute, "f32 or bf16 (default: f32 where the weights are f32, else bf16)");
  command
      .add_option(
          "--accumulator", accumulators,
          "every product exactly as this one sums (`mxemu matmul --list-accumulators`); of several, the "
          "first that takes the product's operands; default: a matrix library")
      ->delimiter(',');
  command.add_option("--prefill-chunk", prefill_chunk, "tokens of one pass")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command.add_option("--threads", threads, "at most so many (default: as OpenMP says)")
      ->check(CLI::Range(1, 4096));
}

llama::SessionOptions ForwardOptions::session(const llama::Checkpoint& checkpoint) const {
  llama::SessionOptions options{.compute = chosen_compute(compute, checkpoint),
                                .prefill_chunk = prefill_chunk,
                                .execution = {.threads = threads}};
  for (const std::string& name : accumulators)
    options.accumulators.push_back(parse_accumulator_flag("--accumulator", name));
  return options;
}

void ForwardOptions::add_recipe_flag(CLI::App& command) {
  command.add_option("--recipe", recipe,
                     "what is quantised, and how: a name (`mxemu llama recipes`) or a JSON file");
}

std::unique_ptr<llama::Operands> ForwardOptions::operands(const llama::Checkpoint& checkpoint) const {
  if (recipe.empty()) return nullptr;
  const llama::SessionOptions options = session(checkpoint);
  try {
    return std::make_unique<llama::RecipeOperands>(recipe_named(recipe), checkpoint.config(), options.compute,
                                                   options.execution);
  } catch (const std::invalid_argument& error) {
    throw BadInput("--recipe " + recipe + ": " + error.what());
  }
}

nlohmann::ordered_json ForwardOptions::weight_bits(const llama::Checkpoint& checkpoint) const {
  if (recipe.empty()) return nullptr;
  const llama::Recipe named = recipe_named(recipe);
  const int stored = session(checkpoint).compute == llama::Compute::BFloat16 ? 16 : 32;
  const llama::WeightBits bits = llama::weight_bits(named, checkpoint.config(), stored);
  return {{"name", named.name.empty() ? recipe : named.name},
          {"linear_weights", bits.weights},
          {"quantized_weights", bits.quantized},
          {"bits_per_quantized_weight", bits.average(true)},
          {"bits_without_scales", bits.average(false)},
          {"bits_per_linear_weight", bits.average_of_all()}};
}

std::unique_ptr<llama::Tokenizer> ForwardOptions::open_tokenizer(const std::filesystem::path& named) const {
  if (named.empty() && !std::filesystem::is_directory(model))
    throw BadInput("--tokenizer: a model in one file has no tokenizer, so one must be named");
  return llama::open_tokenizer(named.empty() ? model : named);
}

}  // namespace mxemu::cli
