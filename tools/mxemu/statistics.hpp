// What a round trip through an MX format did to a tensor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "conformance/subject.hpp"
#include "reference/tensor.hpp"
#include "spec/request.hpp"

namespace mxemu::cli {

/// Sums over elements and blocks; sums of several tensors add up.
struct Statistics {
  std::uint64_t elements = 0;
  std::uint64_t compared = 0;    ///< elements whose input and output are both finite
  std::uint64_t not_finite = 0;  ///< inputs that are NaN or Inf
  std::uint64_t lost = 0;        ///< finite inputs that became NaN or Inf
  std::uint64_t saturated = 0;   ///< finite inputs clamped to the largest number at their block's scale
  std::uint64_t flushed = 0;     ///< nonzero inputs that became zero
  std::uint64_t blocks = 0;
  std::uint64_t nan_blocks = 0;
  std::uint64_t storage_bits = 0;
  long double signal = 0;  ///< sum of squared inputs, over compared elements; wide enough for float64 squares
  long double noise = 0;   ///< sum of squared errors
  double max_absolute = 0;                     ///< largest |output - input|
  double max_relative = 0;                     ///< largest |output - input| / |input|, input nonzero
  std::array<std::uint64_t, 256> scales = {};  ///< blocks per scale code

  /// Compared elements by relative error: bin 0 is exact, bin i is 2^(i + first_error_binade - 1) up to twice
  /// that, the first and last binade open-ended; zeros that stayed zero are exact.
  static constexpr int first_error_binade = -16;
  static constexpr int last_error_binade = 0;
  std::array<std::uint64_t, last_error_binade - first_error_binade + 2> relative_errors = {};

  double bits_per_element() const;
  /// Signal-to-quantisation-noise ratio in decibels; infinite when nothing changed, NaN without signal.
  double sqnr_decibels() const;
  int smallest_scale() const;  ///< smallest scale code that is a number, -1 when there is none
  int largest_scale() const;

  void add(const Statistics& other);
};

/// Compares a tensor with what came back. `output` has the type of float `output_type`.
Statistics measure(const spec::Request& request, const conformance::TensorGeometry& geometry,
                   spec::FloatType input_type, std::span<const std::byte> input,
                   std::span<const std::uint8_t> scales, spec::FloatType output_type,
                   std::span<const std::byte> output);

nlohmann::json to_json(const Statistics& statistics);

}  // namespace mxemu::cli
