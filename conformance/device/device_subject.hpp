// Whole tensors through a subject that only answers cases: what every kind of device has in common.
#pragma once

#include "conformance/subject.hpp"

namespace mxemu::conformance {

/// Cuts tensors into blocks and asks for them as cases; a case that is answered "unsupported" is a
/// DeviceError here. The random words of stochastic rounding are made from the request's seed.
class DeviceSubject : public Subject {
 public:
  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override;

  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override;
};

}  // namespace mxemu::conformance
