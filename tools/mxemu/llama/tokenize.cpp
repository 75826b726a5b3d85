// mxemu llama tokenize: text to token ids and back.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/llama/tokenizer/tokenizer.hpp"
#include "tools/mxemu/llama/llama.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

struct TokenizeOptions {
  std::filesystem::path tokenizer, model, file;
  std::vector<std::string> arguments;
  bool bos = false, special = false, decode = false, count = false, records = false, json_output = false;
};

std::string read_all(std::istream& stream, const std::string& name) {
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw BadInput(name + " cannot be read");
  return text;
}

/// The argument, else --file, else standard input.
std::string input_text(const TokenizeOptions& options) {
  if (!options.arguments.empty() && !options.file.empty())
    throw BadInput("tokenize takes its input from arguments or from --file, not from both");
  if (!options.arguments.empty()) {
    if (options.arguments.size() > 1 && !options.decode)
      throw BadInput("tokenize takes one text; put quotes around one with spaces");
    std::string text;
    for (const std::string& argument : options.arguments) text += (text.empty() ? "" : " ") + argument;
    return text;
  }
  if (options.file.empty()) return read_all(std::cin, "standard input");
  if (std::filesystem::is_directory(options.file)) throw io::FileError(options.file, "is a directory");
  std::ifstream file(options.file, std::ios::binary);
  if (!file) throw io::FileError(options.file, "cannot be opened");
  return read_all(file, options.file.string());
}

/// Whole input, or with --records what ends with NUL (as of `find -print0`).
std::vector<std::string_view> records_of(std::string_view input, bool records) {
  if (!records) return {input};
  std::vector<std::string_view> all;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\0'), input.size());
    all.push_back(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return all;
}

/// Ids between spaces, commas or brackets, so that a JSON list will do.
std::vector<llama::TokenId> parse_ids(std::string_view text) {
  constexpr std::string_view separators = " \t\r\n,[]";
  std::vector<llama::TokenId> ids;
  for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != std::string_view::npos;) {
    const std::string_view word = text.substr(at, text.find_first_of(separators, at) - at);
    llama::TokenId id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (error != std::errc() || end != word.data() + word.size())
      throw BadInput(io::in_quotes(word) + " is not a token id");
    ids.push_back(id);
    at += word.size();
  }
  return ids;
}

void print_ids(const llama::Tokenizer& tokenizer, const std::vector<llama::TokenId>& ids,
               const TokenizeOptions& options) {
  if (!options.json_output) {
    std::string line;
    if (options.count)
      line = std::to_string(ids.size());
    else
      for (const llama::TokenId id : ids) line += (line.empty() ? "" : " ") + std::to_string(id);
    std::cout << line << "\n";
    return;
  }
  nlohmann::json document{{"tokenizer", tokenizer.kind()}, {"count", ids.size()}};
  if (!options.count) document["ids"] = ids;
  std::cout << document.dump() << "\n";
}

void print_text(const std::string& text, const TokenizeOptions& options) {
  if (options.json_output)
    std::cout << nlohmann::json{{"text", text}}.dump() << "\n";
  else
    std::cout << text << (options.records ? std::string(1, '\0') : "\n");
}

void run(const TokenizeOptions& options) {
  const std::filesystem::path& path = options.tokenizer.empty() ? options.model : options.tokenizer;
  if (path.empty()) throw BadInput("tokenize needs --tokenizer FILE, or --model DIR that holds one");
  const std::string input = input_text(options);
  const auto tokenizer = llama::open_tokenizer(path);
  for (const std::string_view record : records_of(input, options.records)) {
    if (options.decode)
      print_text(tokenizer->decode(parse_ids(record), options.special ? llama::SpecialText::Written
                                                                      : llama::SpecialText::Omitted),
                 options);
    else
      print_ids(*tokenizer, tokenizer->encode(record, {.bos = options.bos, .parse_special = options.special}),
                options);
  }
}

}  // namespace

void add_tokenize_command(CLI::App& group) {
  auto options = std::make_shared<TokenizeOptions>();
  CLI::App* command = group.add_subcommand("tokenize", "Text to token ids, and back with --decode");
  command->footer(
      "Examples:\n  mxemu llama tokenize --tokenizer tokenizer.json \"hello world\"\n"
      "  mxemu llama tokenize --model Llama-3.1-8B --bos --count --file wiki.test.raw\n"
      "  mxemu llama tokenize --tokenizer tokenizer.model --decode 15339 1917\n"
      "Without TEXT and --file the input is standard input, every byte of it.");
  command->add_option("TEXT", options->arguments, "the text, or the ids with --decode");
  command->add_option(
      "--tokenizer", options->tokenizer,
      "tokenizer.json, tokenizer.model (SentencePiece or Llama 3 ranks) or llama2.c's tokenizer.bin");
  command->add_option("--model", options->model, "a model directory that holds one of these");
  command->add_option("--file", options->file, "read the text or the ids from a file");
  command->add_flag("--bos", options->bos, "begin with BOS, if the tokenizer has one");
  command->add_flag("--special", options->special,
                    "special tokens in the text become their ids; with --decode they are written");
  command->add_flag("--decode", options->decode, "ids to text");
  command->add_flag("--count", options->count, "print how many ids there are");
  command->add_flag("-0,--records", options->records,
                    "the input is records, each ended by NUL; one line for each");
  command->add_flag("--json", options->json_output, "print JSON, a line for each record");
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
