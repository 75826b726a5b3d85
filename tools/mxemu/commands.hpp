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

}  // namespace mxemu::cli
