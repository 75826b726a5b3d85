// mxemu llama perplexity and kld: what a recipe costs a model on a text.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/llama/measure/perplexity.hpp"
#include "tools/mxemu/llama/forward_options.hpp"
#include "tools/mxemu/llama/llama.hpp"
#include "tools/mxemu/options.hpp"
#include "tools/mxemu/progress.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using nlohmann::ordered_json;

struct MeasureOptions {
  ForwardOptions forward;
  std::filesystem::path tokenizer;
  std::filesystem::path text;
  std::string convention = spec::name_of(llama::WindowConvention::LlamaCpp);
  std::size_t window = 0;  // 0: as the convention has it
  std::size_t chunks = 0;  // 0: all
  std::string baseline_compute;
  bool json_output = false;
};

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream) throw io::FileError(file, "cannot be read");
  return text;
}

std::vector<llama::Window> windows_of(const MeasureOptions& options) {
  const auto convention = parse_flag<llama::WindowConvention>("--convention", options.convention);
  const auto tokenizer = options.forward.open_tokenizer(options.tokenizer);
  const std::size_t length = options.window == 0 ? llama::usual_length(convention) : options.window;
  const std::string text = read_text(options.text);
  try {
    std::vector<llama::Window> windows = llama::cut_windows(convention, *tokenizer, text, length);
    if (options.chunks != 0 && options.chunks < windows.size()) windows.resize(options.chunks);
    return windows;
  } catch (const std::invalid_argument& error) {
    throw io::FileError(options.text, error.what());
  }
}

std::size_t scored_tokens(const std::vector<llama::Window>& windows) {
  std::size_t count = 0;
  for (const llama::Window& window : windows) count += window.scored();
  return count;
}

/// What every report begins with.
ordered_json head_of(const MeasureOptions& options, const llama::Checkpoint& checkpoint,
                     const std::vector<llama::Window>& windows) {
  const ordered_json bits = options.forward.weight_bits(checkpoint);
  ordered_json head{{"model", options.forward.model.string()},
                    {"text", options.text.string()},
                    {"convention", options.convention},
                    {"compute", llama::name_of(options.forward.session(checkpoint).compute)},
                    {"windows", windows.size()},
                    {"scored_tokens", scored_tokens(windows)}};
  if (!bits.is_null()) head["recipe"] = bits;
  return head;
}

ordered_json to_json(const llama::MeanEstimate& estimate) {
  return {{"mean", estimate.mean}, {"error", estimate.error}};
}

/// exp of a mean of logarithms, the error carried over.
ordered_json exponential(const llama::MeanEstimate& estimate) {
  const double value = std::exp(estimate.mean);
  return to_json(llama::MeanEstimate{value, value * estimate.error});
}

/// Mean and percentiles of numbers, as llama.cpp has them.
ordered_json distribution(std::vector<double> numbers, std::initializer_list<double> percentiles) {
  ordered_json told = to_json(llama::mean_of(numbers));
  std::ranges::sort(numbers);
  told["maximum"] = numbers.back();
  for (const double percentile : percentiles)
    told[percentile == 50 ? "median" : significant(percentile, 3) + "%"] =
        llama::quantile(numbers, percentile / 100);
  told["minimum"] = numbers.front();
  return told;
}

double root_mean_square(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number * number;
  return std::sqrt(sum / static_cast<double>(numbers.size()));
}

void add_divergence(ordered_json& report, const llama::Divergence& divergence) {
  report["perplexity"] = exponential(llama::mean_of(divergence.scores()));
  report["baseline_perplexity"] = exponential(llama::mean_of(divergence.baseline_scores()));
  report["perplexity_ratio"] = exponential(divergence.log_ratio());
  report["log_perplexity_ratio"] = to_json(divergence.log_ratio());
  report["correlation_of_logarithms"] = divergence.correlation();
  report["kl_divergence"] = distribution(divergence.divergences(), {99.9, 99, 95, 90, 50, 10, 5, 1, 0.1});
  ordered_json change =
      distribution(divergence.probability_changes(), {99.9, 99, 95, 90, 75, 50, 25, 10, 5, 1, 0.1});
  change["root_mean_square"] = root_mean_square(divergence.probability_changes());
  report["probability_change"] = change;
  const auto count = static_cast<double>(divergence.count());
  const double same = static_cast<double>(divergence.same_top()) / count;
  report["same_top"] = to_json(
      llama::MeanEstimate{same, divergence.count() < 2 ? 0 : std::sqrt(same * (1 - same) / (count - 1))});
}

