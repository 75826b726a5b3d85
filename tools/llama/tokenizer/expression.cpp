#define PCRE2_CODE_UNIT_WIDTH 8
#include "tools/llama/tokenizer/expression.hpp"

#include <pcre2.h>

#include <new>
#include <stdexcept>

#include "tools/io/error.hpp"

namespace mxemu::llama {
namespace {

// PCRE2's own \s also takes U+180E, which Unicode has not called white space since 6.3; the property is
// exact.
std::string with_unicode_space(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '\\' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    const char escaped = pattern[++i];
    switch (escaped) {
      case 's': out += "\\p{White_Space}"; break;
      case 'S': out += "\\P{White_Space}"; break;
      case 'w':
      case 'W':
      case 'b':
      case 'B':
      case 'h':
      case 'H':
        throw std::invalid_argument(io::in_quotes(pattern) + " uses \\" + escaped +
                                    ", which means different things to different libraries");
      default: (out += '\\') += escaped;
    }
  }
  return out;
}

}  // namespace

struct Expression::State {
  std::string pattern;
  std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code{nullptr, pcre2_code_free};

  // A result below zero, other than no match, is PCRE2's error.
  int match(std::string_view text, std::size_t from, std::uint32_t options, pcre2_match_data* data) const {
    return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                       options | PCRE2_NO_UTF_CHECK, data, nullptr);
  }
};

Expression::Expression(std::string_view pattern) : state_(std::make_unique<State>()) {
  state_->pattern = with_unicode_space(pattern);
  int error = 0;
  PCRE2_SIZE offset = 0;
  state_->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(state_->pattern.data()),
                                   state_->pattern.size(), PCRE2_UTF | PCRE2_UCP, &error, &offset, nullptr));
  if (!state_->code) {
    PCRE2_UCHAR reason[256];
    pcre2_get_error_message(error, reason, sizeof reason);
    throw std::invalid_argument(io::in_quotes(state_->pattern) + " is not a regular expression: " +
                                reinterpret_cast<const char*>(reason) + " at byte " + std::to_string(offset));
  }
  pcre2_jit_compile(state_->code.get(), PCRE2_JIT_COMPLETE);  // where it cannot, matching is slower
}

Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;

std::optional<Span> Expression::find(std::string_view text, std::size_t from) const {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
      pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
  if (!data) throw std::bad_alloc();
  int result = state_->match(text, from, 0, data.get());
  // The interpreter backtracks on the heap, where there is more room.
  if (result == PCRE2_ERROR_JIT_STACKLIMIT) result = state_->match(text, from, PCRE2_NO_JIT, data.get());
  if (result == PCRE2_ERROR_NOMATCH) return std::nullopt;
  if (result < 0)
    throw std::invalid_argument("matching " + io::in_quotes(state_->pattern) + " from byte " +
                                std::to_string(from) + " of the text exceeds PCRE2's limits");
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
  return Span{ends[0], ends[1]};
}

}  // namespace mxemu::llama
