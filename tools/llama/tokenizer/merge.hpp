// The merge loop of byte-pair encoding: the pair of the lowest rank becomes one symbol, the leftmost of
// equals first, until no pair has a rank. A heap of pairs over a linked list of symbols: n log n in the
// word's length.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "tools/llama/tokenizer/vocabulary.hpp"

namespace mxemu::llama {

/// A part of the text and the token that stands for it.
struct Symbol {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  TokenId id = 0;
};

/// What two neighbours become, and how early.
struct Merge {
  std::uint32_t rank = 0;
  TokenId id = 0;
};

/// The bytes of both symbols, which are neighbours.
inline std::string_view text_of(std::string_view text, const Symbol& left, const Symbol& right) {
  return text.substr(left.begin, left.size + right.size);
}

/// Merges `symbols` in place. `find(left, right)` is the std::optional<Merge> of two neighbours.
template <class Find>
class SymbolMerger {
 public:
  SymbolMerger(std::vector<Symbol>& symbols, Find find) : symbols_(symbols), find_(find) {}

  void run() {
    const auto count = static_cast<std::uint32_t>(symbols_.size());
    next_.resize(count);
    previous_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      next_[i] = i + 1;
      previous_[i] = i - 1;  // of the first: never read
    }
    for (std::uint32_t i = 0; i + 1 < count; ++i) offer(i);
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      const Candidate best = heap_.back();
      heap_.pop_back();
      if (is_current(best)) merge(best);
    }
    std::erase_if(symbols_, [](const Symbol& symbol) { return symbol.size == 0; });
  }

 private:
  struct Candidate {
    Merge merge;
    std::uint32_t left;
    std::uint32_t left_size, right_size;  // when it was offered: symbols only grow
  };

  static bool later(const Candidate& a, const Candidate& b) {
    return std::tie(a.merge.rank, a.left) > std::tie(b.merge.rank, b.left);
  }

  void offer(std::uint32_t left) {
    const Symbol& a = symbols_[left];
    const Symbol& b = symbols_[next_[left]];
    if (const std::optional<Merge> found = find_(a, b)) {
      heap_.push_back({.merge = *found, .left = left, .left_size = a.size, .right_size = b.size});
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }

  bool is_current(const Candidate& candidate) const {
    const std::uint32_t right = next_[candidate.left];
    return symbols_[candidate.left].size == candidate.left_size && right < symbols_.size() &&
           symbols_[right].size == candidate.right_size;
  }

  void merge(const Candidate& candidate) {
    const std::uint32_t left = candidate.left;
    const std::uint32_t right = next_[left];
    symbols_[left].size += symbols_[right].size;
    symbols_[left].id = candidate.merge.id;
    symbols_[right].size = 0;
    next_[left] = next_[right];
    if (next_[left] < symbols_.size()) {
      previous_[next_[left]] = left;
      offer(left);
    }
    if (left > 0) offer(previous_[left]);
  }

  std::vector<Symbol>& symbols_;
  Find find_;
  std::vector<std::uint32_t> next_, previous_;  // neighbours that are left; symbols_.size(): none
  std::vector<Candidate> heap_;
};

template <class Find>
void merge_symbols(std::vector<Symbol>& symbols, Find find) {
  SymbolMerger<Find>(symbols, find).run();
}

}  // namespace mxemu::llama
