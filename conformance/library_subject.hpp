// What the adapters of our libraries share: batches of cases, cut into the calls on arrays that a library
// has.
#pragma once

#include <cstdint>
#include <span>

#include "conformance/subject.hpp"
#include "fast/mxemu.hpp"

namespace mxemu::conformance {

/// How the codes and the scales of a tensor stand in memory, in the specification's words.
struct TensorStorage {
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
  spec::ScaleLayout order = spec::ScaleLayout::RowMajor;
  ScaleMatrix matrix = {};  ///< the scales of one tensor; of use where `order` is not row-major
};

class LibrarySubject : public Subject {
 public:
  Answers answer(const Cases& cases) override;
  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override;
  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override;

 protected:
  using Codes = std::span<const std::uint8_t>;
  using MutableCodes = std::span<std::uint8_t>;
  using RandomWords = std::span<const std::uint32_t>;

  // The library's functions of these names, on arrays of the host.
  virtual void encode_elements(const spec::Request& request, const fast::FloatArray& source,
                               MutableCodes codes, int scale_exponent, RandomWords words) = 0;
  virtual void decode_elements(const spec::Request& request, Codes codes,
                               const fast::MutableFloatArray& output) = 0;
  virtual void shared_scales(const spec::Request& request, const fast::BlockGrid& grid,
                             const fast::FloatArray& source, MutableCodes scales) = 0;
  virtual void quantize_tensor(const spec::Request& request, const fast::BlockGrid& grid,
                               const fast::FloatArray& source, MutableCodes codes, MutableCodes scales,
                               const TensorStorage& storage, RandomWords words) = 0;
  virtual void dequantize_tensor(const spec::Request& request, const fast::BlockGrid& grid, Codes codes,
                                 Codes scales, const fast::MutableFloatArray& output,
                                 const TensorStorage& storage) = 0;

  /// Whether the library has an operation on tensors in a storage.
  virtual bool has(Operation operation, const TensorStorage& storage) const = 0;

  /// Codes one per byte and scales in the order of the blocks to their bytes in memory, and back. Called
  /// where `has` says so.
  virtual void pack(const TensorStorage&, int /*bits*/, Codes /*codes*/, Codes /*scales*/,
                    MutableCodes /*stored_codes*/, MutableCodes /*stored_scales*/) {}
  virtual void unpack(const TensorStorage&, int /*bits*/, Codes /*stored_codes*/, Codes /*stored_scales*/,
                      MutableCodes /*codes*/, MutableCodes /*scales*/) {}

 private:
  void answer_tensors(const Cases& cases, Answers& answers);
  void encode_scaled(const Cases& cases, Answers& answers);
};

}  // namespace mxemu::conformance
