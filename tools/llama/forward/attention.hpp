// Attention of the new tokens of one sequence over all its tokens.
#pragma once

#include <vector>

#include "tools/llama/forward/kv_cache.hpp"
#include "tools/llama/forward/observer.hpp"
#include "tools/llama/forward/products.hpp"
#include "tools/llama/forward/rows.hpp"
#include "tools/llama/model/config.hpp"

namespace mxemu::llama {

/// Softmax(query keys^T / sqrt(head_dim)) values, causal, in tiles of tokens. Heads of queries that share a
/// head of keys are the rows of one product.
class Attention {
 public:
  Attention(const Config& config, Products& products);

  /// `query` holds the new tokens, which the cache has behind those it has seen; both matrices are tokens x
  /// (heads * head_dim). `layer` and `sequence` say where this is.
  void attend(std::size_t layer, std::size_t sequence, Matrix query, const KvCache& cache,
              MutableMatrix output, Observer* observer);

 private:
  struct Tile {
    std::size_t first;  // of the new tokens
    std::size_t count;
    std::size_t keys;  // that take part
  };
  void attend_tile(const Place& place, const Tile& tile, Matrix query, const KvCache& cache,
                   MutableMatrix output, Observer* observer);
  void see(std::size_t seen, const Tile& tile);

  const Config& config_;
  Products& products_;
  float scale_;
  std::vector<Visible> visible_;
  MatrixBuffer queries_;
  MatrixBuffer scores_;
  MatrixBuffer mixed_;
};

}  // namespace mxemu::llama
