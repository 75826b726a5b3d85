#include "tools/llama/forward/kv_cache.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace mxemu::llama {

KvCache::KvCache(const Config& config, Compute compute)
    : compute_(compute),
      width_(config.kv_width()),
      head_dim_(config.head_dim),
      keys_(config.layers),
      values_(config.layers) {}

void KvCache::write(std::size_t layer, Matrix keys, Matrix values) {
  write_rows(keys_[layer], keys);
  write_rows(values_[layer], values);
}

void KvCache::write_rows(Store& store, Matrix rows) const {
  store.tokens = length_ + rows.rows;
  const auto copy = [&](auto& numbers, auto convert) {
    if (numbers.size() < store.tokens * width_) numbers.resize(std::max(store.tokens, 2 * length_) * width_);
    for (std::size_t row = 0; row < rows.rows; ++row)
      std::ranges::transform(
          rows.row(row), numbers.begin() + static_cast<std::ptrdiff_t>((length_ + row) * width_), convert);
  };
  switch (compute_) {
    case Compute::Float32: return copy(store.wide, [](float x) { return x; });
    case Compute::BFloat16: return copy(store.narrow, [](float x) { return to_bfloat16(x); });
  }
}

void KvCache::truncate(std::size_t length) {
  if (length > length_)
    throw std::invalid_argument("a cache of " + std::to_string(length_) + " tokens has no first " +
                                std::to_string(length));
  length_ = length;
}

Operand KvCache::head_of(const Store& store, std::size_t head) const {
  const auto* codes = compute_ == Compute::Float32
                          ? reinterpret_cast<const std::byte*>(store.wide.data() + head * head_dim_)
                          : reinterpret_cast<const std::byte*>(store.narrow.data() + head * head_dim_);
  return {.type = operand_type_of(compute_),
          .rows = store.tokens,
          .depth = head_dim_,
          .codes = codes,
          .row_stride = width_};
}

Operand KvCache::keys(std::size_t layer, std::size_t head) const {
  return head_of(keys_[layer], head);
}

Operand KvCache::values(std::size_t layer, std::size_t head) const {
  Operand values = head_of(values_[layer], head);
  std::swap(values.rows, values.depth);
  std::swap(values.row_stride, values.step);
  return values;
}

}  // namespace mxemu::llama
