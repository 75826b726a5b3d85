// The reference against the host conversions of the CUDA toolkit's cuda_fp8.h, cuda_fp6.h and cuda_fp4.h.
// Where the toolkit differs from our defaults, what it does is stated here with the reason.
#include <cuda_fp4.h>
#include <cuda_fp6.h>
#include <cuda_fp8.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "conformance/tests/peers/comparison.hpp"
#include "reference/element.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t random_float32_count = 4'000'000;
constexpr std::size_t random_float64_count = 1'000'000;

/// One conversion of the toolkit, from each of the types that it takes.
struct CudaConversion {
  const char* name;
  spec::ElementType element;
  spec::RoundingMode mode;
  spec::Overflow overflow;
  std::uint8_t (*from_float)(float);
  std::uint8_t (*from_double)(double);
  std::uint8_t (*from_half)(__half_raw);
  std::uint8_t (*from_bfloat16)(__nv_bfloat16_raw);

  const spec::ElementFormat& format() const { return spec::format_of(element); }

  std::uint8_t operator()(spec::FloatType type, std::uint64_t bits) const {
    const auto low = static_cast<unsigned short>(bits);
    switch (type) {
      case spec::FloatType::Float32:
        return from_float(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
      case spec::FloatType::Float64: return from_double(std::bit_cast<double>(bits));
      case spec::FloatType::Float16: return from_half(std::bit_cast<__half_raw>(low));
      case spec::FloatType::BFloat16: return from_bfloat16(std::bit_cast<__nv_bfloat16_raw>(low));
    }
    return 0;
  }
};

template <__nv_fp8_interpretation_t kind, __nv_saturation_t saturation>
constexpr CudaConversion fp8(const char* name, spec::ElementType element) {
  const bool saturates = saturation == __NV_SATFINITE;
  return {name,
          element,
          spec::RoundingMode::NearestEven,
          saturates ? spec::Overflow::Saturate : spec::Overflow::NonFinite,
          [](float x) { return __nv_cvt_float_to_fp8(x, saturation, kind); },
          [](double x) { return __nv_cvt_double_to_fp8(x, saturation, kind); },
          [](__half_raw x) { return __nv_cvt_halfraw_to_fp8(x, saturation, kind); },
          [](__nv_bfloat16_raw x) { return __nv_cvt_bfloat16raw_to_fp8(x, saturation, kind); }};
}

constexpr spec::RoundingMode mode_of(cudaRoundMode rounding) {
  return rounding == cudaRoundZero ? spec::RoundingMode::TowardZero : spec::RoundingMode::NearestEven;
}

template <__nv_fp6_interpretation_t kind, cudaRoundMode rounding>
constexpr CudaConversion fp6(const char* name, spec::ElementType element) {
  return {name,
          element,
          mode_of(rounding),
          spec::Overflow::Saturate,
          [](float x) { return __nv_cvt_float_to_fp6(x, kind, rounding); },
          [](double x) { return __nv_cvt_double_to_fp6(x, kind, rounding); },
          [](__half_raw x) { return __nv_cvt_halfraw_to_fp6(x, kind, rounding); },
          [](__nv_bfloat16_raw x) { return __nv_cvt_bfloat16raw_to_fp6(x, kind, rounding); }};
}

template <cudaRoundMode rounding>
constexpr CudaConversion fp4(const char* name) {
  return {name,
          spec::ElementType::E2M1,
          mode_of(rounding),
          spec::Overflow::Saturate,
          [](float x) { return __nv_cvt_float_to_fp4(x, __NV_E2M1, rounding); },
          [](double x) { return __nv_cvt_double_to_fp4(x, __NV_E2M1, rounding); },
          [](__half_raw x) { return __nv_cvt_halfraw_to_fp4(x, __NV_E2M1, rounding); },
          [](__nv_bfloat16_raw x) { return __nv_cvt_bfloat16raw_to_fp4(x, __NV_E2M1, rounding); }};
}

/// Saturation is an argument of FP8 only, rounding toward zero one of FP6 and FP4 only.
constexpr CudaConversion cuda_conversions[] = {
    fp8<__NV_E4M3, __NV_SATFINITE>("E4M3_satfinite", spec::ElementType::E4M3),
    fp8<__NV_E4M3, __NV_NOSAT>("E4M3_nosat", spec::ElementType::E4M3),
    fp8<__NV_E5M2, __NV_SATFINITE>("E5M2_satfinite", spec::ElementType::E5M2),
    fp8<__NV_E5M2, __NV_NOSAT>("E5M2_nosat", spec::ElementType::E5M2),
    fp6<__NV_E3M2, cudaRoundNearest>("E3M2_nearest", spec::ElementType::E3M2),
    fp6<__NV_E3M2, cudaRoundZero>("E3M2_toward_zero", spec::ElementType::E3M2),
    fp6<__NV_E2M3, cudaRoundNearest>("E2M3_nearest", spec::ElementType::E2M3),
    fp6<__NV_E2M3, cudaRoundZero>("E2M3_toward_zero", spec::ElementType::E2M3),
    fp4<cudaRoundNearest>("E2M1_nearest"),
    fp4<cudaRoundZero>("E2M1_toward_zero"),
};

/// The reference's code under the policy that describes the toolkit:
/// - a NaN from float, half or bfloat16 is made canonical first (0x7f), its sign lost;
/// - a NaN from double keeps its sign, is made quiet and, in E5M2, keeps one more bit of payload;
/// - an E4M3 overflow to NaN has the sign of the number that overflowed, whatever the source;
/// - a NaN becomes the largest positive FP6 or FP4 number, whatever its sign: our default.
std::uint8_t expected_code(const CudaConversion& conversion, spec::FloatType type, std::uint64_t bits) {
  const reference::Value value = reference::decode_float(spec::format_of(type), bits);
  const bool from_double = type == spec::FloatType::Float64;
  spec::Policy policy = {.overflow = conversion.overflow, .nan_code = spec::NanCode::SignedAllOnes};
  if (value.is_nan()) policy.nan_code = from_double ? spec::NanCode::SignedQuiet : spec::NanCode::AllOnes;
  const std::uint8_t code =
      reference::encode_element(conversion.format(), value, {.mode = conversion.mode}, policy);
  const bool keeps_payload = value.is_nan() && from_double && conversion.element == spec::ElementType::E5M2;
  const auto payload_bit = static_cast<unsigned>(bits >> 50 & 1);
  return static_cast<std::uint8_t>(code | (keeps_payload ? payload_bit : 0));
}

class CudaHost : public testing::TestWithParam<CudaConversion> {
 protected:
  void expect_same_codes(const Inputs& inputs) const {
    expect_agreement(GetParam().name, inputs, [&] {
      return [&](std::uint64_t bits) {
        return std::pair(GetParam()(inputs.type, bits), expected_code(GetParam(), inputs.type, bits));
      };
    });
  }

