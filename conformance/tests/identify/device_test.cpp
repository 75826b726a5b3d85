// Devices that do only some things, or wrong things.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

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

/// The scale of blocks in which `is_left_out` has no part in amax.
std::function<void(const Cases&, Answers&)> leaving_out(bool (*is_left_out)(std::size_t, std::uint64_t)) {
  return [is_left_out](const Cases& cases, Answers& answers) {
    if (!gives_scale(cases.operation)) return;
    Cases seen = cases;
    seen.operation = Operation::Scale;
    const std::uint64_t sign_mask = spec::format_of(cases.type()).sign_mask();
    for (std::size_t i = 0; i < cases.numbers.size(); ++i)
      if (is_left_out(i % cases.elements, cases.numbers.at(i) & sign_mask)) seen.numbers.set(i, 0);
    answers.scales = make_reference_subject()->answer(seen).scales;
  };
}

TEST(WrongDevices, AnAmaxThatMissesALaneOrNegativeNumbersIsNoProfile) {
  bool (*const wrong[])(std::size_t, std::uint64_t) = {
      [](std::size_t lane, std::uint64_t) { return lane == 0; },
      [](std::size_t lane, std::uint64_t) { return lane == 31; },
      [](std::size_t lane, std::uint64_t) { return lane >= 16; },
      [](std::size_t, std::uint64_t sign) { return sign != 0; }};
  for (const auto& is_left_out : wrong) {
    Emulation device(ocp_words(), capabilities_of(fp4, {Operation::Scale}));
    device.tamper = leaving_out(is_left_out);
    const auto identity = identify_one(device);
    expect_status(identity, "scale_rule", FindingStatus::Unexplained);
    EXPECT_TRUE(identity.matches().empty());
  }
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

/// Declines what is not asked with this rule and rounding.
std::function<void(const Cases&, Answers&)> only(spec::ScaleRuleType rule, spec::RoundingMode rounding) {
  return [rule, rounding](const Cases& cases, Answers& answers) {
    const bool wrong_rule = gives_scale(cases.operation) && cases.request.scale_rule != rule;
    const bool wrong_rounding = gives_codes(cases.operation) && cases.request.rounding.mode != rounding;
    if (wrong_rule || wrong_rounding) answers.unsupported.assign(cases.count(), true);
  };
}

TEST(OneRule, ADeviceThatDeclinesEveryOtherRuleIsAskedForItsOwn) {
  for (const spec::ScaleRuleType rule : {spec::ScaleRuleType::Even, spec::ScaleRuleType::Rceil}) {
    Words words = ocp_words();
    words[scale_rule_freedom] = static_cast<int>(rule);
    Emulation device(words, capabilities_of(fp4, all_operations()));
    device.tamper = only(rule, spec::RoundingMode::NearestEven);
    const auto identity = identify_one(device);
    EXPECT_EQ(finding(identity, "scale_rule").words, std::vector<int>{static_cast<int>(rule)});
    EXPECT_EQ(identity.unsupported, 0u);
    EXPECT_EQ(identity.request.scale_rule, rule);
    ASSERT_EQ(identity.asked_otherwise.size(), 2u);
    for (const auto& [operation, request] : identity.asked_otherwise) {
      EXPECT_TRUE(gives_scale(operation));
      EXPECT_EQ(request.scale_rule, rule);
    }
  }
}

TEST(OneRule, ARuleAndARoundingOfItsOwnAreFoundTogether) {
  Words words = ocp_words();
  words[scale_rule_freedom] = static_cast<int>(spec::ScaleRuleType::Ceil);
  words[rounding_freedom] = static_cast<int>(spec::RoundingMode::NearestAway);
  Emulation device(words, capabilities_of(fp4, {Operation::Quantize}));
  device.tamper = only(spec::ScaleRuleType::Ceil, spec::RoundingMode::NearestAway);
  const auto identity = identify_one(device);
  EXPECT_EQ(identity.unsupported, 0u);
  EXPECT_EQ(finding(identity, "rounding").words,
            std::vector<int>{static_cast<int>(spec::RoundingMode::NearestAway)});
}

TEST(OneRule, TheRoundingIsFoundUnderEveryRule) {
  Identifier identifier;
  for (const spec::BlockType format : {fp4, spec::BlockType::MXFP8_E4M3, spec::BlockType::MXINT8})
    for (const auto& rule : spec::words<spec::ScaleRuleType>)
      for (const spec::RoundingMode mode :
           {spec::RoundingMode::NearestEven, spec::RoundingMode::NearestAway,
            spec::RoundingMode::NearestTowardZero, spec::RoundingMode::TowardZero}) {
        Words words = words_of(spec::make_request(format));
        words[scale_rule_freedom] = static_cast<int>(rule.value);
        words[rounding_freedom] = static_cast<int>(mode);
        Emulation device(words, capabilities_of(format, {Operation::Quantize}));
        const Identity identity = identifier.identify(device, {format});
        EXPECT_EQ(finding(identity.formats.at(0), "rounding").words, std::vector<int>{static_cast<int>(mode)})
            << spec::format_of(format).name << " " << rule.name << " " << spec::name_of(mode);
      }
}

TEST(OneRule, ADeviceThatSupportsTheDefaultIsAskedNothingElse) {
  EXPECT_TRUE(identify_with(all_operations()).asked_otherwise.empty());
}

/// The reference's operations on tensors, with another storage than it is asked for.
class StoringOtherwise final : public Subject {
 public:
  explicit StoringOtherwise(std::function<void(Storage&)> change) : change_(std::move(change)) {}

  std::string name() const override { return "storing otherwise"; }
  std::vector<Capability> capabilities() const override {
    return capabilities_of(fp4, {Operation::Quantize, Operation::QuantizeTensor, Operation::Unpack});
  }
  std::vector<DeclaredLayout> layouts() const override {
    return {{fp4, {Packing::BitStream, ScaleOrder::Tile128x4}}};
  }
  Answers answer(const Cases& cases) override {
    Cases asked = cases;
    if (is_tensor(cases.operation)) change_(asked.storage);
    return reference_->answer(asked);
  }
  void quantize(const spec::Request&, const TensorGeometry&, spec::FloatType, std::span<const std::byte>,
                std::span<std::uint8_t>, std::span<std::uint8_t>, const Tick&) override {}
  void dequantize(const spec::Request&, const TensorGeometry&, std::span<const std::uint8_t>,
                  std::span<const std::uint8_t>, spec::FloatType, std::span<std::byte>,
                  const Tick&) override {}

 private:
  std::function<void(Storage&)> change_;
  std::unique_ptr<Subject> reference_ = make_reference_subject();
};

const StorageFinding& storage_of(const FormatIdentity& identity, const std::string& about,
                                 Operation operation) {
  for (const StorageFinding& finding : identity.storage)
    if (finding.about == about && finding.operation == operation) return finding;
  ADD_FAILURE() << about << " was not asked";
  static const StorageFinding none;
  return none;
}

TEST(Memory, AStorageAsDeclaredIsSaidToBe) {
  StoringOtherwise device([](Storage&) {});
  const auto identity = identify_one(device);
  EXPECT_EQ(identity.storage.size(), 5u);
  for (const StorageFinding& finding : identity.storage) EXPECT_TRUE(finding.as_declared) << finding.about;
  EXPECT_EQ(storage_of(identity, "packing", Operation::Unpack).declared, "bit_stream");
  EXPECT_EQ(storage_of(identity, "scales", Operation::QuantizeTensor).declared, "tile_128x4");
}

TEST(Memory, TheNibbleOrderAndTheTileAreFound) {
  StoringOtherwise nibbles([](Storage& storage) { storage.layout.packing = Packing::BitStreamMsb; });
  const auto swapped = storage_of(identify_one(nibbles), "packing", Operation::QuantizeTensor);
  EXPECT_FALSE(swapped.as_declared);
  EXPECT_EQ(swapped.found, "nibbles swapped: the high one first, bit_stream_msb");
  EXPECT_NE(swapped.example.find("element "), std::string::npos) << swapped.example;
  StoringOtherwise tiles([](Storage& storage) { storage.layout.scales = ScaleOrder::Tile128x4Plain; });
  const auto unswizzled = storage_of(identify_one(tiles), "packing", Operation::Unpack);
  EXPECT_EQ(unswizzled.found, "128x4 tile not swizzled, tile_128x4_plain");
}

}  // namespace
}  // namespace mxemu::conformance::tests
