#include "tools/sweep/recorded.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace mxemu::sweep {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  std::string cell;
  std::getline(text, cell, '|');  // before the first bar
  while (std::getline(text, cell, '|')) {
    const auto first = cell.find_first_not_of(" `");
    const auto last = cell.find_last_not_of(" `");
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

}  // namespace

std::optional<std::string> recorded_digest(const std::string& file, const std::string& format,
                                           const std::string& extent) {
  std::ifstream lines(file);
  if (!lines) throw std::runtime_error("cannot read the recorded digests from " + file);
  std::string line;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() >= 4 && cells[0] == format && cells[1] == extent) return cells[3];
  }
  return std::nullopt;
}

}  // namespace mxemu::sweep
