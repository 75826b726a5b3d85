#include "tools/mxemu/llama/llama.hpp"

namespace mxemu::cli {

void add_llama_commands(CLI::App& app) {
  CLI::App* group = app.add_subcommand("llama", "A LLaMA-family checkpoint through the formats");
  group->require_subcommand(1);
  group->footer("`mxemu llama COMMAND --help` shows a command's flags and an example.");
  add_generate_command(*group);
  add_perplexity_commands(*group);
  add_recipes_command(*group);
  add_synthesize_command(*group);
  add_tokenize_command(*group);
}

}  // namespace mxemu::cli
