// Tensor operations of the fast library: whole tensors in the layouts of spec/packing.hpp.
#pragma once

#include <cstddef>
#include <optional>

#include "conformance/cases.hpp"
#include "fast/mxemu.hpp"

namespace mxemu::conformance {

/// Answers the cases of one batch, case by case.
class FastTensor {
 public:
  explicit FastTensor(const Cases& cases);

  /// False where the library has not the layout.
  bool is_supported() const { return packing_ && order_; }

  void answer(std::size_t index, Answers& answers) const;

 private:
  bool is_ggml() const { return packing_ == spec::ElementPacking::GgmlBlock; }
  /// Scales of the blocks to the answer, or from the case.
  void put_scales(std::size_t index, std::span<const std::uint8_t> scales, Answers& answers) const;
  std::vector<std::uint8_t> stored_scales(std::size_t index) const;
  void quantize(std::size_t index, Answers& answers) const;
  void dequantize(std::size_t index, Answers& answers) const;
  void pack(std::size_t index, Answers& answers) const;
  void unpack(std::size_t index, Answers& answers) const;

  const Cases& cases_;
  std::optional<spec::ElementPacking> packing_;
  std::optional<spec::ScaleLayout> order_;
  fast::BlockGrid grid_;
  ScaleMatrix matrix_;
  int bits_;
  ArraySizes taken_;
  ArraySizes given_;
};

}  // namespace mxemu::conformance
