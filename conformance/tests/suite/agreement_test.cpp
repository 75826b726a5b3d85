// The reference and the fast library as subjects: the same answers to random cases of every operation, under
// random requests.
#include <gtest/gtest.h>

#include <iostream>

#include "conformance/checks/check.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance::tests {
namespace {

template <class Enum>
Enum random_word(Random& random) {
  return spec::words<Enum>[random.below(std::size(spec::words<Enum>))].value;
}

spec::Request random_request(spec::BlockType format, Random& random) {
  spec::Request request = spec::make_request(format);
  request.scale_rule = random_word<spec::ScaleRuleType>(random);
  request.rounding.mode = random_word<spec::RoundingMode>(random);
  spec::for_each_freedom(request.policy,
                         [&]<class Enum>(const char*, Enum& field) { field = random_word<Enum>(random); });
  request.policy.tail = spec::Tail::ShortBlock;
  return request;
}

/// Uniform bits, uniform codes, uniform scales.
Cases random_cases(const Capability& capability, Random& random) {
  Cases cases = {.operation = capability.operation,
                 .request = random_request(capability.format, random),
                 .elements = 1 + random.below(32),
                 .numbers = Numbers(capability.type)};
  const std::size_t count = 24;
  const int codes = cases.request.element_format().code_count();
  for (std::size_t i = 0; i < count * cases.elements; ++i) {
    if (takes_numbers(cases.operation))
      cases.numbers.push_back(random.word() >> (64 - spec::format_of(capability.type).bits));
    else
      cases.codes.push_back(static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(codes))));
    if (gives_codes(cases.operation) && cases.request.rounding.mode == spec::RoundingMode::Stochastic)
      cases.random_words.push_back(static_cast<std::uint32_t>(random.word()));
  }
  for (std::size_t i = 0; takes_scale(cases.operation) && i < count; ++i)
    cases.scales.push_back(static_cast<std::uint8_t>(random.word()));
  return cases;
}

TEST(Subjects, FastAnswersAsTheReferenceDoes) {
  const std::uint64_t seed = 1;
  std::cout << "seed " << seed << "\n";
  Random random(seed);
  const auto reference = make_reference_subject();
  const auto fast = make_fast_subject();
  for (const Capability& capability : every_capability())
    for (int round = 0; round < 12; ++round) {
      const Cases cases = random_cases(capability, random);
      const Answers expected = reference->answer(cases);
      const Answers got = fast->answer(cases);
      SCOPED_TRACE(std::string(spec::name_of(capability.operation)) + " " +
                   spec::format_of(capability.format).name + " " + spec::name_of(capability.type) +
                   " round " + std::to_string(round));
      ASSERT_EQ(expected.codes, got.codes);
      ASSERT_EQ(expected.scales, got.scales);
      ASSERT_EQ(expected.numbers, got.numbers);
    }
}

/// Random numbers or bytes for a tensor in one of fast's layouts.
Cases random_tensors(const Capability& capability, const Storage& storage, Random& random) {
  Cases cases = {.operation = capability.operation,
                 .request = random_request(capability.format, random),
                 .elements = storage.element_count(),
                 .numbers = Numbers(capability.type),
                 .storage = storage};
  cases.request.rounding.mode = spec::RoundingMode::NearestEven;
  const ArraySizes taken = cases.taken();
  const int codes = cases.request.element_format().code_count();
  const bool packed = capability.operation != Operation::Pack;
  for (int i = 0; i < 3; ++i) {
    for (std::size_t n = 0; n < taken.numbers; ++n)
      cases.numbers.push_back(random.word() >> (64 - spec::format_of(capability.type).bits));
    for (std::size_t c = 0; c < taken.codes; ++c)
      cases.codes.push_back(
          static_cast<std::uint8_t>(random.below(packed ? 256 : static_cast<std::uint64_t>(codes))));
    for (std::size_t c = 0; c < taken.scales; ++c)
      cases.scales.push_back(static_cast<std::uint8_t>(random.word()));
  }
  // A byte holds one code of fewer bits, the rest zero.
  if (packed && storage.layout.packing == Packing::Bytes)
    for (std::uint8_t& code : cases.codes) code = static_cast<std::uint8_t>(code % codes);
  return cases;
}

TEST(Subjects, FastStoresTensorsAsTheReferenceDoes) {
  const std::uint64_t seed = 1;
  std::cout << "seed " << seed << "\n";
  Random random(seed);
  const auto reference = make_reference_subject();
  const auto fast = make_fast_subject();
  for (const Capability& capability : every_tensor_capability())
    for (const Layout& layout : layouts_of(*fast, capability.format))
      for (const TensorGeometry& geometry :
           {TensorGeometry{{2, 64}, 1}, {{40, 3}, 0}, {{2, 35, 2}, 1}, {{7, 5}, 1}}) {
        const Storage storage = {geometry, layout};
        if (!fits(storage, spec::make_request(capability.format))) continue;
        const Cases cases = random_tensors(capability, storage, random);
        const Answers expected = reference->answer(cases);
        const Answers got = fast->answer(cases);
        SCOPED_TRACE(std::string(spec::name_of(capability.operation)) + " " +
                     spec::format_of(capability.format).name + " " + spec::name_of(layout.packing) + " " +
                     storage.shape_text());
        ASSERT_TRUE(got.is_supported(0));
        ASSERT_EQ(expected.codes, got.codes);
        ASSERT_EQ(expected.scales, got.scales);
        ASSERT_EQ(expected.numbers, got.numbers);
      }
}

}  // namespace
}  // namespace mxemu::conformance::tests
