// The keys and values of the tokens that a sequence has seen.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/llama/forward/compute.hpp"
#include "tools/llama/forward/matrix.hpp"
#include "tools/llama/forward/operand.hpp"
#include "tools/llama/model/config.hpp"

namespace mxemu::llama {

/// Numbers of the precision's type, tokens x (kv_heads * head_dim) for each layer. It grows as needed.
class KvCache {
 public:
  KvCache(const Config& config, Compute compute);

  /// Tokens seen.
  std::size_t length() const { return length_; }
  /// The first of `count` positions of a layer, behind those seen; they are seen after `advance(count)`.
  void write(std::size_t layer, Matrix keys, Matrix values);
  void advance(std::size_t count) { length_ += count; }
  /// Forgets all but the first `length` tokens.
  void truncate(std::size_t length);

  /// Keys of one head of all tokens written: tokens x head_dim.
  Operand keys(std::size_t layer, std::size_t head) const;
  /// Values of one head of all tokens written, transposed: head_dim x tokens.
  Operand values(std::size_t layer, std::size_t head) const;

 private:
  struct Store {
    std::vector<float> wide;            // of Float32
    std::vector<std::uint16_t> narrow;  // of BFloat16
    std::size_t tokens = 0;
  };
  void write_rows(Store& store, Matrix rows) const;
  Operand head_of(const Store& store, std::size_t head) const;

  Compute compute_;
  std::size_t width_;
  std::size_t head_dim_;
  std::size_t length_ = 0;
  std::vector<Store> keys_;
  std::vector<Store> values_;
};

}  // namespace mxemu::llama
