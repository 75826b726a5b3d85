// Every call of the CUDA library, compared with what the reference makes of the same tensor.
#pragma once

#include "conformance/tests/fast/golden_tensor.hpp"
#include "cuda/mxemu_cuda.hpp"

namespace mxemu::cuda_tests {

using fast_tests::GoldenTensor;
using fast_tests::Random;

/// How arrays stand in memory; nothing in it may change a bit.
struct Setting {
  cuda::Storage storage = {};
  std::size_t source_offset = 0;  ///< of numbers from a multiple of 256 bytes, in numbers
  std::size_t codes_offset = 0;   ///< of codes and scales, in bytes
};

void expect_quantized(const GoldenTensor& tensor, const Setting& setting);
void expect_scales(const GoldenTensor& tensor, const Setting& setting);
void expect_dequantized(const GoldenTensor& tensor, const Setting& setting, spec::FloatType output);
void expect_round_trip(const GoldenTensor& tensor, const Setting& setting, spec::FloatType output);
/// Where source and output are of one type and stand in one place.
void expect_round_trip_in_place(const GoldenTensor& tensor, const Setting& setting);

/// All of them; values of one type.
void expect_everything(const GoldenTensor& tensor, const Setting& setting, spec::FloatType output);

/// The reference's code of a number by itself: in no block that a NaN could spoil.
std::uint8_t golden_element(const spec::Request& request, const spec::FloatFormat& format, std::uint64_t bits,
                            int exponent, std::uint32_t word);

/// Any packing and order of scales, at any address that the library takes.
Setting any_setting(Random& random);

}  // namespace mxemu::cuda_tests
