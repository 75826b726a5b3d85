// The reference's values of codes, and its conversions to E8M0, against the CUDA toolkit's on the host.
#include <cuda_fp4.h>
#include <cuda_fp6.h>
#include <cuda_fp8.h>
#include <gtest/gtest.h>

#include <bit>

#include "conformance/tests/peers/comparison.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::ScaleFormat e8m0 = spec::format_of(spec::ScaleType::E8M0);

/// The toolkit's canonical NaN has all mantissa bits set and no sign; ours only the quiet bit.
std::uint64_t expected_bits(spec::FloatType type, const reference::Value& value) {
  const spec::FloatFormat& format = spec::format_of(type);
  return value.is_nan() ? format.sign_mask() - 1 : reference::encode_float(format, value);
}

/// The toolkit's two ways from a code to a number.
struct CudaDecoding {
  spec::ElementType element;
  __half_raw (*to_half)(std::uint8_t);
  float (*to_float)(std::uint8_t);
};

template <class Number>
float number_to_float(std::uint8_t code) {
  Number number;
  number.__x = code;
  return static_cast<float>(number);
}

constexpr CudaDecoding cuda_decodings[] = {
    {spec::ElementType::E5M2, [](std::uint8_t code) { return __nv_cvt_fp8_to_halfraw(code, __NV_E5M2); },
     number_to_float<__nv_fp8_e5m2>},
    {spec::ElementType::E4M3, [](std::uint8_t code) { return __nv_cvt_fp8_to_halfraw(code, __NV_E4M3); },
     number_to_float<__nv_fp8_e4m3>},
    {spec::ElementType::E3M2, [](std::uint8_t code) { return __nv_cvt_fp6_to_halfraw(code, __NV_E3M2); },
     number_to_float<__nv_fp6_e3m2>},
    {spec::ElementType::E2M3, [](std::uint8_t code) { return __nv_cvt_fp6_to_halfraw(code, __NV_E2M3); },
     number_to_float<__nv_fp6_e2m3>},
    {spec::ElementType::E2M1, [](std::uint8_t code) { return __nv_cvt_fp4_to_halfraw(code, __NV_E2M1); },
     number_to_float<__nv_fp4_e2m1>},
};

TEST(CudaHostDecode, GivesEveryElementCodeTheReferencesValue) {
  for (const auto& decoding : cuda_decodings) {
    const spec::ElementFormat& format = spec::format_of(decoding.element);
    for (int index = 0; index < format.code_count(); ++index) {
      const auto code = static_cast<std::uint8_t>(index);
      const reference::Value value = reference::decode_element(format, code);
      EXPECT_EQ(decoding.to_half(code).x, expected_bits(spec::FloatType::Float16, value))
          << format.name << " code " << index;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(decoding.to_float(code)),
                expected_bits(spec::FloatType::Float32, value))
          << format.name << " code " << index;
    }
  }
}

TEST(CudaHostDecode, GivesEveryScaleCodeTheReferencesValue) {
  for (int index = e8m0.min_code; index <= e8m0.nan_code; ++index) {
    const auto code = static_cast<std::uint8_t>(index);
    const reference::Value value = reference::decode_scale(e8m0, code);
    EXPECT_EQ(__nv_cvt_e8m0_to_bf16raw(code).x, expected_bits(spec::FloatType::BFloat16, value)) << index;
    // As float, a NaN is the bfloat16 one with zeros behind it.
    const std::uint64_t expected = expected_bits(spec::FloatType::BFloat16, value) << 16;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(number_to_float<__nv_fp8_e8m0>(code)), expected) << index;
  }
}

/// A conversion to E8M0: rounding of the magnitude, and what becomes of a scale beyond 2^127.
struct CudaScaleConversion {
  const char* name;
  cudaRoundMode rounding;
  __nv_saturation_t saturation;

