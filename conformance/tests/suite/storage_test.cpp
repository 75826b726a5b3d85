// Tensors in memory: the layouts themselves, and what the suite says of a subject with another one.
#include "conformance/storage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iostream>

#include "conformance/checks/check.hpp"
#include "conformance/suite.hpp"
#include "conformance/tests/suite/wrong_subjects.hpp"
#include "spec/packing.hpp"

namespace mxemu::conformance::tests {
namespace {

constexpr spec::BlockType fp4 = spec::BlockType::MXFP4_E2M1;
constexpr spec::BlockType fp6 = spec::BlockType::MXFP6_E2M3;

std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint64_t limit, Random& random) {
  std::vector<std::uint8_t> bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(limit));
  return bytes;
}

TEST(Storage, HasTheWordsOfTheSpecification) {
  for (const auto& word : spec::words<spec::ElementPacking>)
    EXPECT_TRUE(spec::parse_word<Packing>(word.name)) << word.name;
  for (const auto& word : spec::words<spec::ScaleLayout>)
    EXPECT_TRUE(spec::parse_word<ScaleOrder>(word.name)) << word.name;
}

TEST(Storage, ReadingInvertsStoringInEveryLayout) {
  std::cout << "seed 1\n";
  Random random(1);
  std::size_t tried = 0;
  for (const auto& format : spec::block_formats)
    for (const auto& packing : spec::words<Packing>)
      for (const auto& order : spec::words<ScaleOrder>)
        for (const TensorGeometry& geometry :
             {TensorGeometry{{130, 160}, 1}, {{2, 70, 3}, 1}, {{33, 5}, 0}}) {
          const spec::Request request = spec::make_request(format.type);
          const Storage storage = {geometry, {packing.value, order.value}};
          if (!fits(storage, request)) continue;
          const auto codes = random_bytes(
              storage.element_count(), static_cast<std::uint64_t>(1) << format.element_format().bits, random);
          const auto scales = random_bytes(block_count(storage, request), 256, random);
          const TensorBytes memory = store(storage, request, codes, scales);
          ASSERT_EQ(memory.codes.size(), stored_code_bytes(storage, request)) << packing.name;
          ASSERT_EQ(memory.scales.size(), stored_scale_bytes(storage, request)) << order.name;
          const TensorBytes back = read(storage, request, memory.codes, memory.scales);
          ASSERT_EQ(back.codes, codes) << packing.name;
          ASSERT_EQ(back.scales, scales) << order.name;
          ++tried;
        }
  EXPECT_GT(tried, 100u);
}

TEST(Storage, BitsStandWhereTheReferencePutsThem) {
  for (const spec::BlockType format : {fp4, fp6, spec::BlockType::MXINT8})
    for (const Packing packing : {Packing::Bytes, Packing::BitStream, Packing::GgmlBlock}) {
      const spec::Request request = spec::make_request(format);
      const int bits = request.element_format().bits;
      const Storage storage = {{{2, 32}, 1}, {packing, ScaleOrder::RowMajor}};
      if (!fits(storage, request)) continue;
      const std::vector<std::uint8_t> scales(2, 0);
      for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t bit = 0; bit < static_cast<std::size_t>(bits); ++bit) {
          std::vector<std::uint8_t> codes(64, 0);
          codes[i] = static_cast<std::uint8_t>(1 << bit);
          const auto memory = store(storage, request, codes, scales).codes;
          const std::size_t place = bit_place(packing, bits, i, bit);
          ASSERT_EQ(memory[place / 8], 1 << place % 8) << spec::name_of(packing) << " " << i << " " << bit;
        }
    }
}

