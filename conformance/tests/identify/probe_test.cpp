// The probes themselves: an answer depends on the freedoms that its probe names and on no other.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "conformance/identify/probe_table.hpp"
#include "emulation.hpp"

namespace mxemu::conformance::tests {
namespace {

Words random_words(std::mt19937& generator) {
  Words words = no_words();
  for (int freedom = 0; freedom <= rounding_freedom; ++freedom)
    words[static_cast<std::size_t>(freedom)] =
        static_cast<int>(generator() % static_cast<unsigned>(word_count(freedom)));
  return words;
}

void expect_scopes_hold(spec::BlockType format, spec::FloatType type) {
  std::mt19937 generator(1);
  const auto reference = make_reference_subject();
  const ProbeTable table(format, type);
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    const Probe& probe = table.rows()[i].probe;
    for (int draw = 0; draw < 8; ++draw) {
      const Words words = random_words(generator);
      const auto answer = expected_answer(*reference, with_words(table.request(), words), probe);
      EXPECT_TRUE(agrees(probe, table.request(), table.expected(i, words), answer))
          << spec::format_of(format).name << " about " << spec::freedom_name(probe.freedom) << ": "
          << describe_input(table.request(), probe) << "\n  "
          << describe_answer(table.request(), probe, answer);
    }
  }
}

TEST(Probes, DependOnTheFreedomsOfTheirScopeAlone) {
  for (const auto& format : spec::block_formats) expect_scopes_hold(format.type, spec::FloatType::Float32);
}

TEST(Probes, DependOnTheFreedomsOfTheirScopeAloneInEveryType) {
  for (const auto& type : spec::float_formats) {
    expect_scopes_hold(spec::BlockType::MXFP8_E5M2, type.type);
    expect_scopes_hold(spec::BlockType::MXFP4_E2M1, type.type);
    expect_scopes_hold(spec::BlockType::MXINT8, type.type);
  }
}

TEST(Probes, AreAFewHundred) {
  for (const auto& format : spec::block_formats) {
    const ProbeTable table(format.type, spec::FloatType::Float32);
    EXPECT_GT(table.rows().size(), 150u) << format.name;
    EXPECT_LT(table.rows().size(), 600u) << format.name;
  }
}

TEST(Words, GoIntoARequestAndComeBack) {
  std::mt19937 generator(2);
  for (int draw = 0; draw < 100; ++draw) {
    const Words words = random_words(generator);
    EXPECT_EQ(words_of(with_words({}, words)), words);
  }
  EXPECT_EQ(with_words({}, no_words()), spec::Request{});
}

TEST(Scope, CountsEveryCombinationOnce) {
  const Scope scope({spec::freedom_index("overflow"), scale_rule_freedom, rounding_freedom});
  EXPECT_EQ(scope.combinations(), 2u * std::size(spec::scale_rules) * 6u);
  for (std::size_t i = 0; i < scope.combinations(); ++i) EXPECT_EQ(scope.index(scope.words(i)), i);
}

TEST(Relations, FindWordsThatSatisfyThemTogether) {
  const int overflow = spec::freedom_index("overflow");
  const Scope pair({overflow, rounding_freedom});
  Allowed equal(pair.combinations());
  for (std::size_t i = 0; i < equal.size(); ++i) {
    const Words words = pair.words(i);
    equal[i] = words[static_cast<std::size_t>(overflow)] == words[static_cast<std::size_t>(rounding_freedom)];
  }
  Relations relations;
  relations.intersect(pair, equal);
  EXPECT_EQ(relations.possible_words(rounding_freedom, no_words()), (std::vector<int>{0, 1}));
  relations.intersect(Scope({overflow}), {false, true});
  EXPECT_EQ(relations.possible_words(rounding_freedom, no_words()), std::vector<int>{1});
  relations.intersect(Scope({rounding_freedom}), {true, false, true, true, true, true});
  EXPECT_FALSE(relations.solve(no_words(), no_words()).has_value());
}

}  // namespace
}  // namespace mxemu::conformance::tests
