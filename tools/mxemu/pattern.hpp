// A regular expression that a hostile name or pattern cannot make run for ever.
#pragma once

#include <memory>
#include <string>

namespace mxemu::cli {

class Pattern {
 public:
  /// Perl-compatible syntax, matching anywhere in the text. Throws BadInput when `expression` is malformed.
  explicit Pattern(const std::string& expression);
  ~Pattern();

  /// Throws BadInput when matching exceeds PCRE2's limits.
  bool matches(const std::string& text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxemu::cli
