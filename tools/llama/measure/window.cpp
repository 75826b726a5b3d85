#include "tools/llama/measure/window.hpp"

#include <algorithm>
#include <stdexcept>

namespace mxemu::llama {
namespace {

constexpr char record_separator = '\x1e';

/// Whole windows of one sequence of tokens; what is left at the end is dropped.
std::vector<Window> cut(const std::vector<int>& tokens, std::size_t length, std::size_t first_scored) {
  std::vector<Window> windows;
  for (std::size_t first = 0; first + length <= tokens.size(); first += length) {
    const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(first);
    windows.push_back({{begin, begin + static_cast<std::ptrdiff_t>(length)}, first_scored});
  }
  return windows;
}

/// Predictions from position length / 2 on: the token behind it is the first that counts.
std::vector<Window> llama_cpp_windows(const Tokenizer& tokenizer, std::string_view text, std::size_t length) {
  if (!tokenizer.special_ids().bos)
    throw std::invalid_argument("the tokenizer has no BOS, with which windows of llama_cpp begin");
  std::vector<Window> windows = cut(tokenizer.encode(text), length, length / 2 + 1);
  for (Window& window : windows) window.tokens[0] = *tokenizer.special_ids().bos;
  return windows;
}

/// The last record is dropped where it is empty: behind the last separator.
std::vector<Window> record_windows(const Tokenizer& tokenizer, std::string_view text, std::size_t length) {
  std::vector<Window> windows;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = std::min(text.find(record_separator, first), text.size());
    std::vector<int> tokens = tokenizer.encode(text.substr(first, end - first));
    if (tokens.size() > length) tokens.resize(length);
    if (tokens.size() > 1) windows.push_back({std::move(tokens), 1});
    first = end + 1;
  }
  return windows;
}

std::vector<Window> windows_of(WindowConvention convention, const Tokenizer& tokenizer, std::string_view text,
                               std::size_t length) {
  switch (convention) {
    case WindowConvention::LlamaCpp: return llama_cpp_windows(tokenizer, text, length);
    case WindowConvention::Gptq: return cut(tokenizer.encode(join_rows(text)), length, 1);
    case WindowConvention::Records: return record_windows(tokenizer, text, length);
  }
  return {};
}

}  // namespace

std::size_t usual_length(WindowConvention convention) {
  switch (convention) {
    case WindowConvention::LlamaCpp: return 512;
    case WindowConvention::Gptq: return 2048;
    case WindowConvention::Records: return 256;
  }
  return 0;
}

std::vector<Window> cut_windows(WindowConvention convention, const Tokenizer& tokenizer,
                                std::string_view text, std::size_t length) {
  if (length < 4)
    throw std::invalid_argument("a window has at least 4 tokens, not " + std::to_string(length));
  if (text.empty()) throw std::invalid_argument("the text is empty");
  std::vector<Window> windows = windows_of(convention, tokenizer, text, length);
  if (windows.empty())
    throw std::invalid_argument("the text has no window of " + std::to_string(length) + " tokens");
  return windows;
}

std::string join_rows(std::string_view text) {
  std::string joined;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t newline = text.find('\n', first);
    const std::size_t end = newline == text.npos ? text.size() : newline + 1;
    const std::string_view row = text.substr(first, end - first);
    if (first != 0) joined += "\n\n";
    if (row.find_first_not_of(" \n") != row.npos) joined += row;
    first = end;
  }
  return joined;
}

}  // namespace mxemu::llama
