// `mxemu judge`: files that a kernel read and wrote.
#include <nlohmann/json.hpp>

#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

class Judge : public CommandTest {
 protected:
  /// The sample through `mxemu quantize` with `flags`.
  std::string dumped(const std::string& flags) const {
    const std::string got = path("got.safetensors");
    EXPECT_EQ(mxemu("quantize " + sample_file() + " -o " + got + " " + flags).status, 0);
    return got;
  }
};

TEST_F(Judge, PassesWhatTheGoldenModelWouldHaveWritten) {
  for (const std::string flags : {"--format MXFP4_E2M1", "--format MXFP6_E2M3 --block-size 16"}) {
    const Outcome outcome = mxemu("judge " + sample_file() + " " + dumped(flags));
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("PASSED normal.weight"), std::string::npos) << outcome.out;
  }
}

TEST_F(Judge, ExplainsTheFirstDifferenceAndCountsTheOthers) {
  const std::string got = dumped("--format MXFP4_E2M1 --rounding nearest_away --tensors normal_bf16.weight");
  const Outcome outcome = mxemu("judge " + sample_file() + " " + got);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  for (const std::string part :
       {"FAILED normal_bf16.weight", "0 scales differ", "exactly halfway", "expected", "ties away from zero"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << " in\n" << outcome.out;
}

TEST_F(Judge, NamesTheProfileThatFits) {
  const std::string got = dumped("--format MXFP8_E4M3 --profile torchao-rceil --tensors normal.weight");
  const Outcome by_default = mxemu("judge " + sample_file() + " " + got + " --json");
  EXPECT_EQ(by_default.status, 1);
  EXPECT_GT(json::parse(by_default.out).at(0).at("differing_scales"), 0);
  const Outcome outcome = mxemu("judge " + sample_file() + " " + got + " --profile auto --json");
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  for (const json& tensor : json::parse(outcome.out))
    EXPECT_NE(tensor.at("profile").get<std::string>().find("torchao-rceil"), std::string::npos) << tensor;
}

TEST_F(Judge, RefusesFilesThatDoNotBelongTogether) {
  const std::string got = dumped("--format MXFP4_E2M1");
  expect_bad_input(mxemu("judge " + sample_file() + " " + sample_file()), {"holds no MX tensor"});
  expect_bad_input(mxemu("judge " + got + " " + got), {"got.safetensors", "no floating-point tensor"});
  expect_bad_input(mxemu("judge " + sample_file() + " " + got + " --format MXINT8"), {"MXINT8"});
}

}  // namespace
}  // namespace mxemu::cli::tests
