// The regular expressions of tokenizer files, run by PCRE2 on code points with Unicode classes.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mxemu::llama {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What \s is: tokenizer files mean Unicode's White_Space.
constexpr bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// Immutable: threads may share one.
class Expression {
 public:
  /// Throws std::invalid_argument, with the offset, when `pattern` is malformed or holds a class that means
  /// different things to PCRE2 and to the library that such files are written for (\w, \b).
  explicit Expression(std::string_view pattern);
  ~Expression();
  Expression(Expression&&) noexcept;

  /// The first match that starts at or after `from`, in UTF-8 `text`. Throws std::invalid_argument when
  /// matching exceeds PCRE2's limits.
  std::optional<Span> find(std::string_view text, std::size_t from) const;

  /// Calls `visit(Span, is_match)` with every match that is not empty and with what lies between, in order.
  template <class Visit>
  void split(std::string_view text, Visit visit) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

template <class Visit>
void Expression::split(std::string_view text, Visit visit) const {
  std::size_t done = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::optional<Span> match = find(text, from);
    if (!match) break;
    if (match->begin == match->end) {
      // Nothing is split off: look on from the next character.
      for (from = match->end + 1; from < text.size() && (text[from] & 0xC0) == 0x80;) ++from;
      continue;
    }
    if (match->begin > done) visit(Span{done, match->begin}, false);
    visit(*match, true);
    from = done = match->end;
  }
  if (done < text.size()) visit(Span{done, text.size()}, false);
}

}  // namespace mxemu::llama
