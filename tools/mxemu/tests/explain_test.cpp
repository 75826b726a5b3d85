// `mxemu explain` and `mxemu formats`: the worked examples of the scale rules, and words.
#include <nlohmann/json.hpp>

#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

json explain(const std::string& arguments) {
  const Outcome outcome = mxemu("explain --json " + arguments);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return json::parse(outcome.out).at(0);
}

/// One line of the table of worked examples: one-element blocks, scale bytes per rule, and the values that
/// come back under floor, even and rceil.
struct WorkedExample {
  const char* amax;
  int floor, ceil, even, rceil, nearest, floor_plus_one;  // -1: the source table has no entry
};

void expect_scales(const std::string& format, const WorkedExample& example) {
  SCOPED_TRACE(std::string(format) + " amax " + example.amax);
  const json scales = explain(std::string(example.amax) + " --format " + format).at("scale_by_rule");
  const auto expect = [&](const char* rule, int byte) {
    if (byte >= 0) {
      EXPECT_EQ(scales.at(rule).get<int>(), byte) << rule;
    }
  };
  expect("floor", example.floor);
  expect("ceil", example.ceil);
  expect("even", example.even);
  expect("rceil", example.rceil);
  expect("nearest", example.nearest);
  expect("floor_plus_one", example.floor_plus_one);
}

TEST(Explain, PrintsTheScaleBytesOfTheWorkedExamplesForE2M1) {
  for (const WorkedExample& example : {WorkedExample{"3.5", 126, 127, 127, 127, 126, 127},
                                       {"4", 127, 127, 127, 127, 126, 128},
                                       {"5", 127, 128, 127, 127, 127, 128},
                                       {"6", 127, 128, 127, 127, 127, 128},
                                       {"6.5", 127, 128, 127, 128, 127, 128},
                                       {"7", 127, 128, 128, 128, 127, 128},
                                       {"0x7f7fffff", 252, 253, 253, 253, -1, 253},
                                       {"0x00000001", 0, -1, -1, 0, -1, -1}})
    expect_scales("MXFP4_E2M1", example);
}

TEST(Explain, PrintsTheScaleBytesOfTheWorkedExamplesForE4M3) {
  for (const WorkedExample& example : {WorkedExample{"256", 127, 127, 127, 127, -1, -1},
                                       {"448", 127, 128, 127, 127, -1, -1},
                                       {"449", 127, 128, 127, 128, -1, -1},
                                       {"480", 127, 128, 127, 128, -1, -1},
                                       {"496", 127, 128, 128, 128, -1, -1},
                                       {"0x7f7fffff", 246, 247, 247, 247, -1, -1}})
    expect_scales("MXFP8_E4M3", example);
}

TEST(Explain, PrintsTheValuesThatComeBackInTheWorkedExamples) {
  const auto decoded = [](const std::string& value, const std::string& format, const std::string& rule) {
    return explain(value + " --format " + format + " --scale-rule " + rule)
        .at("elements")
        .at(0)
        .at("decoded")
        .get<std::string>();
  };
  EXPECT_EQ(decoded("3.5", "MXFP4_E2M1", "floor"), "0x40400000");  // 3
  EXPECT_EQ(decoded("3.5", "MXFP4_E2M1", "even"), "0x40800000");   // 4
  EXPECT_EQ(decoded("7", "MXFP4_E2M1", "floor"), "0x40c00000");    // 6
  EXPECT_EQ(decoded("7", "MXFP4_E2M1", "rceil"), "0x41000000");    // 8
  EXPECT_EQ(decoded("480", "MXFP8_E4M3", "floor"), "0x43e00000");  // 448
  EXPECT_EQ(decoded("480", "MXFP8_E4M3", "rceil"), "0x43f00000");  // 480
  EXPECT_EQ(decoded("496", "MXFP8_E4M3", "even"), "0x44000000");   // 512
  // Beyond float32 the result is implementation-defined; ours is Inf unless the policy says otherwise.
  EXPECT_EQ(decoded("0x7f7fffff", "MXFP4_E2M1", "rceil"), "0x7f800000");
  EXPECT_EQ(decoded("0x7f7fffff", "MXFP4_E2M1", "rceil --policy decode_overflow=saturate"), "0x7f7fffff");
}

TEST(Explain, SaysWhichNeighboursATieLiesBetween) {
  const Outcome outcome = mxemu("explain 0.625 1 --format MXFP4_E2M1 --scale-rule floor");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.out.find("2.5: exactly halfway between 0x4 (2) and 0x5 (3); even is the first"),
            std::string::npos)
      << outcome.out;
}

TEST(Explain, TakesSeveralValuesAsOneBlock) {
  const json e = explain("1 -0.5 -nan --format MXINT8 -inf");
  EXPECT_EQ(e.at("scale").get<int>(), 255);
  EXPECT_EQ(e.at("elements").at(1).at("input"), "0xbf000000") << "a minus starts a number here, not a flag";
  EXPECT_EQ(e.at("elements").size(), 4u);
}

