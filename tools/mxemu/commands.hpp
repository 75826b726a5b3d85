// The commands of mxemu. Each adds its flags to the command line and runs from its callback.
#pragma once

#include "tools/mxemu/options.hpp"

namespace mxemu::cli {

void add_formats_command(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_roundtrip_command(CLI::App& app);
void add_quantize_command(CLI::App& app);
void add_dequantize_command(CLI::App& app);
void add_explain_command(CLI::App& app);
/// Commands that judge leave their exit status in `status`.
void add_identify_command(CLI::App& app, int& status);
void add_check_command(CLI::App& app, int& status);
void add_judge_command(CLI::App& app, int& status);
void add_matmul_command(CLI::App& app, int& status);
void add_museum_command(CLI::App& app, int& status);
void add_vectors_command(CLI::App& app, int& status);

}  // namespace mxemu::cli
