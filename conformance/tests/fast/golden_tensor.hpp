// A tensor, what the reference makes of it, and the comparison of any way to call the library with that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "comparison.hpp"
#include "fast/mxemu.hpp"
#include "random_request.hpp"
#include "reference/tensor.hpp"
#include "spec/float_format.hpp"

namespace mxemu::fast_tests {

using Shape = std::vector<std::int64_t>;

struct GivenTensor {
  spec::Request request;
  Shape shape;
  int axis = -1;
  spec::FloatType type = spec::FloatType::Float32;
  std::vector<std::byte> source;
  std::vector<std::uint32_t> random_words = {};

  reference::FloatArray view() const { return {type, source}; }
};

/// The bytes of an array of `type`.
std::vector<std::byte> bytes_of(spec::FloatType type, const std::vector<std::uint64_t>& numbers);

/// A tensor of random numbers, and of random words for every second stochastic request.
GivenTensor random_tensor(Random& random, const spec::Request& request, const Shape& shape, int axis,
                          spec::FloatType type);

/// The reference's answers: codes and scales at once, values when first asked for.
class GoldenTensor {
 public:
  explicit GoldenTensor(GivenTensor given);

  const GivenTensor& given() const { return given_; }
  const spec::Request& request() const { return given_.request; }
  const std::vector<std::uint8_t>& codes() const { return golden_.codes; }
  const std::vector<std::uint8_t>& scales() const { return golden_.scales; }
  const std::vector<std::uint8_t>& packed_codes(spec::ElementPacking packing) const;
  const std::vector<std::byte>& values(spec::FloatType type) const;
  fast::BlockGrid grid() const;

  /// What differences of codes (in any packing), of scales and of values print.
  Context code_context(const Settings& settings) const;
  Context scale_context(const Settings& settings) const;
  Context value_context(const Settings& settings, spec::FloatType output) const;

 private:
  std::string setting(const Settings& settings) const;
  std::size_t block_of(std::size_t element) const;
  std::string input_of_element(std::size_t element) const;
  std::string input_of_block(std::size_t block) const;

  GivenTensor given_;
  reference::QuantizedTensor golden_;
  mutable std::vector<std::uint8_t> packed_;
  mutable std::array<std::vector<std::byte>, std::size(spec::float_formats)> values_;
};

void expect_quantized(const GoldenTensor& tensor, const Settings& settings);
void expect_scales(const GoldenTensor& tensor, const Settings& settings);
void expect_dequantized(const GoldenTensor& tensor, const Settings& settings, spec::FloatType output);
void expect_round_trip(const GoldenTensor& tensor, const Settings& settings, spec::FloatType output);

/// All four; values of one type.
void expect_everything(const GoldenTensor& tensor, const Settings& settings, spec::FloatType output);

/// Any packing, one to three threads, streaming or not, aligned or not, in any floating-point environment.
Settings any_settings(Random& random, fast::Isa isa);

}  // namespace mxemu::fast_tests
