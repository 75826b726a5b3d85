// What a round trip through an MX format did to a tensor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "conformance/subject.hpp"
#include "fast/statistics.hpp"
#include "spec/request.hpp"

namespace mxemu::cli {

/// Errors of elements, and what the blocks are like; statistics of several tensors add up.
struct Statistics : fast::ErrorStatistics {
  std::uint64_t blocks = 0;
  std::uint64_t nan_blocks = 0;
  std::uint64_t storage_bits = 0;
  std::array<std::uint64_t, 256> scales = {};  ///< blocks per scale code

  double bits_per_element() const;
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
