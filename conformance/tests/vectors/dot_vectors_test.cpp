// Golden vectors of dot products: written, read back, judged, put into memories; what they must touch.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/describe.hpp"
#include "conformance/device/batch_talk.hpp"
#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/vectors/dot_judge.hpp"
#include "conformance/vectors/dot_lines.hpp"
#include "conformance/vectors/dot_memory.hpp"

namespace mxemu::conformance::vectors {
namespace {

const spec::Accumulator& row(const char* name) {
  return spec::row_of(*spec::parse_accumulator(name));
}

/// A small file of the first pairs of a row.
DotRecipe recipe_of(const char* name, std::size_t pairs = 2) {
  DotRecipe recipe = dot_recipe(row(name), Level::Small, 1);
  recipe.pairs.resize(std::min(pairs, recipe.pairs.size()));
  return recipe;
}

DotVectorFile round_trip(const DotRecipe& recipe) {
  const TextFile file = write_dot_vectors(recipe, "test");
  return read_dot_vectors(file.name, file.text);
}

/// The verdict on the answers of `answering` to a file.
Verdict verdict_on(const DotVectorFile& file, const spec::Accumulator& answering,
                   std::uint32_t nan_mask = 0) {
  DotJudge judge(1);
  for (const DotGroup& group : file.groups) {
    DotAnswers answers = {dots_under(answering, group.cases), {}};
    for (std::uint32_t& result : answers.results)
      if (is_nan(group.cases.output, result)) result ^= nan_mask;
    judge.judge(*file.row, group, answers);
  }
  return judge.verdict();
}

TEST(DotVectors, HoldWhatTheReferenceAnswersForEveryAccumulator) {
  for (const spec::Accumulator& accumulator : spec::accumulators) {
    const DotVectorFile file = round_trip(recipe_of(accumulator.name));
    const Verdict verdict = verdict_on(file, accumulator);
    EXPECT_TRUE(verdict.passed()) << accumulator.name;
    EXPECT_EQ(verdict.cases, file.count());
  }
}

TEST(DotVectors, AnAccumulatorWithOneParameterChangedFails) {
  const struct {
    const char* name;
    void (*change)(spec::Accumulator&);
  } changes[] = {{"blackwell_mxf8f6f4", [](auto& r) { --r.fused.fraction_bits; }},
                 {"blackwell_mxf8f6f4", [](auto& r) { ++r.fused.fraction_bits; }},
                 {"blackwell_mxf8f6f4", [](auto& r) { r.fused.term_rounding = spec::TermRounding::Floor; }},
                 {"hopper_fp8", [](auto& r) { r.float32_mantissa_bits = 23; }},
                 {"hopper", [](auto& r) { r.fused.products /= 2; }},
                 {"blackwell_mxf4", [](auto& r) { ++r.fused.fraction_bits; }},
                 {"blackwell_mxf4", [](auto& r) { --r.fused.fraction_bits; }},
                 {"cdna3", [](auto& r) { r.fused.join_rounding = spec::TermRounding::TowardZero; }},
                 {"cdna2", [](auto& r) { r.tree.flushes = false; }},
                 {"hopper", [](auto& r) { r.nan_bits = spec::NanBits::Quiet; }}};
  for (const auto& [name, change] : changes) {
    spec::Accumulator changed = row(name);
    change(changed);
    EXPECT_GT(verdict_on(round_trip(recipe_of(name, 1)), changed).failed, 0U) << name;
  }
}

TEST(DotVectors, TheFirstPairOfEveryAccumulatorHitsAllThatTheSuitePromises) {
  for (const spec::Accumulator& accumulator : spec::accumulators) {
    const DotRecipe recipe = recipe_of(accumulator.name, 1);
    DotCoverage hit;
    for_each_dot_batch(recipe,
                       [&](const DotBatch& batch) { hit.merge(examine(accumulator, batch.cases, {})); });
    const DotTarget target = {recipe.pairs.front(), conformance::Level::Quick};
    for (const DotCheck* check : every_dot_check()) {
      if (!check->applies(target)) continue;
      EXPECT_EQ(missing_cells(check->promises(accumulator, target), hit), "")
          << accumulator.name << " " << check->id;
    }
  }
}

TEST(DotVectors, ANanIsTheOneThatTheRowStatesOrAny) {
  constexpr std::uint32_t payload = 0x80001234;
  const Verdict stated = verdict_on(round_trip(recipe_of("hopper")), row("hopper"), payload);
  EXPECT_GT(stated.failed, 0U);
  EXPECT_LT(stated.failed, stated.cases);
  EXPECT_TRUE(verdict_on(round_trip(recipe_of("cdna1")), row("cdna1"), payload).passed());
}

std::string fault_of(const std::string& text) {
  try {
    read_dot_vectors("F", text);
  } catch (const FileFault& fault) {
    return fault.what();
  }
  return "no fault";
}

TEST(DotVectors, FaultsNameTheLine) {
  const std::string text = write_dot_vectors(recipe_of("blackwell_mxf4"), "t").text;
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    return fault_of(changed.replace(changed.find(from), from.size(), to));
  };
  EXPECT_EQ(fault_of(text), "no fault");
  EXPECT_EQ(replaced("\"blackwell_mxf4\"", "\"mxf4\""),
            "F: line 1: \"accumulator\" is \"mxf4\", which is none that this version knows");
  EXPECT_EQ(replaced("\"a\":\"MXFP4_E2M1\"", "\"a\":\"MXFP8_E4M3\""),
            "F: line 2: blackwell_mxf4 does not sum MXFP8_E4M3 MXFP4_E2M1 f32");
  EXPECT_EQ(replaced("\"a_scales\":\"", "\"a_scales\":\"7f "),
            "F: line 2: it has 3 scales of a for 2 blocks");
  EXPECT_EQ(replaced("\"a_codes\":\"", "\"a_codes\":\"0 "), "F: line 2: it has 65 codes of a and 64 of b");
  EXPECT_EQ(replaced("\"result\":\"", "\"result\":\"*"),
            "F: line 2: \"result\" of \"expect\" is \"*7fffffff\", which is neither 8 hexadecimal digits nor "
            "nan");
}

TEST(DotVectors, AWrongWordInTheFileIsToldApartFromAWrongAnswer) {
  DotVectorFile file = round_trip(recipe_of("block_exact", 1));
  for (DotGroup& group : file.groups)
    for (Expectation& result : group.results) result.bits ^= 1;
  const Verdict verdict = verdict_on(file, row("block_exact"));
  EXPECT_GT(verdict.failed, verdict.cases / 2);
  ASSERT_EQ(verdict.explanations.size(), 1U);
  EXPECT_NE(verdict.explanations[0].find("by the vector file"), std::string::npos) << verdict.explanations[0];
}

TEST(DotLines, AreReadBackAsTheyWereWritten) {
  for (const char* name : {"block_exact", "exact", "hopper_fp8", "blackwell_mxf4", "hopper_tf32"}) {
    std::string written;
    std::string again;
    const auto write = [](const DotCases& cases, std::string& text) {
      DotAnswers none;
      const DotTalk talk(cases, none);
      for (std::size_t i = 0; i < cases.count(); ++i) talk.append(i, text);
    };
    for_each_dot_batch(recipe_of(name, 4), [&](const DotBatch& batch) { write(batch.cases, written); });
    read_dot_lines("F", "mxemu 1\n# a comment\n\n" + written,
                   [&](const DotCases& one, std::size_t) { write(one, again); });
    EXPECT_TRUE(written == again) << name;
  }
}

TEST(DotLines, FaultsNameTheLine) {
  const auto fault = [](const std::string& text) -> std::string {
    try {
      read_dot_lines("F", text, [](const DotCases&, std::size_t) {});
    } catch (const FileFault& found) {
      return found.what();
    }
    return "no fault";
  };
  EXPECT_EQ(fault("dot E4M3 E4M3 f32 - 00000000 - 38 - 38"), "no fault");
  EXPECT_EQ(fault("\ndot E4M3 E4M3 f32 - 0 - 38 - 38"), "F: line 2: \"0\" is not of 8 hexadecimal digits");
  EXPECT_EQ(fault("dot MXFP4_E2M1 E4M3 f32 - 00000000 - 7f 1 2 - 38"),
            "F: line 1: b has 1 words where 0 scales and 2 codes are wanted");
  EXPECT_EQ(fault("dot E4M3 E9M9 f32 - 00000000 - 38 - 38"),
            "F: line 1: there are no dot products of \"E4M3 E9M9 f32\"");
  EXPECT_EQ(fault("dot E3M2 E4M3 f32 - 00000000 - 40 - 38"),
            "F: line 1: the code \"40\" has more bits than E3M2");
}

TEST(DotMemories, ArePairsByOperandsWithLaneZeroLowestAndXForAnyNan) {
  DotRecipe recipe = recipe_of("block_exact", 2);
  const DotVectorFile file = round_trip(recipe);
  const std::vector<DotMemory> memories = make_dot_memories(file);
  ASSERT_EQ(memories.size(), 2U);
  EXPECT_EQ(memories[0].name(), "MXFP8_E5M2_MXFP8_E5M2_f32");
  std::size_t words = 0;
  for (const DotMemory& memory : memories) {
    words += memory.words;
    EXPECT_EQ(memory.inputs.size(), memory.words * (memory.input_digits() + 1));
    EXPECT_EQ(memory.expected.size(), memory.words * (memory.answer_digits() + 1));
    EXPECT_EQ(memory.input_digits(), 2 + 8 + 4 * memory.blocks + 4 * memory.lanes);
  }
  EXPECT_EQ(words, file.count());
  EXPECT_EQ(memories[0].expected.substr(0, 9), "xxxxxxxx\n") << "a NaN scale comes first";
  const DotCases& first = file.groups.front().cases;
  const std::string lane = hex(line_of(first, first.a, first.a_operand, 0).codes[0], 2).substr(2);
  EXPECT_EQ(memories[0].inputs.substr(memories[0].input_digits() - 2, 2), lane);
}

}  // namespace
}  // namespace mxemu::conformance::vectors
