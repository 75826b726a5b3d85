#include "conformance/tests/device/batches.hpp"

#include <gtest/gtest.h>

#include <random>

#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

std::uint64_t mixed_number(const spec::FloatFormat& format, std::mt19937_64& random) {
  const std::uint64_t bits = random() >> (64 - format.bits);
  switch (random() % 16) {
    case 0: return bits & format.sign_mask();
    case 1: return bits & (format.sign_mask() | 7);  // subnormal
    case 2: return random() % 32 == 0 ? bits | format.infinity_bits() : bits;
    case 3: return bits;
    default: {
      // Near 1, where the elements of a block meet, with few enough bits for ties.
      const std::uint64_t exponent = static_cast<std::uint64_t>(format.bias) - 3 + random() % 5;
      const std::uint64_t top = bits & (std::uint64_t{7} << (format.mantissa_bits - 3));
      return (bits & format.sign_mask()) | exponent << format.mantissa_bits | top;
    }
  }
}

std::uint64_t without_nan_payload(const spec::FloatFormat& format, std::uint64_t bits) {
  return (bits & ~format.sign_mask()) > format.infinity_bits() ? format.nan_bits() : bits;
}

}  // namespace

Cases small_case(std::size_t count) {
  Cases cases = {.request = spec::make_request(spec::BlockType::MXFP4_E2M1), .elements = 2};
  for (std::size_t i = 0; i < count; ++i) {
    cases.numbers.push_back(0x3f200000);
    cases.numbers.push_back(0xc0000000);
  }
  return cases;
}

Cases mixed_cases(Operation operation, const spec::Request& request, spec::FloatType type,
                  std::size_t elements, std::size_t count, std::uint32_t seed) {
  std::mt19937_64 random(seed);
  Cases cases = {.operation = operation, .request = request, .elements = elements, .numbers = Numbers(type)};
  const auto codes = static_cast<std::uint64_t>(request.element_format().code_count());
  for (std::size_t i = 0; i < count; ++i) {
    if (takes_scale(operation)) cases.scales.push_back(static_cast<std::uint8_t>(random() % 256));
    for (std::size_t j = 0; j < elements; ++j) {
      if (takes_numbers(operation))
        cases.numbers.push_back(mixed_number(spec::format_of(type), random));
      else
        cases.codes.push_back(static_cast<std::uint8_t>(random() % codes));
      if (gives_codes(operation) && request.rounding.mode == spec::RoundingMode::Stochastic)
        cases.random_words.push_back(static_cast<std::uint32_t>(random()));
    }
  }
  return cases;
}

std::string shell_device(const std::string& script) {
  return "read greeting; printf 'device bad\\ncan quantize MXFP4_E2M1 f32\\nready\\n'; " + script;
}

std::string failure_of(const std::string& command, const Cases& cases, const Patience& patience) {
  try {
    const Answers answers = make_process_subject(command, patience)->answer(cases);
    return "it answered";
  } catch (const DeviceError& error) {
    const std::string sentence = error.what();
    const std::string name = "process:" + command;
    const std::string shown = name.size() <= 100 ? name : name.substr(0, 97) + "...";
    if (!sentence.starts_with(shown + ": ")) return "no device's name in: " + sentence;
    return sentence.substr(shown.size() + 2);
  }
}

void expect_reference_answers(Subject& subject, const Cases& cases) {
  const Answers expected = make_reference_subject()->answer(cases);
  const Answers got = subject.answer(cases);
  ASSERT_TRUE(got.unsupported.empty());
  EXPECT_EQ(got.scales, expected.scales);
  EXPECT_EQ(got.codes, expected.codes);
  ASSERT_EQ(got.numbers.size(), expected.numbers.size());
  const spec::FloatFormat& format = spec::format_of(cases.type());
  for (std::size_t i = 0; i < expected.numbers.size(); ++i)
    ASSERT_EQ(without_nan_payload(format, got.numbers.at(i)),
              without_nan_payload(format, expected.numbers.at(i)))
        << "element " << i;
}

}  // namespace mxemu::conformance
