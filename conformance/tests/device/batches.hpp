// Cases for devices to answer, and devices to answer them wrongly.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "conformance/process_subject.hpp"

namespace mxemu::conformance {

/// One case of two numbers, "quantize MXFP4_E2M1 f32 floor nearest_even - 3f200000 c0000000", `count` times.
/// Its answer is "7e 2 e".
Cases small_case(std::size_t count = 1);
inline constexpr const char* small_line =
    "\"quantize MXFP4_E2M1 f32 floor nearest_even - 3f200000 c0000000\"";

/// `count` cases of an operation that mixes numbers of all magnitudes and the special ones, the same for the
/// same seed. Scales and codes are uniform; under stochastic rounding there are random words.
Cases mixed_cases(Operation operation, const spec::Request& request, spec::FloatType type,
                  std::size_t elements, std::size_t count, std::uint32_t seed);

/// A shell device: `script` runs once the greeting is read and MXFP4 quantisation is declared.
std::string shell_device(const std::string& script);

inline constexpr Patience short_patience = {std::chrono::seconds(10), std::chrono::milliseconds(200)};

/// The sentence, without the device's name, of the DeviceError that starting `command` and asking it
/// `cases` throws; what the answer was when it throws none.
std::string failure_of(const std::string& command, const Cases& cases = small_case(),
                       const Patience& patience = short_patience);

/// Every answer of `subject` to `cases` is supported and the reference's, any NaN for a NaN.
void expect_reference_answers(Subject& subject, const Cases& cases);

}  // namespace mxemu::conformance