  spec::RoundingMode mode() const {
    return rounding == cudaRoundZero ? spec::RoundingMode::TowardZero : spec::RoundingMode::Up;
  }
  spec::ScaleOverflow overflow() const {
    return saturation == __NV_SATFINITE ? spec::ScaleOverflow::Clamp : spec::ScaleOverflow::Nan;
  }

  std::uint8_t operator()(spec::FloatType type, std::uint64_t bits) const {
    const auto low = static_cast<unsigned short>(bits);
    switch (type) {
      case spec::FloatType::Float32:
        return __nv_cvt_float_to_e8m0(std::bit_cast<float>(static_cast<std::uint32_t>(bits)), saturation,
                                      rounding);
      case spec::FloatType::Float64:
        return __nv_cvt_double_to_e8m0(std::bit_cast<double>(bits), saturation, rounding);
      case spec::FloatType::BFloat16:
        return __nv_cvt_bfloat16raw_to_e8m0(std::bit_cast<__nv_bfloat16_raw>(low), saturation, rounding);
      case spec::FloatType::Float16: break;
    }
    throw std::invalid_argument("the toolkit has no conversion from half to E8M0");
  }
};

constexpr CudaScaleConversion cuda_scale_conversions[] = {
    {"round_zero_satfinite", cudaRoundZero, __NV_SATFINITE},
    {"round_zero_nosat", cudaRoundZero, __NV_NOSAT},
    {"round_up_satfinite", cudaRoundPosInf, __NV_SATFINITE},
    {"round_up_nosat", cudaRoundPosInf, __NV_NOSAT},
};

/// The reference's scale code, but for one defect of the toolkit's header: toward zero without saturation, a
/// finite double from 2^128 on should give NaN (so says the header, so does its float conversion of Inf), but
/// is first converted to the largest float and gives 2^127.
std::uint8_t expected_scale(const CudaScaleConversion& conversion, spec::FloatType type, std::uint64_t bits) {
  const reference::Value value = reference::decode_float(spec::format_of(type), bits);
  const std::uint8_t code = reference::encode_scale(e8m0, value, conversion.mode(), conversion.overflow());
  const bool beyond = value.is_finite() && value.magnitude >= reference::power_of_two(e8m0.emax + 1);
  if (!beyond || conversion.rounding != cudaRoundZero || conversion.saturation != __NV_NOSAT) return code;
  EXPECT_EQ(code, e8m0.nan_code);
  return e8m0.max_code;
}

class CudaHostScale : public testing::TestWithParam<CudaScaleConversion> {
 protected:
  void expect_same_codes(const Inputs& inputs) const {
    expect_agreement(GetParam().name, inputs, [&] {
      return [&](std::uint64_t bits) {
        return std::pair(GetParam()(inputs.type, bits), expected_scale(GetParam(), inputs.type, bits));
      };
    });
  }

  Inputs hard_and_random(spec::FloatType type, std::size_t random_count) const {
    const spec::ElementFormat& widest = spec::format_of(spec::ElementType::E5M2);
    Inputs inputs = random_finite(widest, type, random_count, random_seed());
    inputs.append(powers_of_two(type));
    inputs.append(non_finite(type));
    return inputs;
  }
};

TEST_P(CudaHostScale, EncodesEveryBfloat16AsTheReference) {
  expect_same_codes(all_patterns(spec::FloatType::BFloat16));
}

TEST_P(CudaHostScale, EncodesFloat32AsTheReference) {
  expect_same_codes(hard_and_random(spec::FloatType::Float32, 4'000'000));
}

TEST_P(CudaHostScale, EncodesFloat64AsTheReference) {
  expect_same_codes(hard_and_random(spec::FloatType::Float64, 1'000'000));
}

std::string scale_conversion_name(const testing::TestParamInfo<CudaScaleConversion>& conversion) {
  return conversion.param.name;
}

INSTANTIATE_TEST_SUITE_P(Conversions, CudaHostScale, testing::ValuesIn(cuda_scale_conversions),
                         scale_conversion_name);

}  // namespace
}  // namespace mxemu::conformance