/// Worked by hand from the layouts' descriptions.
TEST(Storage, BytesOfOtherLayoutsAreThoseWorkedByHand) {
  const auto bytes = [](spec::BlockType format, Packing packing, std::int64_t count,
                        const std::vector<std::uint8_t>& first) {
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(count), 0);
    std::copy(first.begin(), first.end(), codes.begin());
    const std::vector<std::uint8_t> scales(static_cast<std::size_t>((count + 31) / 32), 0x7f);
    auto memory =
        store({{{count}, 0}, {packing, ScaleOrder::RowMajor}}, spec::make_request(format), codes, scales)
            .codes;
    memory.resize(4);
    return memory;
  };
  using Bytes = std::vector<std::uint8_t>;
  EXPECT_EQ(bytes(fp4, Packing::BitStreamMsb, 32, {1, 2, 3}), (Bytes{0x12, 0x30, 0, 0}));
  EXPECT_EQ(bytes(fp4, Packing::SplitHalves, 32, {1, 2, 3}), (Bytes{1, 2, 3, 0}));
  EXPECT_EQ(bytes(fp4, Packing::GgmlBlock, 32, {1, 2, 3}), (Bytes{0x7f, 1, 2, 3}));
  // 000001 000010 000011 111111 from the top.
  EXPECT_EQ(bytes(fp6, Packing::BitStreamMsb, 32, {1, 2, 3, 63}), (Bytes{0x04, 0x20, 0xff, 0}));
  // High fours 0000 0000, 0000 1111; low twos 01 10 11 11.
  EXPECT_EQ(bytes(fp6, Packing::Fp6Split, 32, {1, 2, 3, 63}), (Bytes{0x00, 0x0f, 0x6f, 0}));
  EXPECT_EQ(bytes(fp6, Packing::Fp6Planes, 32, {60, 0, 0, 0, 4}), (Bytes{0xf0, 0x10, 0, 0}));
  EXPECT_EQ(scale_place(ScaleOrder::Tile128x4Plain, 130, 5, 129, 4), 3 * 512u + 4);
  EXPECT_EQ(scale_place(ScaleOrder::Tile32x8, 256, 8, 17, 5), 64u + 4 + 2 + 1);
  EXPECT_EQ(scale_place(ScaleOrder::ColumnMajor, 3, 5, 2, 1), 5u);
}

/// Where the subject is asked for one storage it has another.
std::unique_ptr<Subject> storing_otherwise(std::function<void(Storage&)> change) {
  return changed({.asked = [change = std::move(change)](Cases& cases) {
    if (is_tensor(cases.operation)) change(cases.storage);
  }});
}

void expect_suspect(Subject& subject, const std::string& check, spec::BlockType format,
                    const std::string& suspect) {
  const SuiteResult result =
      run_suite(subject, {.formats = {format}, .types = {spec::FloatType::Float32}, .check = check});
  EXPECT_FALSE(result.checks.empty());
  for (const CheckResult& one : result.checks) {
    EXPECT_EQ(one.verdict, Verdict::Failed) << one.id << " " << spec::name_of(one.operation);
    EXPECT_TRUE(one.suspect.starts_with(suspect))
        << spec::name_of(one.operation) << ": " << one.suspect << "\n"
        << describe(result, one, one.failures.at(0));
  }
}

TEST(Layouts, AnotherPackingThanTheDeclaredOneIsNamed) {
  const auto packs_as = [](Packing packing) {
    return storing_otherwise([packing](Storage& storage) {
      if (storage.layout.packing == Packing::BitStream) storage.layout.packing = packing;
    });
  };
  expect_suspect(*packs_as(Packing::BitStreamMsb), "layout/codes", fp4,
                 "nibbles swapped: the high one first, bit_stream_msb (all ");
  expect_suspect(*packs_as(Packing::SplitHalves), "layout/codes", fp4,
                 "ggml halves: element j beside j+16, split_halves (all ");
  expect_suspect(*packs_as(Packing::BitStreamMsb), "layout/codes", fp6,
                 "big-endian bit order, bit_stream_msb (all ");
  expect_suspect(*packs_as(Packing::Fp6Split), "layout/codes", fp6,
                 "FP6 split into high 4 and low 2 bits, fp6_split (all ");
  expect_suspect(*packs_as(Packing::Fp6Planes), "layout/codes", fp6,
                 "FP6 split into planes, fp6_planes (all ");
}

