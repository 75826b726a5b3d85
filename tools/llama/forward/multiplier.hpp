// How a product is summed: by a library, fast, or by a named accumulator, exactly as it says.
#pragma once

#include <utility>
#include <vector>

#include "fast/matmul.hpp"
#include "tools/llama/forward/matrix.hpp"
#include "tools/llama/forward/operand.hpp"
#include "tools/llama/forward/place.hpp"

namespace mxemu::llama {

class Multiplier {
 public:
  virtual ~Multiplier() = default;
  /// output[a.rows x b.rows] = the dot products of the rows of a and b, as float32.
  virtual void multiply(const Place& place, const Operand& a, const Operand& b, MutableMatrix output) = 0;
};

/// oneDNN, or fused multiply-adds in ascending order where the build had none. Operands are both float32 or
/// both bfloat16. The order of oneDNN's sums is its own and may change with the sizes.
class LibraryMultiplier final : public Multiplier {
 public:
  explicit LibraryMultiplier(const fast::Execution& execution = {}) : execution_(execution) {}
  void multiply(const Place& place, const Operand& a, const Operand& b, MutableMatrix output) override;

 private:
  fast::Execution execution_;
};

/// fast::matmul: the bits of the accumulator, whatever the machine and the number of threads. Of several, the
/// first that takes a product's operands. Throws std::invalid_argument, which names the product, where none
/// does.
class AccumulatorMultiplier final : public Multiplier {
 public:
  explicit AccumulatorMultiplier(std::vector<spec::AccumulatorType> accumulators,
                                 const fast::Execution& execution = {})
      : accumulators_(std::move(accumulators)), execution_(execution) {}
  void multiply(const Place& place, const Operand& a, const Operand& b, MutableMatrix output) override;

 private:
  spec::DotRequest request_of(const Place& place, const Operand& a, const Operand& b) const;

  std::vector<spec::AccumulatorType> accumulators_;
  fast::Execution execution_;
  OperandBuffer gathered_[2];
  MatrixBuffer product_;
};

}  // namespace mxemu::llama
