#include "conformance/nearest_word.hpp"

#include <algorithm>
#include <numeric>

namespace mxemu::conformance {
namespace {

/// How many letters have to be changed, added or left out to make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string what_there_is(std::string_view word, const std::vector<std::string>& names) {
  const std::string* nearest = nullptr;
  std::size_t least = word.size() / 3 + 1;
  std::string all;
  for (const std::string& name : names) {
    all += (all.empty() ? "" : ", ") + name;
    if (const std::size_t changes = distance(word, name); changes <= least) {
      if (nearest == nullptr || changes < least) nearest = &name;
      least = changes;
    }
  }
  const std::string question = nearest == nullptr ? "" : "; did you mean \"" + *nearest + "\"?";
  return question + (nearest == nullptr ? "; there is: " : " There is: ") + all;
}

}  // namespace mxemu::conformance
