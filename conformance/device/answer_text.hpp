// Answers as the lines that a device writes: conformance/PROTOCOL.md, "Answers".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "conformance/cases.hpp"

namespace mxemu::conformance {

/// `text` in quotes, shortened to about `limit` characters, control characters shown as "?".
std::string quoted(std::string_view text, std::size_t limit = 80);

/// Reads answer after answer to a batch.
class AnswerParser {
 public:
  explicit AnswerParser(const Cases& cases);

  /// Reads the answer to case `index` from a line without its end. Returns what is wrong with it, or "".
  std::string parse(std::string_view line, std::size_t index, Answers& answers) const;

  /// Characters that no right answer has.
  std::size_t longest_line() const;

 private:
  const char* parse_words(std::string_view line, std::size_t index, Answers& answers) const;
  std::string complain(std::string_view line) const;
  std::string complain_of_word(std::string_view word, bool is_scale) const;

  const Cases* cases_;
  std::size_t width_;
  ArraySizes given_;
  std::uint8_t largest_code_;
};

/// The largest byte that may stand for a code in an answer.
std::uint8_t largest_code(const Cases& cases);

/// Marks case `index` as unsupported.
void set_unsupported(const Cases& cases, std::size_t index, Answers& answers);

/// What is wrong with a code that has come as a byte, or "".
std::string complain_of_code(const spec::ElementFormat& format, std::uint8_t code);

}  // namespace mxemu::conformance
