// mxemu llama generate: a text goes on.
#include <algorithm>
#include <iostream>
#include <optional>

#include "tools/llama/forward/sampler.hpp"
#include "tools/llama/tokenizer/tokenizer.hpp"
#include "tools/mxemu/llama/forward_options.hpp"
#include "tools/mxemu/llama/llama.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

struct GenerateOptions {
  ForwardOptions forward;
  std::filesystem::path tokenizer;
  std::string prompt;
  bool special = false;
  std::size_t max_tokens = 256;
  llama::SamplerOptions sampler;
};

std::vector<int> prompt_tokens(const llama::Tokenizer& tokenizer, const GenerateOptions& options,
                               std::size_t context) {
  std::vector<int> tokens = tokenizer.encode(options.prompt, {.parse_special = options.special});
  // The dummy space before an empty text would be the start of another one.
  if (options.prompt.empty())
    tokens = tokenizer.special_ids().bos ? std::vector{*tokenizer.special_ids().bos} : std::vector<int>{};
  if (tokens.empty())
    throw BadInput("--prompt: the text is empty, and the tokenizer has no BOS to start from");
  if (tokens.size() + options.max_tokens > context)
    throw BadInput("--max-tokens: " + std::to_string(options.max_tokens) + " tokens behind a prompt of " +
                   std::to_string(tokens.size()) + " are longer than the model's context of " +
                   std::to_string(context));
  return tokens;
}

/// Ends of turn and of text by the tokenizer and by the configuration; BOS, too, begins another text.
bool ends_text(int token, const llama::Tokenizer& tokenizer, const llama::Config& config) {
  const auto& ends = tokenizer.special_ids().end_of_generation;
  return std::ranges::find(ends, token) != ends.end() || token == tokenizer.special_ids().bos ||
         std::ranges::find(config.end_tokens, token) != config.end_tokens.end();
}

void run(const GenerateOptions& options) {
  const llama::Checkpoint checkpoint = llama::Checkpoint::open(options.forward.model);
  const auto tokenizer = options.forward.open_tokenizer(options.tokenizer);
  llama::Sampler sampler(options.sampler);
  llama::Session session(checkpoint, options.forward.session(checkpoint),
                         options.forward.operands(checkpoint));
  std::vector<int> tokens = prompt_tokens(*tokenizer, options, session.transformer().longest_text());
  llama::StreamingDecoder decoder = tokenizer->streaming_decoder();
  std::string text;
  for (const int token : tokens) text += decoder.push(token);
  const std::size_t known = std::min(checkpoint.config().vocab_size, tokenizer->vocabulary_size());
  for (std::size_t made = 0; made < options.max_tokens; ++made) {
    const int token = sampler.sample(session.next(tokens).first(known));
    if (ends_text(token, *tokenizer, checkpoint.config())) break;
    text += decoder.push(token);
    std::cout << text << std::flush;
    text.clear();
    tokens = {token};
  }
  std::cout << text << decoder.finish() << "\n";
}

}  // namespace

void add_generate_command(CLI::App& group) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command =
      group.add_subcommand("generate", "Go on from a prompt; the text, prompt included, on standard output");
  command->footer(
      "Example:\n  mxemu llama generate --model stories260K.bin --tokenizer tok512.bin --prompt \"One day\" "
      "--temperature 0");
  options->forward.add_flags(*command);
  options->forward.add_recipe_flag(*command);
  command->add_option("--tokenizer", options->tokenizer,
                      "instead of the one in the model's directory: see `mxemu llama tokenize`");
  command->add_option("--prompt", options->prompt,
                      "the text to go on from (default: the beginning of a text)");
  command->add_flag("--special", options->special, "special tokens in the prompt become their ids");
  command->add_option("--max-tokens", options->max_tokens, "tokens to add, at most")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command->add_option("--temperature", options->sampler.temperature, "0: always the most probable token")
      ->capture_default_str();
  command
      ->add_option("--top-p", options->sampler.top_p,
                   "draw from the most probable tokens that together have this probability")
      ->capture_default_str();
  command->add_option("--seed", options->sampler.seed, "of the draws")->capture_default_str();
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
