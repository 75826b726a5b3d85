// What a set of answers allows: relations over the words of a few freedoms each, and a search for words that
// satisfy all of them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "conformance/identify/freedom.hpp"

namespace mxemu::conformance {

/// The freedoms that an answer depends on, ascending, and a mixed-radix count over their words.
class Scope {
 public:
  explicit Scope(std::vector<int> freedoms);

  const std::vector<int>& freedoms() const { return freedoms_; }
  std::size_t combinations() const { return combinations_; }
  /// The words of combination `index`; freedoms outside the scope have none.
  Words words(std::size_t index) const;
  /// The combination that `words` choose; every freedom of the scope has one.
  std::size_t index(const Words& words) const;
  /// True when every freedom of the scope has a word.
  bool covered_by(const Words& words) const;

  bool operator<(const Scope& other) const { return freedoms_ < other.freedoms_; }

 private:
  std::vector<int> freedoms_;
  std::size_t combinations_ = 1;
};

/// Which combinations of a scope are allowed.
using Allowed = std::vector<bool>;

class Relations {
 public:
  /// Allows from now on only what `allowed` allows too.
  void intersect(const Scope& scope, const Allowed& allowed);

  /// Words for every freedom of any scope, and those of `fixed`, that satisfy every relation; `preferred`
  /// words are tried first. Nothing when there are none.
  std::optional<Words> solve(const Words& fixed, const Words& preferred) const;

  /// The words of a freedom that are part of some solution.
  std::vector<int> possible_words(int freedom, const Words& fixed) const;

 private:
  bool allows(const Words& words, int freedom) const;
  bool search(Words& words, const Words& preferred, const std::vector<int>& order, std::size_t depth) const;

  std::map<Scope, Allowed> relations_;
};

}  // namespace mxemu::conformance