TEST(Explain, SaysWhatDecided) {
  const auto why = [](const std::string& arguments) {
    return explain(arguments).at("elements").at(0).at("why").get<std::string>();
  };
  EXPECT_EQ(why("449 256 --format MXFP8_E4M3"),
            "449: between 0x7e (448) and 480 (beyond the largest number), nearer to the first");
  EXPECT_EQ(why("7.5 --format MXFP4_E2M1"),
            "7.5: between 0x7 (6) and 8 (beyond the largest number), nearer to the second; saturates");
  EXPECT_EQ(why("5 4 --format MXFP4_E2M1 --rounding nearest_away"),
            "5: exactly halfway between 0x6 (4) and 0x7 (6); nearest_away takes the second");
  EXPECT_EQ(why("4.5 --format MXFP4_E2M1 --rounding up"),
            "4.5: between 0x6 (4) and 0x7 (6), nearer to the first; up takes the second");
  EXPECT_EQ(why("-1.9999 --format MXINT8 --policy int8_minimum=used"),
            "-16776377*2^-23 (about 1.9999): between 0x81 (-1.984375) and 0x80 (-2), nearer to the second");
  EXPECT_NE(why("4.5 --format MXFP4_E2M1 --rounding stochastic").find("/2^16"), std::string::npos);
}

TEST(Explain, RoundsDecimalsOnce) {
  const auto bits = [](const std::string& arguments) {
    return explain(arguments + " --format MXINT8").at("elements").at(0).at("input").get<std::string>();
  };
  // Just above the tie between two bfloat16: as a double it would pose as the tie itself.
  EXPECT_EQ(bits("1.00390625000000000000001 --dtype bf16"), "0x3f81");
  EXPECT_EQ(bits("1.00390625 --dtype bf16"), "0x3f80");
  EXPECT_EQ(bits("-0 --dtype f16"), "0x8000");
  EXPECT_EQ(bits("1e-400 --dtype f64"), "0x0000000000000000");
}

TEST(Explain, RefusesWhatIsNoNumber) {
  expect_bad_input(mxemu("explain 12x --format MXINT8"), {"\"12x\"", "neither a number nor a bit pattern"});
  expect_bad_input(mxemu("explain 0x1234567890 --format MXINT8"), {"more than the 32 bits of f32"});
  expect_bad_input(mxemu("explain --format MXINT8"), {"needs a value"});
  expect_bad_input(mxemu("explain 1 2 3 --format MXINT8 --block-size 2"), {"3 values", "block size 2"});
  expect_bad_input(mxemu("explain --format MXINT8 -0x3f800000"), {"sign inside"});
  expect_bad_input(mxemu("explain 1 --frmat MXINT8"), {"no flag --frmat"});
  expect_bad_input(mxemu("explain 1 --format MXFP5"), {"--format", "MXFP5", "MXFP4_E2M1"});
  expect_bad_input(mxemu("explain 1 --scale-rule up"), {"--scale-rule", "\"up\"", "rceil"});
  expect_bad_input(mxemu("explain 1 --policy zero_sign=maybe"),
                   {"--policy zero_sign", "maybe", "drop_on_zero_input"});
  expect_bad_input(mxemu("explain 1 --policy nothing=keep"), {"--policy", "nothing=keep", "zero_sign"});
  expect_bad_input(mxemu("explain 1 --rounding stochastic:99"), {"--rounding", "stochastic:99", "1 to 32"});
  expect_bad_input(mxemu("explain 1 --profile vendor"), {"--profile", "vendor", "ocp"});
}

TEST(Formats, ListsEveryFormatAsTextAndAsJson) {
  const Outcome text = mxemu("formats");
  const Outcome parsed = mxemu("formats --json");
  ASSERT_EQ(text.status, 0);
  ASSERT_EQ(parsed.status, 0);
  const json document = json::parse(parsed.out);
  for (const char* name : {"MXFP8_E5M2", "MXFP8_E4M3", "MXFP6_E3M2", "MXFP6_E2M3", "MXFP4_E2M1", "MXINT8"}) {
    EXPECT_NE(text.out.find(name), std::string::npos) << name;
    EXPECT_TRUE(document.at("formats").contains(name)) << name;
  }
  EXPECT_EQ(
      document.at("elements").at("E2M1").at("codes"),
      json({"0", "0.5", "1", "1.5", "2", "3", "4", "6", "-0", "-0.5", "-1", "-1.5", "-2", "-3", "-4", "-6"}));
}

TEST(Formats, PrintsEveryPolicyWord) {
  const Outcome text = mxemu("formats");
  for (const char* word : {"poison_block", "element_only", "signed_max", "drop_on_zero_input", "short_block",
                           "floor_plus_one", "nearest_toward_zero", "ggml_block", "tile_128x4"})
    EXPECT_NE(text.out.find(word), std::string::npos) << word;
}

TEST(Help, EveryCommandHasAnExample) {
  for (const char* command : {"formats", "inspect", "roundtrip", "quantize", "dequantize", "explain"}) {
    const Outcome help = mxemu(std::string(command) + " --help");
    EXPECT_EQ(help.status, 0) << command;
    EXPECT_NE(help.out.find("  mxemu " + std::string(command)), std::string::npos) << command;
  }
}

TEST(Help, UnknownWordsAreBadInput) {
  EXPECT_EQ(mxemu("frobnicate").status, 2);
  EXPECT_EQ(mxemu("roundtrip --no-such-flag x").status, 2);
  EXPECT_EQ(mxemu("").status, 2);
  EXPECT_EQ(mxemu("--version").status, 0);
}

}  // namespace
}  // namespace mxemu::cli::tests
