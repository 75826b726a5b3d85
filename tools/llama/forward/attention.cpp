#include "tools/llama/forward/attention.hpp"

#include <algorithm>
#include <cmath>

namespace mxemu::llama {
namespace {

/// The part of each token that one head of keys is asked by: a row for each of its heads.
template <class Copy>
void for_head_rows(const Config& config, std::size_t kv_head, std::size_t first, std::size_t count,
                   const Copy& copy) {
  const std::size_t group = config.queries_per_kv();
  for (std::size_t token = 0; token < count; ++token)
    for (std::size_t i = 0; i < group; ++i)
      copy(token * group + i, first + token, (kv_head * group + i) * config.head_dim);
}

void show(Observer* observer, const char* what, const Place& place, std::size_t token, Matrix values) {
  if (observer == nullptr) return;
  observer->saw("layers." + std::to_string(place.layer) + "." + what + "." + std::to_string(place.sequence) +
                    "." + std::to_string(place.kv_head) + "." + std::to_string(token),
                values);
}

}  // namespace

Attention::Attention(const Config& config, Products& products)
    : config_(config),
      products_(products),
      scale_(static_cast<float>(1 / std::sqrt(static_cast<double>(config.head_dim)))) {}

void Attention::attend(std::size_t layer, std::size_t sequence, Matrix query, const KvCache& cache,
                       MutableMatrix output, Observer* observer) {
  const AttentionTiling tiling = products_.tiling();
  const std::size_t all = cache.length() + query.rows;
  for (std::size_t head = 0; head < config_.kv_heads; ++head)
    for (std::size_t first = 0; first < query.rows; first += tiling.queries) {
      const std::size_t count = std::min(tiling.queries, query.rows - first);
      const std::size_t seen = cache.length() + first + count;
      const std::size_t filled = (seen + tiling.key_multiple - 1) / tiling.key_multiple * tiling.key_multiple;
      const Place place{.layer = layer, .sequence = sequence, .kv_head = head};
      attend_tile(place, {first, count, std::min(filled, all)}, query, cache, output, observer);
    }
}

void Attention::see(std::size_t seen, const Tile& tile) {
  visible_.clear();
  for (std::size_t token = 0; token < tile.count; ++token) {
    const std::size_t last = seen + tile.first + token + 1;
    const std::size_t window = config_.sliding_window == 0 ? last : config_.sliding_window;
    visible_.push_back({last > window ? last - window : 0, last});
  }
}

void Attention::attend_tile(const Place& place, const Tile& tile, Matrix query, const KvCache& cache,
                            MutableMatrix output, Observer* observer) {
  const std::size_t group = config_.queries_per_kv();
  const MutableMatrix queries = queries_.resize(tile.count * group, config_.head_dim);
  for_head_rows(config_, place.kv_head, tile.first, tile.count,
                [&](std::size_t row, std::size_t token, std::size_t column) {
                  std::ranges::copy(query.row(token).subspan(column, config_.head_dim),
                                    queries.row(row).begin());
                });
  Place here = place;
  here.site = Site::Scores;
  const MutableMatrix scores = scores_.resize(queries.rows, tile.keys);
  products_.scores(here, queries, cache.keys(place.layer, place.kv_head), scores);
  show(observer, "scores", place, tile.first, scores);
  see(cache.length(), tile);
  softmax_rows(products_.compute(), scores, scale_, visible_, group, products_.execution());
  show(observer, "softmax", place, tile.first, scores);
  here.site = Site::Mix;
  const MutableMatrix mixed = mixed_.resize(queries.rows, config_.head_dim);
  products_.mix(here, scores, cache.values(place.layer, place.kv_head), mixed);
  for_head_rows(config_, place.kv_head, tile.first, tile.count,
                [&](std::size_t row, std::size_t token, std::size_t column) {
                  std::ranges::copy(mixed.row(row), output.row(token).subspan(column).begin());
                });
}

}  // namespace mxemu::llama
