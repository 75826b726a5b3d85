// A table of text and numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/report/tone.hpp"

namespace mxemu::report {

/// What a column holds: Text (left), Number (right, tabular numerals), Code (left, monospaced: names, bit
/// patterns).
enum class ColumnKind { Text, Number, Code };

struct Column {
  std::string heading{};
  ColumnKind kind = ColumnKind::Text;
};

struct Cell {
  std::string text{};
  Tone tone = Tone::Neutral;

  Cell() = default;
  Cell(std::string words, Tone emphasis = Tone::Neutral) : text(std::move(words)), tone(emphasis) {}
  Cell(const char* words, Tone emphasis = Tone::Neutral) : text(words), tone(emphasis) {}
};

/// A caption, columns and rows; the first cell of a row names the row.
struct Table {
  std::string caption{};
  std::vector<Column> columns{};
  std::vector<std::vector<Cell>> rows{};

  /// Throws std::invalid_argument when a row has not as many cells as there are columns.
  std::string html() const;
};

}  // namespace mxemu::report