  Inputs hard_and_random(spec::FloatType type, std::size_t random_count) const {
    Inputs inputs = random_finite(GetParam().format(), type, random_count, random_seed());
    inputs.append(boundaries(GetParam().format(), type));
    inputs.append(powers_of_two(type));
    inputs.append(non_finite(type));
    return inputs;
  }
};

TEST_P(CudaHost, EncodesEveryBfloat16AsTheReference) {
  expect_same_codes(all_patterns(spec::FloatType::BFloat16));
}

TEST_P(CudaHost, EncodesEveryFloat16AsTheReference) {
  expect_same_codes(all_patterns(spec::FloatType::Float16));
}

TEST_P(CudaHost, EncodesFloat32AsTheReference) {
  expect_same_codes(hard_and_random(spec::FloatType::Float32, random_float32_count));
}

TEST_P(CudaHost, EncodesFloat64AsTheReference) {
  expect_same_codes(hard_and_random(spec::FloatType::Float64, random_float64_count));
}

std::string conversion_name(const testing::TestParamInfo<CudaConversion>& conversion) {
  return conversion.param.name;
}

INSTANTIATE_TEST_SUITE_P(Conversions, CudaHost, testing::ValuesIn(cuda_conversions), conversion_name);

void PrintTo(const CudaConversion& conversion, std::ostream* out) {
  *out << conversion.name;
}

}  // namespace
}  // namespace mxemu::conformance
