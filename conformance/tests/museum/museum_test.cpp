// The suite's own power: it sees every bug of the museum, and nothing in a converter that has none.
#include "conformance/museum/museum.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "conformance/museum/converter.hpp"
#include "conformance/museum/systematic.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance::museum {
namespace {

constexpr spec::FloatType types[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                     spec::FloatType::Float16};

/// splitmix64: cheap bits that any platform repeats.
std::uint64_t next_word(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t word = state;
  word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
  word = (word ^ word >> 27) * 0x94d049bb133111eb;
  return word ^ word >> 31;
}

Cases random_cases(Operation operation, const spec::BlockFormat& format, spec::FloatType type,
                   std::uint64_t& state) {
  constexpr std::size_t count = 200;
  Cases cases = {
      .operation = operation, .request = spec::make_request(format.type), .numbers = Numbers(type)};
  for (std::size_t i = 0; i < count; ++i) {
    if (takes_scale(operation)) cases.scales.push_back(static_cast<std::uint8_t>(next_word(state)));
    // Numbers of a block within some binades of each other; raw bits now and then.
    const std::uint64_t base = next_word(state);
    const spec::FloatFormat& source = spec::format_of(type);
    const std::uint64_t varied =
        i % 4 == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (source.mantissa_bits + 2)) - 1;
    for (std::size_t lane = 0; lane < cases.elements; ++lane) {
      const std::uint64_t word = next_word(state);
      const std::uint64_t sign = (word >> 63) != 0 ? source.sign_mask() : 0;
      if (takes_numbers(operation))
        cases.numbers.push_back((((base & ~varied) | (word & varied)) & (source.sign_mask() - 1)) | sign);
      else
        cases.codes.push_back(static_cast<std::uint8_t>(
            word % static_cast<std::uint64_t>(format.element_format().code_count())));
    }
  }
  return cases;
}

/// NaNs of any payload are the same number.
void expect_same(const Cases& cases, const Answers& expected, const Answers& got) {
  const std::string what = std::string(cases.request.block_format().name) + " " +
                           spec::name_of(cases.operation) + " " + spec::name_of(cases.type());
  EXPECT_EQ(expected.scales, got.scales) << what;
  EXPECT_EQ(expected.codes, got.codes) << what;
  const std::uint64_t infinity = spec::format_of(cases.type()).infinity_bits();
  const std::uint64_t magnitude = spec::format_of(cases.type()).sign_mask() - 1;
  for (std::size_t i = 0; i < expected.numbers.size(); ++i) {
    const std::uint64_t want = expected.numbers.at(i);
    const std::uint64_t is = got.numbers.at(i);
    const bool both_nan = (want & magnitude) > infinity && (is & magnitude) > infinity;
    ASSERT_TRUE(want == is || both_nan)
        << what << " element " << i << std::hex << " want " << want << " got " << is;
  }
}

TEST(Museum, CorrectConverterEqualsReferenceOnRandomCases) {
  const auto reference = make_reference_subject();
  std::uint64_t state = 20240607;
  for (const spec::BlockFormat& format : spec::block_formats) {
    const auto converter = make_converter("correct", {correct_wiring(format.type)});
    for (const Operation operation : block_operations)
      for (const spec::FloatType type : types) {
        const Cases cases = random_cases(operation, format, type, state);
        expect_same(cases, reference->answer(cases), converter->answer(cases));
      }
  }
}

TEST(Museum, CorrectConverterPassesAndEveryBugIsKilledByTheGroupThatIsThereForIt) {
  const Tour tour = visit();
  EXPECT_EQ(tour.correct.exit_status(), 0);
  for (const CheckResult& check : tour.correct.checks)
    EXPECT_EQ(check.verdict, Verdict::Passed) << check.id << " " << spec::format_of(check.format).name;
  for (const Exhibit& exhibit : tour.exhibits) {
    for (const Death& death : exhibit.deaths)
      EXPECT_TRUE(death.killed) << exhibit.mutant->id << " survives in "
                                << spec::format_of(death.format).name;
    EXPECT_TRUE(exhibit.by_its_group) << exhibit.mutant->id;
  }
  EXPECT_TRUE(tour.passed());
}

