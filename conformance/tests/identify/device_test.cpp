// Devices that do only some things, or wrong things.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "conformance/identify/identify.hpp"
#include "emulation.hpp"

namespace mxemu::conformance::tests {
namespace {

constexpr spec::BlockType fp4 = spec::BlockType::MXFP4_E2M1;

Words ocp_words() {
  return words_of(spec::make_request(fp4));
}

const Finding& finding(const FormatIdentity& identity, const char* freedom) {
  return identity.findings.at(static_cast<std::size_t>(spec::freedom_index(freedom)));
}

FormatIdentity identify_one(Subject& device) {
  Identity identity = identify(device, {fp4});
  if (identity.formats.size() != 1) {
    ADD_FAILURE() << "not probed";
    return {};
  }
  return identity.formats.front();
}

FormatIdentity identify_with(std::vector<Operation> operations) {
  Emulation device(ocp_words(), capabilities_of(fp4, std::move(operations)));
  return identify_one(device);
}

void expect_status(const FormatIdentity& identity, const char* freedom, FindingStatus status) {
  EXPECT_EQ(static_cast<int>(finding(identity, freedom).status), static_cast<int>(status)) << freedom;
}

TEST(SomeOperations, EncodingAloneShowsNothingOfScales) {
  const auto identity = identify_with({Operation::Encode});
  for (const char* freedom :
       {"scale_rule", "zero_block_scale", "nan_in_block", "tail", "lowest_scale_decode"})
    expect_status(identity, freedom, FindingStatus::NotProbed);
  for (const char* freedom : {"rounding", "nan_to_finite", "zero_sign"})
    expect_status(identity, freedom, FindingStatus::Known);
  for (const char* freedom : {"nan_code", "int8_minimum"})
    expect_status(identity, freedom, FindingStatus::NotApplicable);
  EXPECT_FALSE(identity.chooses_scales);
}

TEST(SomeOperations, AScaleAloneShowsNothingOfElements) {
  const auto identity = identify_with({Operation::Scale});
  EXPECT_EQ(finding(identity, "scale_rule").words.size(), 1u);
  EXPECT_EQ(finding(identity, "zero_block_scale").words.size(), 1u);
  expect_status(identity, "rounding", FindingStatus::NotProbed);
  expect_status(identity, "nan_scale_decode", FindingStatus::NotProbed);
}

TEST(SomeOperations, QuantisingAloneShowsAllButDecoding) {
  const auto identity = identify_with({Operation::Quantize});
  for (const char* freedom : {"scale_rule", "rounding", "zero_sign", "zero_block_scale", "subnormal_input"})
    EXPECT_EQ(finding(identity, freedom).words.size(), 1u) << freedom;
  expect_status(identity, "decode_overflow", FindingStatus::NotProbed);
}

TEST(SomeOperations, DecodingAloneShowsAllFourOfItsFreedoms) {
  const auto identity = identify_with({Operation::Dequantize});
  for (const char* freedom :
       {"decode_overflow", "decode_subnormal", "lowest_scale_decode", "nan_scale_decode"})
    EXPECT_EQ(finding(identity, freedom).words.size(), 1u) << freedom;
  expect_status(identity, "scale_rule", FindingStatus::NotProbed);
}

TEST(SomeOperations, AFreedomThatNothingShowsKeepsEveryWord) {
  // NaN poisons its block: what it would become by itself stays unseen.
  const auto identity = identify_with({Operation::Quantize});
  EXPECT_FALSE(finding(identity, "nan_to_finite").is_visible());
}

TEST(SomeOperations, NoneOrOnlyAnotherFormatGivesNothing) {
  Emulation none(ocp_words(), {});
  EXPECT_TRUE(identify(none, {fp4}).formats.empty());
  Emulation other(ocp_words(), capabilities_of(spec::BlockType::MXINT8, all_operations()));
  EXPECT_TRUE(identify(other, {fp4}).formats.empty());
  EXPECT_FALSE(identify(other, {fp4}).is_identified());
}

TEST(SomeOperations, EveryTypeIdentifiesOcp) {
  for (const auto& type : spec::float_formats) {
    Emulation device(ocp_words(), capabilities_of(fp4, all_operations(), type.type));
    const auto matches = identify_one(device).matches();
    ASSERT_EQ(matches.size(), 1u) << spec::name_of(type.type);
    EXPECT_STREQ(matches[0]->name, "ocp");
  }
}

TEST(OurSubjects, AreWhatTheyAreAskedToBe) {
  for (const auto& make : {make_reference_subject, make_fast_subject}) {
    const auto subject = make();
    std::vector<spec::BlockType> formats;
    for (const auto& format : spec::block_formats) formats.push_back(format.type);
    const Identity identity = identify(*subject, formats);
    EXPECT_EQ(identity.formats.size(), std::size(spec::block_formats));
    ASSERT_EQ(identity.matches().size(), 1u) << subject->name();
    EXPECT_STREQ(identity.matches()[0]->name, "ocp");
    EXPECT_EQ(finding(identity.formats[0], "scale_overflow").words.size(), 1u);
  }
}

/// The scale exponent by a logarithm in binary32, as much of the field computes it.
void log2_in_float(const Cases& cases, Answers& answers) {
  if (!gives_scale(cases.operation) || cases.type() != spec::FloatType::Float32) return;
  for (std::size_t i = 0; i < answers.scales.size(); ++i) {
    float amax = 0;
    for (std::size_t j = i * cases.elements; j < (i + 1) * cases.elements; ++j) {
      const auto bits = static_cast<std::uint32_t>(cases.numbers.at(j)) & 0x7fffffff;
      if (bits < 0x7f800000) amax = std::max(amax, std::bit_cast<float>(bits));
    }
    if (amax < 0x1p-100f || answers.scales[i] == 0xff) continue;
    const double log2 = std::log2(static_cast<double>(amax));
    answers.scales[i] = static_cast<std::uint8_t>(std::floor(static_cast<float>(log2)) - 2 + 127);
  }
}

TEST(WrongDevices, ALogarithmInFloatShowsNextToAPowerOfTwo) {
  Emulation device(ocp_words(), capabilities_of(fp4, {Operation::Scale}));
  device.tamper = log2_in_float;
  const auto identity = identify_one(device);
  EXPECT_EQ(finding(identity, "scale_rule").words, std::vector<int>{0});
  expect_status(identity, "scale_edges", FindingStatus::Unexplained);
  EXPECT_NE(finding(identity, "scale_edges").example.input.find("0x40ffffff"), std::string::npos);
  ASSERT_NE(identity.nearest(), nullptr);
  for (const auto* profile : identity.matches()) EXPECT_TRUE(profile->open.has("scale_edges"));
  ASSERT_EQ(identity.profiles.front().differences.size(), 1u);
  EXPECT_EQ(identity.profiles.front().differences[0].freedom, spec::freedom_index("scale_edges"));
}

TEST(WrongDevices, AProfileKnownForItsLogarithmIsStillIdentified) {
  const auto& microxcaling = *spec::find_profile("microxcaling");
  Emulation device(words_of_profile(microxcaling, fp4, 0), capabilities_of(fp4, {Operation::Scale}));
  device.tamper = log2_in_float;
  const auto matches = identify_one(device).matches();
  EXPECT_EQ(std::count(matches.begin(), matches.end(), &microxcaling), 1);
}

TEST(WrongDevices, AScaleThatFollowsNoRuleIsUnexplained) {
  Emulation device(ocp_words(), capabilities_of(fp4, all_operations()));
  device.tamper = [](const Cases&, Answers& answers) {
    for (auto& scale : answers.scales) scale = static_cast<std::uint8_t>(scale ^ 2);
  };
  const auto identity = identify_one(device);
  expect_status(identity, "scale_rule", FindingStatus::Unexplained);
  expect_status(identity, "lowest_scale_decode", FindingStatus::Known);
  EXPECT_TRUE(identity.matches().empty());
}

TEST(WrongDevices, ADeviceThatSupportsNothingItDeclaredIsNotProbed) {
  Emulation device(ocp_words(), capabilities_of(fp4, all_operations()));
  device.tamper = [](const Cases& cases, Answers& answers) {
    answers.unsupported.assign(cases.count(), true);
  };
  EXPECT_TRUE(identify(device, {fp4}).formats.empty());
}

TEST(WrongDevices, TooFewAnswersAreADeviceError) {
  Emulation device(ocp_words(), capabilities_of(fp4, all_operations()));
  device.tamper = [](const Cases&, Answers& answers) {
    if (!answers.codes.empty()) answers.codes.pop_back();
  };
  EXPECT_THROW(identify(device, {fp4}), DeviceError);
}

}  // namespace
}  // namespace mxemu::conformance::tests
