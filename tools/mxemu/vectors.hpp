// The subcommands of `mxemu vectors`.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vectors/batches.hpp"
#include "conformance/vectors/dot_batches.hpp"
#include "conformance/vectors/judge.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {

void add_vectors_generate(CLI::App& vectors);
void add_vectors_verify(CLI::App& vectors, int& status);
void add_vectors_export(CLI::App& vectors);
void add_vectors_stream(CLI::App& vectors);
void add_vectors_judge(CLI::App& vectors, int& status);

/// The flags that choose cases, and the conversion.
struct CaseOptions {
  std::string level = "small";
  std::string dtype = "f32";
  std::uint64_t seed = 1;
  std::optional<std::size_t> random_cases;
  RequestOptions conversion;

  void add_flags(CLI::App& command);
  conformance::vectors::Level parsed_level() const;
  std::size_t parsed_random_cases() const;
};

/// The flags that choose dot products.
struct DotOptions {
  std::string accumulator;
  std::string operands;

  void add_flags(CLI::App& command, const std::string& default_accumulator);
  /// The pairs of --operands that the row accepts, under the level, seed and random cases of `cases`. Throws
  /// BadInput when the row has none of them.
  conformance::vectors::DotRecipe recipe(const spec::Accumulator& row, const CaseOptions& cases) const;
  /// The rows of --accumulator: one, or all. Throws BadInput.
  std::vector<const spec::Accumulator*> rows() const;
};

/// A file whole. Throws BadInput.
std::string read_text(const std::filesystem::path& path);

/// Writes a file whole or not at all.
void write_text(const std::filesystem::path& path, std::string_view text);

/// The vector files of directories and single files, in the order of their names.
std::vector<std::filesystem::path> vector_paths(const std::vector<std::string>& arguments);

/// Prints what a judge found, as text or as JSON; the exit status that says it. `subject` is what was judged.
int report_verdict(const conformance::vectors::Verdict& verdict, const std::string& subject, bool as_json);

}  // namespace mxemu::cli
