#include "conformance/report/table.hpp"

#include <stdexcept>
#include <string_view>

#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

std::string_view class_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::Text: break;
    case ColumnKind::Number: return "number";
    case ColumnKind::Code: return "code";
  }
  return "text";
}

std::string head_html(const std::vector<Column>& columns) {
  std::string out = "<thead><tr>";
  for (const Column& column : columns) {
    out += "<th scope=\"col\" class=\"" + std::string(class_of(column.kind)) + "\">" +
           escaped(column.heading) + "</th>";
  }
  return out + "</tr></thead>\n";
}

std::string cell_html(const Cell& cell, ColumnKind kind, bool names_the_row) {
  std::string classes(class_of(kind));
  if (cell.tone != Tone::Neutral) classes += " " + std::string(class_of(cell.tone));
  const std::string open = names_the_row ? "<th scope=\"row\"" : "<td";
  return open + " class=\"" + classes + "\">" + escaped(cell.text) + (names_the_row ? "</th>" : "</td>");
}

}  // namespace

std::string Table::html() const {
  const std::string name = escaped(caption);
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + name + "\">\n<table>\n";
  out += "<caption>" + name + "</caption>\n" + head_html(columns) + "<tbody>\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].size() != columns.size()) {
      throw std::invalid_argument("table \"" + caption + "\": row " + std::to_string(r) + " has " +
                                  std::to_string(rows[r].size()) + " cells for " +
                                  std::to_string(columns.size()) + " columns");
    }
    out += "<tr>";
    for (std::size_t c = 0; c < columns.size(); ++c) out += cell_html(rows[r][c], columns[c].kind, c == 0);
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

}  // namespace mxemu::report
