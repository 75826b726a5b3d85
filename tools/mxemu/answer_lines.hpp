// The answers of a device on standard input: its declaration, comments and line ends left out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mxemu::cli {

class AnswerLines {
 public:
  /// The next line; a view that the next call ends. Nothing at the end. Throws BadInput when a declaration is
  /// malformed or a line is endless.
  std::optional<std::string_view> next();

  /// Of the last line, from 1, with comments and the declaration.
  std::size_t line_number() const { return number_; }

 private:
  std::optional<std::string_view> next_line();
  bool fill();

  std::string buffer_;
  std::size_t taken_ = 0;
  std::size_t number_ = 0;
  bool began_ = false;  ///< the declaration is over, or there is none
};

}  // namespace mxemu::cli
