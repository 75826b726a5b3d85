#include "tools/mxemu/answer_lines.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/declaration.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

constexpr std::size_t piece = 1 << 18;
constexpr std::size_t longest_line = 2 << 20;  // 65536 numbers of 64 bits, and room

std::string_view first_word(std::string_view line) {
  const std::size_t start = std::min(line.find_first_not_of(" \t\r"), line.size());
  line.remove_prefix(start);
  return line.substr(0, line.find_first_of(" \t\r"));
}

bool is_declaration(std::string_view word) {
  return word == "device" || word == "can" || word == "layout" || word == "window" || word == "binary" ||
         word == "ready";
}

}  // namespace

std::optional<std::string_view> AnswerLines::next() {
  std::optional<std::string_view> line = next_line();
  if (began_ || !line) return line;
  began_ = true;
  if (!is_declaration(first_word(*line))) return line;
  conformance::Declaration declaration;
  for (; line; line = next_line()) {
    const std::string complaint = declaration.take(*line);
    if (!complaint.empty())
      throw BadInput("standard input: line " + std::to_string(number_) + ", " + conformance::quoted(*line) +
                     ", is in the declaration, but " + complaint);
    if (declaration.ready) return next_line();
  }
  throw BadInput("standard input: it ended before \"ready\", the last line of a declaration");
}

/// The next line that is no comment, without its end.
std::optional<std::string_view> AnswerLines::next_line() {
  for (std::size_t searched = 0;;) {
    const std::string_view rest = std::string_view(buffer_).substr(taken_);
    const std::size_t end = rest.find('\n', searched);
    if (end == std::string_view::npos) {
      searched = rest.size();
      if (searched > longest_line)
        throw BadInput("standard input: line " + std::to_string(number_ + 1) + " is longer than any answer");
      if (fill()) continue;
      if (taken_ == buffer_.size()) return std::nullopt;
      buffer_ += '\n';  // the last line may lack its end
      continue;
    }
    taken_ += end + 1;
    searched = 0;
    ++number_;
    if (!first_word(rest.substr(0, end)).starts_with('#')) return rest.substr(0, end);
  }
}

bool AnswerLines::fill() {
  buffer_.erase(0, taken_);
  taken_ = 0;
  const std::size_t size = buffer_.size();
  buffer_.resize(size + piece);
  ssize_t count = 0;
  do count = read(STDIN_FILENO, buffer_.data() + size, piece);
  while (count < 0 && errno == EINTR);
  buffer_.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0) throw BadInput(std::string("standard input: reading failed: ") + std::strerror(errno));
  return count > 0;
}

}  // namespace mxemu::cli
