// The words of every enumeration, the rows of every table, and the profiles.
#include "spec/words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <string>
#include <type_traits>

#include "source_text.hpp"
#include "spec/dot_request.hpp"
#include "spec/float_format.hpp"
#include "spec/freedoms.hpp"
#include "spec/packing.hpp"
#include "spec/request.hpp"

namespace mxemu::golden {
namespace {

using Enumerations =
    testing::Types<spec::RoundingMode, spec::FloatType, spec::ElementPacking, spec::ScaleLayout,
                   spec::ScaleRuleType, spec::Overflow, spec::NonFiniteInBlock, spec::NanToFinite,
                   spec::NanCode, spec::ZeroBlockScale, spec::ScaleOverflow, spec::SubnormalInput,
                   spec::ZeroSign, spec::Int8Minimum, spec::Tail, spec::DecodeOverflow, spec::DecodeSubnormal,
                   spec::LowestScaleDecode, spec::NanScaleDecode, spec::Evidence, spec::AccumulatorKind,
                   spec::NanBits, spec::TermRounding, spec::AccumulatorJoin, spec::ScaleEntry,
                   spec::ZeroExponent>;

template <class... Enums>
constexpr int count_of(testing::Types<Enums...>) {
  return sizeof...(Enums);
}

bool is_snake_case(const std::string& name) {
  const auto fits = [](unsigned char c) { return std::islower(c) || std::isdigit(c) || c == '_'; };
  return !name.empty() && std::islower(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), fits);
}

template <class Enum>
class Words : public testing::Test {};
TYPED_TEST_SUITE(Words, Enumerations);

TYPED_TEST(Words, NamesAreUniqueAndLowercaseSnakeCase) {
  std::set<std::string> names;
  for (const auto& word : spec::words<TypeParam>) {
    EXPECT_TRUE(is_snake_case(word.name)) << word.name;
    EXPECT_TRUE(names.insert(word.name).second) << word.name << " twice";
  }
}

TYPED_TEST(Words, EveryWordHasAMeaning) {
  for (const auto& word : spec::words<TypeParam>)
    EXPECT_GT(std::string(word.meaning).size(), 3u) << word.name;
}

TYPED_TEST(Words, ParsingANameGivesBackItsEnumerator) {
  std::size_t index = 0;
  for (const auto& word : spec::words<TypeParam>) {
    EXPECT_EQ(static_cast<std::size_t>(word.value), index++) << word.name;
    EXPECT_EQ(spec::parse_word<TypeParam>(spec::name_of(word.value)), word.value);
    EXPECT_STREQ(spec::meaning_of(word.value), word.meaning);
  }
}

TYPED_TEST(Words, ParsingAnythingElseGivesNothing) {
  EXPECT_FALSE(spec::parse_word<TypeParam>("").has_value());
  EXPECT_FALSE(spec::parse_word<TypeParam>("no such word").has_value());
  EXPECT_FALSE(spec::parse_word<TypeParam>(std::string(spec::words<TypeParam>[0].name) + "x").has_value());
}

int occurrences(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  return static_cast<int>(std::distance(std::sregex_iterator(text.begin(), text.end(), expression), {}));
}

TEST(WordTables, NoneIsMissingFromThisTest) {
  EXPECT_EQ(occurrences(text_of_folder("spec"), "inline constexpr Word<"), count_of(Enumerations{}));
}

TEST(WordTables, EveryEnumeratorHasARow) {
  std::size_t rows = 0;
  const auto count = [&](auto enumeration) {
    using Enum = decltype(enumeration);
    const std::size_t size = std::size(spec::words<Enum>);
    rows += size;
  };
  [&]<class... Enums>(testing::Types<Enums...>) { (count(Enums{}), ...); }(Enumerations{});
  // The enumerators of the enumerations that have words, counted in the source text.
  std::size_t enumerators = 0;
  const std::string text = text_of_folder("spec");
  const std::regex declaration(R"(enum class (\w+) : std::uint8_t \{([^}]*)\})");
  for (std::sregex_iterator match(text.begin(), text.end(), declaration), end; match != end; ++match) {
    if (text.find("Word<" + (*match)[1].str() + ">") == std::string::npos) continue;
    const std::string body = (*match)[2].str();
    enumerators += static_cast<std::size_t>(occurrences(body, R"(\w+)"));
  }
  EXPECT_EQ(rows, enumerators);
}

TEST(Policy, ForEachFreedomVisitsEveryFieldOnce) {
  spec::Policy policy;
  std::set<const void*> fields;
  std::set<std::string> names;
  std::size_t bytes = 0;
  spec::for_each_freedom(policy, [&](const char* name, auto& field) {
    EXPECT_TRUE(fields.insert(&field).second) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
    bytes += sizeof(field);
  });
  EXPECT_EQ(bytes, sizeof(spec::Policy));
}

TEST(Policy, FreedomsAreCalledWhatTheirFieldsAreCalled) {
  const std::string text = text_of(source_root() / "spec/policy.hpp");
  const int same = occurrences(text, R"re(visit\("(\w+)", policy\.\1\))re");
  EXPECT_EQ(same, occurrences(text, R"(visit\(")"));
  EXPECT_GT(same, 0);
}

TEST(Policy, DefaultsAreTheFirstWordOfEveryFreedom) {
  const spec::Policy policy;
  spec::for_each_freedom(
      policy, [](const char* name, const auto& field) { EXPECT_EQ(static_cast<int>(field), 0) << name; });
}

TEST(Profiles, NamesAreUniqueAndOcpIsTheDefault) {
  std::set<std::string> names;
  for (const auto& profile : spec::profiles) {
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
    EXPECT_EQ(spec::find_profile(profile.name), &profile);
    EXPECT_STRNE(profile.summary, "");
    EXPECT_STRNE(profile.source, "");
  }
  EXPECT_EQ(spec::find_profile("ocp"), &spec::default_profile);
  EXPECT_EQ(spec::find_profile("no such profile"), nullptr);
}

TEST(Profiles, OcpIsTheSampleAlgorithmWithRoundTiesToEvenAndSaturation) {
  const auto& ocp = spec::default_profile;
  EXPECT_EQ(ocp.scale_rule, spec::ScaleRuleType::Floor);
  EXPECT_EQ(ocp.rounding.mode, spec::RoundingMode::NearestEven);
  EXPECT_EQ(ocp.policy, spec::Policy{});
  EXPECT_EQ(ocp.policy.overflow, spec::Overflow::Saturate);
}

TEST(Profiles, EveryRowSaysWhereItComesFromAndCoversAFormat) {
  for (const auto& profile : spec::profiles) {
    EXPECT_NE(profile.formats.bits, 0u) << profile.name;
    EXPECT_TRUE(profile.chooses_scales || profile.open.bits != 0) << profile.name;
  }
  EXPECT_EQ(spec::default_profile.open, spec::Freedoms{});
}

TEST(Freedoms, AreCalledWhatThePolicyCallsThemThenTheRuleTheRoundingAndTheirEdges) {
  int index = 0;
  spec::for_each_freedom(spec::default_profile.policy, [&](const char* name, const auto&) {
    EXPECT_STREQ(spec::freedom_name(index), name);
    EXPECT_EQ(spec::freedom_index(name), index++);
  });
  for (const char* name : {"scale_rule", "rounding", "scale_edges", "rounding_edges"})
    EXPECT_EQ(spec::freedom_index(name), index++);
  EXPECT_EQ(index, spec::freedom_count);
  EXPECT_EQ(spec::freedom_index("colour"), spec::freedom_count);
}

TEST(Freedoms, AllButSomeAreTheRest) {
  constexpr auto some = spec::freedoms("tail", "rounding");
  constexpr auto rest = spec::all_freedoms_but("tail", "rounding");
  for (int i = 0; i < spec::freedom_count; ++i) EXPECT_NE(some.has(i), rest.has(i)) << spec::freedom_name(i);
}

TEST(Rows, NamesAreUniqueWithinEveryTable) {
  const auto expect_unique = [](const auto& rows) {
    std::set<std::string> names;
    for (const auto& row : rows) EXPECT_TRUE(names.insert(row.name).second) << row.name;
  };
  expect_unique(spec::element_formats);
  expect_unique(spec::scale_formats);
  expect_unique(spec::block_formats);
  expect_unique(spec::accumulators);
}

TEST(Accumulators, EveryRowSaysWhatItIsWhereItComesFromAndIsFoundByName) {
  for (const auto& row : spec::accumulators) {
    EXPECT_TRUE(is_snake_case(row.name)) << row.name;
    EXPECT_STRNE(row.summary, "") << row.name;
    EXPECT_STRNE(row.source, "") << row.name;
    EXPECT_EQ(spec::parse_accumulator(row.name), row.type);
    EXPECT_EQ(row.unverified, (spec::OperandTypes{row.unverified.bits & row.operands.bits})) << row.name;
    EXPECT_EQ(row.kind == spec::AccumulatorKind::Fused, row.fused.products > 0) << row.name;
    EXPECT_EQ(row.kind == spec::AccumulatorKind::FlushedTree, row.tree.products > 0) << row.name;
  }
  EXPECT_FALSE(spec::parse_accumulator("cdna4").has_value());
}

TEST(Accumulators, EveryRowGivesAFloat32) {
  for (const auto& row : spec::accumulators)
    EXPECT_TRUE(row.outputs.has(spec::FloatType::Float32)) << row.name;
  EXPECT_EQ(spec::DotRequest{}.output, spec::FloatType::Float32);
}

TEST(Operands, AreFoundByNameAndElementsComeFirst) {
  for (int i = 0; i < spec::operand_type_count; ++i) {
    const auto type = static_cast<spec::OperandType>(i);
    EXPECT_EQ(spec::parse_operand(spec::name_of(type)), type);
    EXPECT_EQ(spec::is_element(type), i < 6);
  }
  EXPECT_EQ(spec::code_bytes(spec::OperandType::E2M1), 1);
  EXPECT_EQ(spec::code_bytes(spec::OperandType::BFloat16), 2);
}

TEST(DotRequests, RefusalsNameWhatDoesNotFit) {
  using spec::AccumulatorType, spec::OperandType, spec::FloatType;
  EXPECT_EQ(spec::refusal({}), nullptr);
  const spec::DotRequest refused[] = {
      {AccumulatorType::HopperFp8, OperandType::E2M1, OperandType::E4M3},
      {AccumulatorType::Hopper, OperandType::Float16, OperandType::BFloat16},
      {AccumulatorType::BlockExact, OperandType::E4M3, OperandType::E4M3, FloatType::BFloat16},
      {AccumulatorType::Hopper, OperandType::BFloat16, OperandType::BFloat16, FloatType::Float16},
      {.rounding = {spec::RoundingMode::TowardZero}},
      {.block_size = 0},
      {AccumulatorType::BlackwellMxf4, OperandType::E2M1, OperandType::E2M1, FloatType::Float32, {}, 24},
  };
  std::set<std::string> reasons;
  for (const auto& request : refused) {
    ASSERT_NE(spec::refusal(request), nullptr);
    EXPECT_TRUE(reasons.insert(spec::refusal(request)).second) << spec::refusal(request);
  }
}

TEST(Rows, ARequestOfAFormatTakesItsBlockSizeAndTheProfile) {
  for (const auto& row : spec::block_formats) {
    const auto request = spec::make_request(row.type);
    EXPECT_EQ(request.block_size, row.k);
    EXPECT_EQ(&request.block_format(), &row);
    EXPECT_EQ(request.element_format().type, row.element);
    EXPECT_EQ(request.scale_format().type, row.scale);
    EXPECT_EQ(request.policy, spec::default_profile.policy);
  }
}

}  // namespace
}  // namespace mxemu::golden
