// How a text is cut into the windows that a model is measured on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spec/words.hpp"
#include "tools/llama/tokenizer/tokenizer.hpp"

namespace mxemu::llama {

/// Windows never overlap; perplexities of different conventions do not compare.
enum class WindowConvention : std::uint8_t { LlamaCpp, Gptq, Records };

/// Tokens by themselves, of which those from `first_scored` on are predicted from the ones before them.
struct Window {
  std::vector<int> tokens;
  std::size_t first_scored = 1;

  std::size_t scored() const { return tokens.size() - first_scored; }
  bool operator==(const Window&) const = default;
};

/// The usual tokens of a window: 512 (llama_cpp), 2048 (gptq), 256 (records).
std::size_t usual_length(WindowConvention convention);

/// The windows of a text, none of more than `length` tokens, which is at least 4. Throws
/// std::invalid_argument where there is none: too short a text, or no BOS for a convention that needs it.
std::vector<Window> cut_windows(WindowConvention convention, const Tokenizer& tokenizer,
                                std::string_view text, std::size_t length);

/// The rows of a dataset, which are the lines of a text, blank ones empty, joined by two newlines.
std::string join_rows(std::string_view text);

}  // namespace mxemu::llama

namespace mxemu::spec {

template <>
inline constexpr Word<llama::WindowConvention> words<llama::WindowConvention>[] = {
    {llama::WindowConvention::LlamaCpp, "llama_cpp",
     "the whole text with BOS, cut; BOS for the first token of each window; its second half is scored"},
    {llama::WindowConvention::Gptq, "gptq",
     "lines joined by two newlines as dataset rows, with BOS, cut; all but the first token are scored"},
    {llama::WindowConvention::Records, "records",
     "records between bytes 0x1E, each with BOS and cut off; all but the first token are scored"},
};
static_assert(words_are_in_order<llama::WindowConvention>());

}  // namespace mxemu::spec
