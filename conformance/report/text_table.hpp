// Tables for a terminal: columns as wide as their widest cell, numbers to the right.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace mxemu::report {

class TextTable {
 public:
  enum class Align { Left, Right };
  struct Column {
    std::string heading;
    Align align = Align::Right;
  };

  explicit TextTable(std::vector<Column> columns);
  void row(std::vector<std::string> cells);
  void rule();  ///< a line between what came and what follows
  void print(std::ostream& out) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< an empty row is a rule
};

}  // namespace mxemu::report
