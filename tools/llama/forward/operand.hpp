// What goes into a product. A recipe is an implementation of Operands: it says as which numbers, or as which
// codes and scales, weights, activations, queries, keys, values and attention weights are multiplied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fast/mxemu.hpp"
#include "spec/operand.hpp"
#include "spec/packing.hpp"
#include "tools/llama/forward/compute.hpp"
#include "tools/llama/forward/matrix.hpp"
#include "tools/llama/forward/place.hpp"
#include "tools/llama/model/weight.hpp"

namespace mxemu::llama {

/// Rows along K, in somebody else's memory: numbers, or codes of MX elements and the scales of their blocks.
struct Operand {
  spec::OperandType type = spec::OperandType::Float32;
  std::size_t rows = 0;
  std::size_t depth = 0;             ///< K
  const std::byte* codes = nullptr;  ///< of floating-point types: numbers, aligned
  std::size_t row_stride = 0;        ///< elements from a row to the next
  std::size_t step = 1;              ///< elements from one of a row to the next; of MX elements always 1
  std::span<const std::uint8_t> scales = {};
  std::size_t scale_stride = 0;  ///< scales from a row to the next
  int block_size = 32;
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
};

/// The matrix as a float32 operand, where it lies.
Operand operand_of(Matrix x);

/// Memory for an operand that has to be made.
class OperandBuffer {
 public:
  template <class Number>
  std::span<Number> resize(std::size_t count) {
    // Words of eight bytes are aligned for every type of number.
    const std::size_t words = (count * sizeof(Number) + 7) / 8;
    if (words_.size() < words) words_.resize(words);
    return {reinterpret_cast<Number*>(words_.data()), count};
  }

 private:
  std::vector<std::uint64_t> words_;
};

/// How queries are taken together in attention.
struct AttentionTiling {
  std::size_t queries = 128;     ///< tokens whose attention is one product
  std::size_t key_multiple = 1;  ///< the keys of a product are filled up to a multiple, while there are any
};

/// Makes the operands of every product. A buffer stays as it is until its operand has been multiplied.
class Operands {
 public:
  virtual ~Operands() = default;

  /// What enters a linear layer: tokens x inputs. Products that follow each other on the same activations
  /// share the operand where `shares_activations` of both is true.
  virtual Operand activations(const Place& place, Matrix x, OperandBuffer& buffer) = 0;
  virtual bool shares_activations(const Place& one, const Place& other) const = 0;
  /// Rows first … first + count - 1 of a linear layer's weight, outputs x inputs.
  virtual Operand weight(const Place& place, const Weight& weight, std::size_t first, std::size_t count,
                         OperandBuffer& buffer) = 0;
  /// How many rows of it are made at a time; all, where nothing has to be made.
  virtual std::size_t weight_rows(const Place& place, const Weight& weight) const = 0;

  /// Queries after RoPE that share keys: rows x head_dim.
  virtual Operand query(const Place& place, Matrix x, OperandBuffer& buffer) = 0;
  /// All keys that there are, `seen` of which take part: seen x head_dim. Of the type of the cache.
  virtual Operand key(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) = 0;
  /// Attention weights, rows x keys; columns that a query does not see are 0.
  virtual Operand attention_weights(const Place& place, Matrix x, OperandBuffer& buffer) = 0;
  /// All values that there are, as head_dim rows along the tokens, `seen` of which take part.
  virtual Operand value(const Place& place, const Operand& cached, std::size_t seen,
                        OperandBuffer& buffer) = 0;
  virtual AttentionTiling tiling() const { return {}; }

  /// What goes into the cache, tokens x (heads * head_dim), changed in place: Site says whose projection.
  virtual void to_cache(const Place& place, MutableMatrix x) = 0;
};

/// Every operand as it is: weights of other types are expanded some megabytes at a time.
class PlainOperands : public Operands {
 public:
  explicit PlainOperands(Compute compute, const fast::Execution& execution = {})
      : compute_(compute), execution_(execution) {}

  Operand activations(const Place& place, Matrix x, OperandBuffer& buffer) override;
  bool shares_activations(const Place&, const Place&) const override { return true; }
  Operand weight(const Place& place, const Weight& weight, std::size_t first, std::size_t count,
                 OperandBuffer& buffer) override;
  std::size_t weight_rows(const Place& place, const Weight& weight) const override;
  Operand query(const Place& place, Matrix x, OperandBuffer& buffer) override;
  Operand key(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) override;
  Operand attention_weights(const Place& place, Matrix x, OperandBuffer& buffer) override;
  Operand value(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) override;
  void to_cache(const Place&, MutableMatrix) override {}

 protected:
  /// The numbers in the precision's type: float32 where they lie, bfloat16 in the buffer.
  Operand numbers(Matrix x, OperandBuffer& buffer) const;
  Compute compute() const { return compute_; }
  const fast::Execution& execution() const { return execution_; }

 private:
  Compute compute_;
  fast::Execution execution_;
};

}  // namespace mxemu::llama