TEST(Museum, AWrongAmaxIsNoRuleOfItsOwnButBreaksWhatTheStandardRequires) {
  for (const Mutant* mutant : every_mutant()) {
    const std::string id = mutant->id;
    if (id != "amax_misses_last" && id != "amax_misses_first" && id != "amax_signed") continue;
    for (const spec::BlockFormat& format : spec::block_formats) {
      Wiring wiring = correct_wiring(format.type);
      mutant->apply(wiring);
      const auto subject = make_converter(id, {wiring});
      const SuiteResult result = run_suite(
          *subject, {.formats = {format.type}, .types = {spec::FloatType::Float32}, .check = "block/amax"});
      EXPECT_EQ(result.checks.size(), 2u) << id;
      for (const CheckResult& check : result.checks) {
        EXPECT_EQ(check.verdict, Verdict::Failed) << id << " " << format.name;
        EXPECT_EQ(check.requirement, Requirement::Must) << id << " " << format.name;
        EXPECT_NE(check.suspect.find("amax"), std::string::npos) << id << " " << check.suspect;
      }
    }
  }
}

TEST(Museum, BugsAreCalledByTheirNames) {
  struct Named {
    const char* mutant;
    const char* check;
    Operation operation;
    const char* suspect;
  };
  const Named all[] = {
      {"half_away", "element/rounding", Operation::Quantize, "ties away from zero"},
      {"truncation", "element/rounding", Operation::Encode, "truncation"},
      {"through_bfloat16", "element/rounding", Operation::Encode, "double rounding through bf16"},
      {"elements_flushed", "element/rounding", Operation::Encode,
       "flushes what is subnormal before it is rounded"},
      {"overflow_to_zero", "overflow/saturate", Operation::Encode, "overflow becomes zero"},
      {"overflow_wraps", "overflow/saturate", Operation::Encode, "overflow mishandled"},
      {"nibbles_swapped", "block/positions", Operation::Quantize, "neighbouring elements swapped"},
      {"scale_of_neighbour", "decode/products", Operation::Dequantize, "the scale of the next block"},
      {"scale_00_zero", "decode/lowest_scale", Operation::Dequantize, "scale 0x00 read as zero"},
  };
  for (const Named& named : all)
    for (const Mutant* mutant : every_mutant()) {
      if (mutant->id != std::string(named.mutant)) continue;
      Wiring wiring = correct_wiring(spec::BlockType::MXFP4_E2M1);
      mutant->apply(wiring);
      const auto subject = make_converter(named.mutant, {wiring});
      const SuiteResult result = run_suite(*subject, {.formats = {wiring.format},
                                                      .types = {spec::FloatType::Float32},
                                                      .operations = {named.operation},
                                                      .check = named.check});
      EXPECT_TRUE(result.checks.at(0).suspect.starts_with(named.suspect))
          << named.mutant << ": " << result.checks[0].suspect;
    }
}

TEST(Museum, HoldsAtLeastFortyBugsWithPublicSourcesUnderNamesOfTheirOwn) {
  std::set<std::string> names;
  std::size_t sourced = 0;
  for (const Mutant* mutant : every_mutant()) {
    EXPECT_TRUE(names.insert(mutant->id).second) << mutant->id << " stands twice";
    if (mutant->source != std::string(no_public_case)) ++sourced;
  }
  EXPECT_GE(sourced, 40u);
}

TEST(SystematicMutation, HasAtLeastThreeHundredMutants) {
  EXPECT_GE(systematic_mutants().size(), 300u);
}

TEST(SystematicMutation, SampleLeavesNoSurvivor) {
  constexpr std::size_t every = 71;  // prime to the mutants of a format, so that every kind is met
  const Score score = mutate(every);
  for (const Outcome& outcome : score.outcomes) {
    EXPECT_NE(outcome.fate, Fate::Survived) << outcome.name;
    EXPECT_FALSE(outcome.why.starts_with("unexplained")) << outcome.name;
  }
  EXPECT_GT(score.count(Fate::Killed), 0u);
}

TEST(SystematicMutation, DigestSeesWhatLittleABugChanges) {
  Wiring wiring = correct_wiring(spec::BlockType::MXFP4_E2M1);
  const std::uint64_t correct = digest(wiring);
  wiring.flips[static_cast<std::size_t>(Comparison::IsBelowHalf)] = Flip::OtherEquality;
  EXPECT_NE(digest(wiring), correct);
}

}  // namespace
}  // namespace mxemu::conformance::museum
