#include "tools/mxemu/vectors.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/verdict/json_text.hpp"
#include "tools/io/output_file.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/commands.hpp"

namespace mxemu::cli {

namespace fs = std::filesystem;

void CaseOptions::add_flags(CLI::App& command) {
  command.add_option("--level", level, "how many cases: " + known_words<conformance::vectors::Level>())
      ->capture_default_str();
  command.add_option("--dtype", dtype, "type of the numbers: " + known_words<spec::FloatType>())
      ->capture_default_str();
  command.add_option("--seed", seed, "seed of the random cases and of stochastic rounding")
      ->capture_default_str();
  command.add_option("--random", random_cases, "random blocks after all other cases (small 16, full 4096)");
  conversion.add_conversion_flags(command, RequestOptions::Seed::Elsewhere);
}

conformance::vectors::Level CaseOptions::parsed_level() const {
  return parse_flag<conformance::vectors::Level>("--level", level);
}

std::size_t CaseOptions::parsed_random_cases() const {
  return random_cases.value_or(conformance::vectors::random_cases_of(parsed_level()));
}

void DotOptions::add_flags(CLI::App& command, const std::string& default_accumulator) {
  accumulator = default_accumulator;
  command
      .add_option("--accumulator", accumulator,
                  "how dot products are summed: an accumulator as `mxemu formats` lists them, or all")
      ->capture_default_str();
  command.add_option("--operands", operands,
                     "dot products of this pair alone, such as MXFP8_E4M3,MXFP4_E2M1,f32 (all)");
}

std::vector<const spec::Accumulator*> DotOptions::rows() const {
  std::vector<const spec::Accumulator*> rows;
  if (accumulator != "all") return {&spec::row_of(parse_accumulator_flag("--accumulator", accumulator))};
  for (const spec::Accumulator& row : spec::accumulators) rows.push_back(&row);
  return rows;
}

conformance::vectors::DotRecipe DotOptions::recipe(const spec::Accumulator& row,
                                                   const CaseOptions& cases) const {
  auto recipe = conformance::vectors::dot_recipe(row, cases.parsed_level(), cases.seed);
  if (cases.random_cases) recipe.random_cases = *cases.random_cases;
  if (operands.empty()) return recipe;
  const auto pair = conformance::parse_operands(operands);
  if (!pair)
    throw BadInput("--operands: \"" + operands + "\" is not A,B,TYPE such as MXFP8_E4M3,MXFP4_E2M1,f32");
  if (!conformance::accepts(row, *pair))
    throw BadInput("--operands: the accumulator " + std::string(row.name) + " does not sum " + operands);
  recipe.pairs = {*pair};
  return recipe;
}

std::string read_text(const fs::path& path) {
  if (fs::is_directory(path)) throw BadInput(path.string() + ": it is a directory, where a file is wanted");
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) throw BadInput(path.string() + ": it cannot be read");
  return text;
}

void write_text(const fs::path& path, std::string_view text) {
  io::OutputFile file(path);
  file.append(std::as_bytes(std::span(text.data(), text.size())));
  file.commit();
}

std::vector<fs::path> vector_paths(const std::vector<std::string>& arguments) {
  std::vector<fs::path> paths;
  for (const std::string& argument : arguments) {
    if (!fs::exists(argument)) throw BadInput(argument + ": there is no such file or directory");
    if (!fs::is_directory(argument)) {
      paths.emplace_back(argument);
      continue;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(argument))
      if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    if (files.empty()) throw BadInput(argument + ": there are no vector files (*.jsonl) in it");
    std::sort(files.begin(), files.end());
    paths.insert(paths.end(), files.begin(), files.end());
  }
  return paths;
}

int report_verdict(const conformance::vectors::Verdict& verdict, const std::string& subject, bool as_json) {
  const int status = verdict.exit_status();
  const char* word = status == 0 ? "PASSED" : status == 1 ? "FAILED" : "SKIPPED";
  if (as_json) {
    const nlohmann::json document = {{"verdict", word},
                                     {"subject", subject},
                                     {"cases", verdict.cases},
                                     {"elements", verdict.elements},
                                     {"failed", verdict.failed},
                                     {"failed_where_the_standard_is_silent", verdict.silent},
                                     {"unsupported", verdict.unsupported},
                                     {"explanations", verdict.explanations}};
    std::cout << conformance::json_text(document);
  } else {
    std::string text;
    for (const std::string& explanation : verdict.explanations) text += explanation + "\n";
    text += std::string(word) + "  " + subject + "  " + std::to_string(verdict.cases) + " cases, " +
            std::to_string(verdict.elements) + " elements";
    if (verdict.failed > 0)
      text += "; " + std::to_string(verdict.failed) + " cases failed (" +
              std::to_string(verdict.explanations.size()) + " shown)";
    if (verdict.silent > 0)
      text += ", of which " + std::to_string(verdict.silent) + " where the standard is silent";
    if (verdict.unsupported > 0) text += "; " + std::to_string(verdict.unsupported) + " cases unsupported";
    std::cout << text << "\n";
  }
  return status;
}

void add_vectors_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "vectors", "Golden vectors: as files, as $readmemh memories, or streamed through a device and judged");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n  mxemu vectors generate --out golden --format MXFP4_E2M1\n"
      "  mxemu vectors verify golden --subject process:./dut\n"
      "  mxemu vectors stream --format MXFP4_E2M1 --operation quantize | ./dut |\n"
      "    mxemu vectors judge --format MXFP4_E2M1 --operation quantize");
  add_vectors_generate(*command);
  add_vectors_verify(*command, status);
  add_vectors_export(*command);
  add_vectors_stream(*command);
  add_vectors_judge(*command, status);
}

}  // namespace mxemu::cli