/// One line for each leaf: "kl_divergence.mean  0.0173".
void print_lines(const ordered_json& report, const std::string& prefix) {
  for (const auto& [key, value] : report.items()) {
    if (value.is_object()) {
      print_lines(value, prefix + key + ".");
    } else {
      const std::string name = prefix + key;
      std::cout << name << std::string(name.size() < 36 ? 36 - name.size() : 1, ' ')
                << (value.is_number_float() ? significant(value.get<double>(), 6)
                    : value.is_string()     ? value.get<std::string>()
                                            : value.dump())
                << "\n";
    }
  }
}

void print(const ordered_json& report, bool json_output) {
  if (json_output)
    std::cout << report.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  else
    print_lines(report, "");
}

void run_perplexity(const MeasureOptions& options) {
  const llama::Checkpoint checkpoint = llama::Checkpoint::open(options.forward.model);
  const std::vector<llama::Window> windows = windows_of(options);
  ordered_json report = head_of(options, checkpoint, windows);
  llama::Session session(checkpoint, options.forward.session(checkpoint),
                         options.forward.operands(checkpoint));
  Progress progress(scored_tokens(windows), Progress::Rate::None);
  const auto scores = llama::score(session, windows, [&](std::size_t scored) { progress.advance(scored); });
  const llama::MeanEstimate mean = llama::mean_of(scores);
  report["negative_log_likelihood"] = to_json(mean);
  report["perplexity"] = exponential(mean);
  print(report, options.json_output);
}

void run_kld(const MeasureOptions& options) {
  if (options.forward.recipe.empty() && options.baseline_compute.empty())
    throw BadInput(
        "--recipe: without a recipe, or another --baseline-compute, nothing differs from the baseline");
  const llama::Checkpoint checkpoint = llama::Checkpoint::open(options.forward.model);
  const std::vector<llama::Window> windows = windows_of(options);
  ForwardOptions plain = options.forward;
  if (!options.baseline_compute.empty()) plain.compute = options.baseline_compute;
  ordered_json report = head_of(options, checkpoint, windows);
  report["baseline_compute"] = llama::name_of(plain.session(checkpoint).compute);
  llama::Session session(checkpoint, options.forward.session(checkpoint),
                         options.forward.operands(checkpoint));
  llama::Session baseline(checkpoint, plain.session(checkpoint));
  Progress progress(scored_tokens(windows), Progress::Rate::None);
  add_divergence(report, llama::compare(session, baseline, windows,
                                        [&](std::size_t scored) { progress.advance(scored); }));
  print(report, options.json_output);
}

CLI::App* add_measure_command(CLI::App& group, const char* name, const char* what,
                              const std::shared_ptr<MeasureOptions>& options) {
  CLI::App* command = group.add_subcommand(name, what);
  options->forward.add_flags(*command);
  options->forward.add_recipe_flag(*command);
  command->add_option("--tokenizer", options->tokenizer,
                      "instead of the one in the model's directory: see `mxemu llama tokenize`");
  command->add_option("--text", options->text, "the file to predict, UTF-8")->required();
  std::string conventions = "how the text is cut into windows:";
  for (const auto& word : spec::words<llama::WindowConvention>)
    conventions += std::string("\n") + word.name + ": " + word.meaning;
  command->add_option("--convention", options->convention, conventions)->capture_default_str();
  command
      ->add_option("--window", options->window,
                   "tokens of a window (default: llama_cpp 512, gptq 2048, records 256)")
      ->check(CLI::Range(4, 1 << 24));
  command->add_option("--chunks", options->chunks, "the first so many windows alone")
      ->check(CLI::Range(1, 1 << 30));
  command->add_flag("--json", options->json_output, "the report as JSON");
  return command;
}

}  // namespace

void add_perplexity_commands(CLI::App& group) {
  auto perplexity = std::make_shared<MeasureOptions>();
  CLI::App* command = add_measure_command(
      group, "perplexity", "The perplexity of a text, under a recipe or as the model is", perplexity);
  command->footer(
      "Example:\n  mxemu llama perplexity --model Llama-3.1-8B --text wiki.test.raw --recipe w4a8");
  command->callback([perplexity] { run_perplexity(*perplexity); });

  auto kld = std::make_shared<MeasureOptions>();
  command = add_measure_command(
      group, "kld", "How far a recipe's predictions are from the model's own: one pass, both models", kld);
  command->add_option("--baseline-compute", kld->baseline_compute,
                      "f32 or bf16 for the baseline (default: as --compute)");
  command->footer(
      "Example:\n  mxemu llama kld --model Llama-3.1-8B --text wiki.test.raw --recipe w4a8 --chunks 20");
  command->callback([kld] { run_kld(*kld); });
}

}  // namespace mxemu::cli
