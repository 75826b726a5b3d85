// `mxemu llama COMMAND`: LLaMA-family checkpoints through the formats. One file per command.
#pragma once

#include <CLI/CLI.hpp>

namespace mxemu::cli {

/// The group itself, with all its commands.
void add_llama_commands(CLI::App& app);

void add_tokenize_command(CLI::App& group);

}  // namespace mxemu::cli
