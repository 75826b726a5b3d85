// Every profile is identified as itself, whatever its open freedoms are, and nothing else where nothing says
// that two cannot be told apart.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "conformance/identify/identify.hpp"
#include "emulation.hpp"

namespace mxemu::conformance::tests {
namespace {

Identifier& identifier() {
  static Identifier shared;
  return shared;
}

std::set<std::string> names(const std::vector<const spec::Profile*>& profiles) {
  std::set<std::string> names;
  for (const auto* profile : profiles) names.insert(profile->name);
  return names;
}

FormatIdentity identify_words(const Words& words, spec::BlockType format, std::vector<Operation> operations) {
  Emulation device(words, capabilities_of(format, std::move(operations)));
  Identity identity = identifier().identify(device, {format});
  if (identity.formats.size() != 1) {
    ADD_FAILURE() << "not probed";
    return {};
  }
  return std::move(identity.formats.front());
}

FormatIdentity identify_profile(const spec::Profile& profile, spec::BlockType format, int shift = 0) {
  return identify_words(words_of_profile(profile, format, shift), format, operations_of(profile));
}

template <class Visitor>
void for_each_covered(const Visitor& visit) {
  for (const auto& profile : spec::profiles)
    for (const auto& format : spec::block_formats)
      if (profile.formats.has(format.type)) visit(profile, format.type);
}

std::string where(const spec::Profile& profile, spec::BlockType format) {
  return std::string(profile.name) + " " + spec::format_of(format).name;
}

TEST(Identify, EveryProfileIsIdentifiedAsItselfWhateverItsOpenFreedomsAre) {
  for_each_covered([](const spec::Profile& profile, spec::BlockType format) {
    for (const int shift : {0, 1, 2, 3})
      EXPECT_TRUE(names(identify_profile(profile, format, shift).matches()).contains(profile.name))
          << where(profile, format) << " wildcards " << shift;
  });
}

TEST(Identify, OnlyTheTwoEvenRulesOfE2M1CannotBeToldApart) {
  for_each_covered([](const spec::Profile& profile, spec::BlockType format) {
    if (!profile.chooses_scales) return;
    std::set<std::string> expected = {profile.name};
    const bool even_e2m1 =
        format == spec::BlockType::MXFP4_E2M1 && profile.name == std::string("torchao-even");
    if (even_e2m1) expected.insert("quark-even");
    EXPECT_EQ(names(identify_profile(profile, format).matches()), expected) << where(profile, format);
  });
}

TEST(Identify, ConversionsOfElementsAreToldFromThoseWithAnotherNan) {
  const auto* ptx = spec::find_profile("ptx");
  const auto* cdna4 = spec::find_profile("cdna4");
  for (const auto& format : spec::block_formats) {
    EXPECT_FALSE(names(identify_profile(*ptx, format.type).matches()).contains("cdna4")) << format.name;
    if (cdna4->formats.has(format.type)) {
      EXPECT_FALSE(names(identify_profile(*cdna4, format.type).matches()).contains("ptx")) << format.name;
    }
  }
}

TEST(Identify, ADeviceThatChoosesScalesIsNotNamedAfterItsElements) {
  const auto identity = identify_profile(*spec::find_profile("te-mxfp8"), spec::BlockType::MXFP8_E4M3);
  EXPECT_EQ(names(identity.matches()), std::set<std::string>{"te-mxfp8"});
  EXPECT_EQ(names(identity.element_matches()), std::set<std::string>{"ptx"});
}

/// True when the reference answers every probe of the table alike under both.
bool same_answers(spec::BlockType format, const Words& a, const Words& b) {
  static std::map<spec::BlockType, ProbeTable> tables;
  const ProbeTable& table = tables.try_emplace(format, format, spec::FloatType::Float32).first->second;
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    const Probe& probe = table.rows()[i].probe;
    // A device of binary32 does not see the others.
    if (probe.type == spec::FloatType::Float32 &&
        !agrees(probe, table.request(), table.expected(i, a), table.expected(i, b)))
      return false;
  }
  return true;
}

/// Calls visit(freedom, words) for `words` with one freedom changed that the profile does not leave open.
template <class Visitor>
void for_each_change(const spec::Profile& profile, const Words& words, const Visitor& visit) {
  for (int freedom = 0; freedom <= rounding_freedom; ++freedom) {
    if (profile.open.has(freedom)) continue;
    for (int word = 0; word < word_count(freedom); ++word) {
      Words changed = words;
      changed[static_cast<std::size_t>(freedom)] = word;
      if (changed != words) visit(freedom, changed);
    }
  }
}

const ProfileComparison& comparison_with(const FormatIdentity& identity, const spec::Profile& profile) {
  return *std::find_if(identity.profiles.begin(), identity.profiles.end(),
                       [&](const ProfileComparison& comparison) { return comparison.profile == &profile; });
}

TEST(Identify, OneChangedFreedomOfOcpIsTheOneDifference) {
  const spec::Profile& ocp = spec::default_profile;
  for (const auto& format : spec::block_formats) {
    const Words words = words_of_profile(ocp, format.type, 0);
    for_each_change(ocp, words, [&](int freedom, const Words& changed) {
      SCOPED_TRACE(std::string(format.name) + " " + spec::freedom_name(freedom) + "=" +
                   word_name(freedom, changed[static_cast<std::size_t>(freedom)]));
      const auto identity = identify_words(changed, format.type, all_operations());
      const auto& differences = comparison_with(identity, ocp).differences;
      if (same_answers(format.type, words, changed)) {
        EXPECT_TRUE(differences.empty());
        return;
      }
      ASSERT_EQ(differences.size(), 1u);
      EXPECT_EQ(differences[0].freedom, freedom);
      EXPECT_NE(differences[0].example.expected, differences[0].example.got);
      EXPECT_NE(differences[0].example.input, "");
    });
  }
}

/// True when the device may have the word of `words` after all: an infinite scale that is NaN and an Inf that
/// poisons its block are one behaviour.
bool may_be(const FormatIdentity& identity, int freedom, const Words& words) {
  const auto& possible = identity.findings[static_cast<std::size_t>(freedom)].words;
  return std::count(possible.begin(), possible.end(), words[static_cast<std::size_t>(freedom)]) != 0;
}

TEST(Identify, OneChangedFreedomOfAnyProfileIsTheOneDifferenceWhereAnythingShowsIt) {
  int seen = 0;
  for_each_covered([&](const spec::Profile& profile, spec::BlockType format) {
    if (format == spec::BlockType::MXFP8_E5M2 || format == spec::BlockType::MXFP6_E2M3) return;  // for time
    const Words words = words_of_profile(profile, format, 0);
    for_each_change(profile, words, [&](int freedom, const Words& changed) {
      const auto identity = identify_words(changed, format, operations_of(profile));
      for (const ProfileDifference& difference : comparison_with(identity, profile).differences) {
        EXPECT_TRUE(difference.freedom == freedom || may_be(identity, freedom, words))
            << where(profile, format) << ": " << spec::freedom_name(difference.freedom) << " for "
            << spec::freedom_name(freedom);
        ++seen;
      }
    });
  });
  EXPECT_GT(seen, 500);
}

TEST(Identify, TheRequestThatIsFoundMakesTheReferenceDoWhatTheDeviceDoes) {
  for_each_covered([](const spec::Profile& profile, spec::BlockType format) {
    const Words words = words_of_profile(profile, format, 1);
    const auto identity = identify_words(words, format, all_operations());
    EXPECT_TRUE(same_answers(format, words, words_of(identity.request))) << where(profile, format);
  });
}

TEST(Identify, ADeviceThatNoProfileDescribesIsSummedUpByItsFingerprint) {
  spec::Request request = spec::make_request(spec::BlockType::MXFP6_E2M3);
  request.scale_rule = spec::ScaleRuleType::Nearest;
  request.rounding.mode = spec::RoundingMode::Up;
  request.policy.zero_block_scale = spec::ZeroBlockScale::One;
  const auto identity = identify_words(words_of(request), request.format, all_operations());
  EXPECT_TRUE(identity.matches().empty());
  ASSERT_NE(identity.nearest(), nullptr);
  EXPECT_EQ(identity.request, request);
}

}  // namespace
}  // namespace mxemu::conformance::tests