TEST(Layouts, AnotherOrderOfScalesThanTheDeclaredOneIsNamed) {
  const auto subject = storing_otherwise([](Storage& storage) {
    if (storage.layout.scales == ScaleOrder::Tile128x4) storage.layout.scales = ScaleOrder::Tile128x4Plain;
  });
  expect_suspect(*subject, "layout/scales", fp6, "128x4 tile not swizzled, tile_128x4_plain (all ");
}

TEST(Axes, BlocksAlongAnotherAxisAreNamed) {
  const auto subject = storing_otherwise([](Storage& storage) {
    const bool is_square = storage.geometry.shape == std::vector<std::int64_t>{64, 64};
    if (is_square && storage.layout.scales == ScaleOrder::RowMajor) storage.geometry.axis = 1;
  });
  expect_suspect(*subject, "axis/blocks", fp6, "blocks along axis 1 (all ");
}

TEST(Layouts, AFailureSaysWhatAByteShouldHold) {
  const auto subject = storing_otherwise([](Storage& storage) {
    if (storage.layout.packing == Packing::BitStream) storage.layout.packing = Packing::BitStreamMsb;
  });
  const SuiteResult result = run_suite(*subject, {.formats = {fp4},
                                                  .types = {spec::FloatType::Float32},
                                                  .operations = {Operation::Pack},
                                                  .check = "layout/codes"});
  const CheckResult& check = result.checks.at(0);
  const std::string text = describe(result, check, check.failures.at(0));
  EXPECT_NE(
      text.find("request   pack MXFP4_E2M1 f32 * * shape=2x64 axis=1 packing=bit_stream scales=row_major\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("of the codes        ("), std::string::npos) << text;
  EXPECT_NE(text.find("   element "), std::string::npos) << text;
  EXPECT_NE(text.find("standard  implementation-defined"), std::string::npos) << text;
}

/// The device's own scale: two above MX 6.3's, which no rule is, and elements that are right under it.
std::unique_ptr<Subject> with_own_rule(bool right_elements) {
  return changed({.answered = [right_elements](const Cases& cases, Answers& answers) {
    if (!gives_scale(cases.operation) || is_tensor(cases.operation)) return;
    for (std::uint8_t& scale : answers.scales)
      if (scale != 0xff && scale > 1) scale = static_cast<std::uint8_t>(std::min(0xfe, scale + 2));
    if (cases.operation != Operation::Quantize || !right_elements) return;
    Cases given = cases;
    given.operation = Operation::EncodeScaled;
    given.scales = answers.scales;
    answers.codes = make_reference_subject()->answer(given).codes;
  }});
}

SuiteOptions quantize_options(const std::string& check) {
  return {.formats = {fp4},
          .types = {spec::FloatType::Float32},
          .operations = {Operation::Quantize},
          .check = check};
}

Verdict verdict_of(const SuiteResult& result, const std::string& id) {
  for (const CheckResult& check : result.checks)
    if (check.id == id) return check.verdict;
  ADD_FAILURE() << "no check " << id;
  return Verdict::Skipped;
}

TEST(OwnRule, FailsTheScaleChecksAndItsElementsConformUnderItsScales) {
  const SuiteResult result = run_suite(*with_own_rule(true), quantize_options(""));
  EXPECT_EQ(verdict_of(result, "scale/rule"), Verdict::Failed);
  for (const char* id :
       {"element/rounding", "element/random", "block/amax", "block/positions", "tail/short_block"})
    EXPECT_EQ(verdict_of(result, id), Verdict::ConformantWith) << id;
  for (const CheckResult& check : result.checks) {
    EXPECT_EQ(check.verdict == Verdict::ConformantWith,
              check.note.find("scale_rule=own") != std::string::npos)
        << check.id << " " << check.note;
    EXPECT_FALSE(check.verdict == Verdict::Failed && check.requirement == Requirement::Must) << check.id;
  }
  EXPECT_EQ(result.exit_status(), 1);
}

TEST(OwnRule, ElementsThatAreWrongUnderItsScalesFail) {
  const SuiteResult result = run_suite(*with_own_rule(false), quantize_options(""));
  EXPECT_EQ(verdict_of(result, "element/rounding"), Verdict::Failed);
  EXPECT_EQ(verdict_of(result, "block/positions"), Verdict::Failed);
}

/// A device that sees other numbers when it looks for amax, and converts all of them under the scale it
/// found.
std::unique_ptr<Subject> with_amax_of(void (*change)(Numbers&, std::size_t first, std::size_t elements)) {
  return changed({.answered = [change](const Cases& cases, Answers& answers) {
    if (!gives_scale(cases.operation) || is_tensor(cases.operation)) return;
    Cases seen = cases;
    seen.operation = Operation::Scale;
    seen.random_words.clear();
    for (std::size_t i = 0; i < cases.count(); ++i) change(seen.numbers, i * cases.elements, cases.elements);
    const auto reference = make_reference_subject();
    answers.scales = reference->answer(seen).scales;
    if (cases.operation != Operation::Quantize) return;
    Cases given = cases;
    given.operation = Operation::EncodeScaled;
    given.scales = answers.scales;
    answers.codes = reference->answer(given).codes;
  }});
}

void drop_lane_31(Numbers& numbers, std::size_t first, std::size_t elements) {
  if (elements == 32) numbers.set(first + 31, 0);
}
void drop_upper_half(Numbers& numbers, std::size_t first, std::size_t elements) {
  for (std::size_t lane = 16; lane < elements; ++lane) numbers.set(first + lane, 0);
}
void drop_negatives(Numbers& numbers, std::size_t first, std::size_t elements) {
  for (std::size_t lane = 0; lane < elements; ++lane)
    if (numbers.at(first + lane) >> 31 != 0) numbers.set(first + lane, 0);
}

struct WrongAmax {
  void (*change)(Numbers&, std::size_t, std::size_t);
  const char* suspect;
};
constexpr WrongAmax wrong_amaxes[] = {
    {drop_lane_31, "lane 31 is left out of amax (all "},
    {drop_upper_half, "lanes 16 to 31 are left out of amax (all "},
    {drop_negatives, "amax without the sign taken away (all "},
};

TEST(OwnRule, IsNoneWhereEqualAmaxHasTwoScales) {
  const auto subject = with_amax_of(drop_lane_31);
  const SuiteResult all = run_suite(*subject, quantize_options(""));
  for (const CheckResult& check : all.checks) {
    EXPECT_EQ(check.note.find("scale_rule=own"), std::string::npos) << check.id;
    if (check.id == "scale/rule") {
      EXPECT_TRUE(check.suspect.starts_with("lane 31 is left out of amax")) << check.suspect;
    }
  }
  EXPECT_EQ(verdict_of(all, "block/positions"), Verdict::Failed);
  for (const char* id : {"element/random", "block/positions"})
    EXPECT_EQ(verdict_of(run_suite(*subject, quantize_options(id)), id), verdict_of(all, id)) << id;
}

TEST(Amax, IsOverTheWholeBlock) {
  for (const WrongAmax& wrong : wrong_amaxes)
    for (const Operation operation : {Operation::Scale, Operation::Quantize}) {
      SuiteOptions options = quantize_options("block/amax");
      options.operations = {operation};
      const SuiteResult result = run_suite(*with_amax_of(wrong.change), options);
      ASSERT_EQ(result.checks.size(), 1u);
      EXPECT_EQ(result.checks[0].verdict, Verdict::Failed);
      EXPECT_EQ(result.checks[0].requirement, Requirement::Must);
      EXPECT_TRUE(result.checks[0].suspect.starts_with(wrong.suspect)) << result.checks[0].suspect;
    }
}

TEST(OwnRule, IsFoundWhereTheCheckRunsAlone) {
  const SuiteResult all = run_suite(*with_own_rule(true), quantize_options(""));
  for (const char* id : {"scale/rule", "element/rounding", "block/amax", "block/positions"})
    EXPECT_EQ(verdict_of(run_suite(*with_own_rule(true), quantize_options(id)), id), verdict_of(all, id))
        << id;
}

}  // namespace
}  // namespace mxemu::conformance::tests
