#include "conformance/identify/relations.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mxemu::conformance {

Scope::Scope(std::vector<int> freedoms) : freedoms_(std::move(freedoms)) {
  for (const int freedom : freedoms_) combinations_ *= static_cast<std::size_t>(word_count(freedom));
}

Words Scope::words(std::size_t index) const {
  Words words = no_words();
  for (const int freedom : freedoms_) {
    const auto count = static_cast<std::size_t>(word_count(freedom));
    words[static_cast<std::size_t>(freedom)] = static_cast<int>(index % count);
    index /= count;
  }
  return words;
}

std::size_t Scope::index(const Words& words) const {
  std::size_t index = 0;
  for (auto freedom = freedoms_.rbegin(); freedom != freedoms_.rend(); ++freedom)
    index = index * static_cast<std::size_t>(word_count(*freedom)) +
            static_cast<std::size_t>(words[static_cast<std::size_t>(*freedom)]);
  return index;
}

bool Scope::covered_by(const Words& words) const {
  return std::all_of(freedoms_.begin(), freedoms_.end(),
                     [&](int freedom) { return words[static_cast<std::size_t>(freedom)] != any_word; });
}

void Relations::intersect(const Scope& scope, const Allowed& allowed) {
  Allowed& relation = relations_.try_emplace(scope, allowed).first->second;
  for (std::size_t i = 0; i < allowed.size(); ++i) relation[i] = relation[i] && allowed[i];
}

/// Every relation that is decided and that `freedom` has a part in.
bool Relations::allows(const Words& words, int freedom) const {
  for (const auto& [scope, allowed] : relations_) {
    const auto& freedoms = scope.freedoms();
    if (freedom != any_word && std::find(freedoms.begin(), freedoms.end(), freedom) == freedoms.end())
      continue;
    if (scope.covered_by(words) && !allowed[scope.index(words)]) return false;
  }
  return true;
}

bool Relations::search(Words& words, const Words& preferred, const std::vector<int>& order,
                       std::size_t depth) const {
  if (depth == order.size()) return true;
  const int freedom = order[depth];
  int& word = words[static_cast<std::size_t>(freedom)];
  if (word != any_word) return search(words, preferred, order, depth + 1);
  const int count = word_count(freedom);
  const int first = std::max(0, preferred[static_cast<std::size_t>(freedom)]);
  for (int i = 0; i < count; ++i) {
    word = (first + i) % count;
    if (allows(words, freedom) && search(words, preferred, order, depth + 1)) return true;
  }
  word = any_word;
  return false;
}

std::optional<Words> Relations::solve(const Words& fixed, const Words& preferred) const {
  Words words = fixed;
  if (!allows(words, any_word)) return {};
  // The rule and the rounding are part of most relations: known first, they decide the rest one by one.
  std::set<int, std::greater<>> freedoms;
  for (const auto& [scope, allowed] : relations_)
    freedoms.insert(scope.freedoms().begin(), scope.freedoms().end());
  const std::vector<int> order(freedoms.begin(), freedoms.end());
  if (!search(words, preferred, order, 0)) return {};
  return words;
}

std::vector<int> Relations::possible_words(int freedom, const Words& fixed) const {
  std::vector<int> possible;
  for (int word = 0; word < word_count(freedom); ++word) {
    Words words = fixed;
    words[static_cast<std::size_t>(freedom)] = word;
    if (solve(words, words)) possible.push_back(word);
  }
  return possible;
}

}  // namespace mxemu::conformance
