// Vector files read back, the freedom in them, their faults, and the memories made of them.
#include <gtest/gtest.h>

#include "conformance/device/request_text.hpp"
#include "conformance/vectors/case_lines.hpp"
#include "conformance/vectors/judge.hpp"
#include "conformance/vectors/layouts.hpp"
#include "conformance/vectors/memory_file.hpp"

namespace mxemu::conformance::vectors {
namespace {

Recipe recipe_of(Operation operation, spec::BlockType format) {
  return {.operation = operation, .request = spec::make_request(format), .random_cases = 4};
}

/// The verdict on the reference's answers after `spoil` has been at them.
template <class Spoil>
Verdict verdict_on(const VectorFile& file, const Spoil& spoil) {
  const auto reference = make_reference_subject();
  Judge judge(1);
  for (const Group& group : file.groups) {
    Answers answers = reference->answer(group.cases);
    spoil(group.cases, answers);
    judge.judge(group, answers);
  }
  return judge.verdict();
}

VectorFile round_trip(const Recipe& recipe) {
  const TextFile file = write_vectors(recipe, "test", "ocp");
  return read_vectors(file.name, file.text);
}

TEST(VectorFiles, HoldWhatTheReferenceAnswersForEveryOperationAndFormat) {
  for (const Operation operation : block_operations)
    for (const auto& format : spec::block_formats) {
      const Verdict verdict =
          verdict_on(round_trip(recipe_of(operation, format.type)), [](const Cases&, Answers&) {});
      EXPECT_TRUE(verdict.passed()) << spec::name_of(operation) << format.name;
    }
}

TEST(VectorFiles, OneWrongBitInEveryCaseFailsEveryCaseThatIsNotFree) {
  const VectorFile file = round_trip(recipe_of(Operation::Quantize, spec::BlockType::MXFP4_E2M1));
  const Verdict verdict = verdict_on(file, [](const Cases& cases, Answers& answers) {
    for (std::size_t i = 0; i < cases.count(); ++i) answers.codes[i * cases.elements] ^= 1;
  });
  EXPECT_GT(verdict.failed, verdict.cases / 2);
  EXPECT_EQ(verdict.exit_status(), 1);
  ASSERT_EQ(verdict.explanations.size(), 1U);
  EXPECT_NE(verdict.explanations[0].find("element 0 of"), std::string::npos) << verdict.explanations[0];
}

TEST(VectorFiles, Int8MayUseOrLeaveUnusedItsSmallestCode) {
  const VectorFile file = round_trip(recipe_of(Operation::Encode, spec::BlockType::MXINT8));
  std::size_t changed = 0;
  const auto use = [&](const Cases&, Answers& answers) {
    for (std::size_t i = 0; i < answers.codes.size(); ++i)
      if (answers.codes[i] == 0x81) {
        answers.codes[i] = 0x80;
        ++changed;
      }
  };
  const Verdict verdict = verdict_on(file, use);
  // -127/64 itself has one code only, and so has what rounds to it.
  EXPECT_GT(verdict.failed, 0U);
  EXPECT_LT(verdict.failed, changed);
}

TEST(VectorFiles, AnyNanCodeWillDoAndNothingElse) {
  const VectorFile file = round_trip(recipe_of(Operation::Encode, spec::BlockType::MXFP8_E4M3));
  const auto replace = [&](std::uint8_t by) {
    return verdict_on(file, [=](const Cases&, Answers& answers) {
      for (auto& code : answers.codes)
        if (code == 0x7f) code = by;
    });
  };
  EXPECT_TRUE(replace(0xff).passed());
  EXPECT_FALSE(replace(0x7e).passed());
}

TEST(VectorFiles, ExpectationsAreReadAsTheyAreSpelled) {
  for (const char* word : {"7e", "nan", "number", "*", "80|81"}) {
    const auto expectation = parse_expectation(word, 2);
    ASSERT_TRUE(expectation) << word;
    EXPECT_EQ(spell(*expectation, 2), word);
  }
  for (const char* word : {"", "7", "7e0", "zz", "80|", "NaN"})
    EXPECT_FALSE(parse_expectation(word, 2)) << word;
}

std::string fault_of(const std::string& text) {
  try {
    read_vectors("F", text);
  } catch (const FileFault& fault) {
    return fault.what();
  }
  return "no fault";
}

TEST(VectorFiles, FaultsNameTheLine) {
  const std::string text =
      write_vectors(recipe_of(Operation::Decode, spec::BlockType::MXFP6_E3M2), "t", "ocp").text;
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    return fault_of(changed.replace(changed.find(from), from.size(), to));
  };
  EXPECT_EQ(fault_of(""), "F: it is empty, where a header line is wanted");
  EXPECT_EQ(replaced("\"codes\":\"00\"", "\"codes\":\"40\""),
            "F: line 2: the code \"40\" is more than the 6 bits of E3M2");
  EXPECT_EQ(replaced("\"schema\":1", "\"schema\":2"), "F: line 1: \"schema\" is not an integer from 1 to 1");
  EXPECT_EQ(fault_of(text.substr(0, text.size() - 5)).substr(0, 8), "F: line ");
  EXPECT_NE(fault_of(text + text.substr(text.find("{\"id\""))).find("\"count\" is not the"),
            std::string::npos);
}

TEST(Layouts, AWrongByteIsNamed) {
  const TextFile file = write_packings(spec::BlockType::MXFP4_E2M1, Level::Small, 1, "test");
  EXPECT_EQ(verify_layouts(file.name, file.text), file.cases);
  std::string text = file.text;
  const std::string bytes = "\"bytes\":\"10\"";
  ASSERT_NE(text.find(bytes), std::string::npos);
  text.replace(text.find(bytes), bytes.size(), "\"bytes\":\"01\"");
  try {
    verify_layouts("F", text);
    ADD_FAILURE() << "two nibbles in the wrong order passed";
  } catch (const FileFault& fault) {
    EXPECT_NE(std::string(fault.what()).find("byte 0 is 01 where the layout has 10"), std::string::npos)
        << fault.what();
  }
}

TEST(CaseLines, AreReadBackAsTheyWereWritten) {
  for (const Operation operation : block_operations) {
    Recipe recipe = recipe_of(operation, spec::BlockType::MXFP8_E5M2);
    recipe.request.rounding.mode = spec::RoundingMode::Stochastic;
    recipe.request.policy.overflow = spec::Overflow::NonFinite;
    std::string written;
    std::string again;
    const auto write = [](const Cases& cases, std::string& text) {
      for (std::size_t i = 0; i < cases.count(); ++i) CaseWriter(cases).append(i, text);
    };
    for_each_batch(recipe, [&](const Batch& batch) { write(batch.cases, written); });
    read_case_lines("F", written, [&](const Cases& cases, std::size_t) { write(cases, again); });
    EXPECT_TRUE(written == again) << spec::name_of(operation);
  }
}

TEST(MemoryFiles, LaneZeroIsLowestAndFreeDigitsAreX) {
  Recipe recipe = recipe_of(Operation::Quantize, spec::BlockType::MXFP4_E2M1);
  VectorFile file = round_trip(recipe);
  const Memory memory = make_memory(file);
  EXPECT_EQ(memory.layout.input_word(), 2U + 32 * 8);
  EXPECT_EQ(memory.layout.answer_word(), 2U + 32);
  EXPECT_EQ(memory.inputs.size(), memory.words * (memory.layout.input_word() + 1));
  EXPECT_EQ(memory.expected.size(), memory.words * (memory.layout.answer_word() + 1));
  // The first case has its one number that is not zero, 2^-149, in lane 0.
  EXPECT_EQ(memory.inputs.substr(2 + 31 * 8, 9), "00000001\n");
  EXPECT_NE(memory.expected.find("\nff" + std::string(32, 'x') + "\n"), std::string::npos) << "a NaN block";
}

}  // namespace
}  // namespace mxemu::conformance::vectors
