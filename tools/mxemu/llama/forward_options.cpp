#include "tools/mxemu/llama/forward_options.hpp"

#include "tools/llama/model/tensors.hpp"
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

}  // namespace mxemu::cli
