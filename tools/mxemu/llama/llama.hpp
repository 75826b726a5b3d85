// `mxemu llama COMMAND`: LLaMA-family checkpoints through the formats. One file per command.
#pragma once

#include <CLI/CLI.hpp>

namespace mxemu::cli {

/// The group itself, with all its commands.
void add_llama_commands(CLI::App& app);

void add_generate_command(CLI::App& group);
/// perplexity and kld.
void add_perplexity_commands(CLI::App& group);
void add_recipes_command(CLI::App& group);
void add_synthesize_command(CLI::App& group);
void add_tokenize_command(CLI::App& group);

}  // namespace mxemu::cli
