#include "conformance/report/text_table.hpp"

#include <algorithm>
#include <ostream>

namespace mxemu::report {
namespace {

/// Characters on the screen: UTF-8 continuation bytes take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

void TextTable::rule() {
  rows_.emplace_back();
}

void TextTable::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    widths.push_back(width_of(columns_[c].heading));
    for (const auto& cells : rows_)
      if (!cells.empty()) widths[c] = std::max(widths[c], width_of(cells[c]));
  }
  std::string text;
  const auto append = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const std::string& cell = cell_of(c);
      const std::string gap(widths[c] - width_of(cell), ' ');
      line += (c == 0 ? "" : "  ") + (columns_[c].align == Align::Right ? gap + cell : cell + gap);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  const std::size_t total = [&] {
    std::size_t sum = 2 * (widths.size() - 1);
    for (const std::size_t width : widths) sum += width;
    return sum;
  }();
  append([&](std::size_t c) -> const std::string& { return columns_[c].heading; });
  for (const auto& cells : rows_) {
    if (cells.empty())
      text += std::string(total, '-') + "\n";
    else
      append([&](std::size_t c) -> const std::string& { return cells[c]; });
  }
  out << text;
}

}  // namespace mxemu::report
