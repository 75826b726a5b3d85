// Every way for a plugin to be wrong is one sentence.
#include "conformance/plugin_subject.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

/// Four zeros as four blocks.
Cases zeros() {
  return {.request = spec::make_request(spec::BlockType::MXFP4_E2M1),
          .elements = 1,
          .numbers = Numbers(spec::FloatType::Float32, 4)};
}

/// What the bad plugin with this fault leads to.
std::string failure_with(const std::string& fault, Answers* answers = nullptr) {
  setenv("MX_PLUGIN_FAULT", fault.c_str(), 1);
  try {
    const Answers got = make_subject("plugin:" BAD_PLUGIN)->answer(zeros());
    if (answers) *answers = got;
    return "it answered";
  } catch (const DeviceError& error) {
    const std::string name = "plugin:" BAD_PLUGIN ": ";
    return std::string(error.what()).starts_with(name) ? error.what() + name.size()
                                                       : "no name in: " + std::string(error.what());
  }
}

TEST(PluginFault, AFileThatIsNoPluginIsToldAsWhatItIs) {
  const auto failure = [](const std::string& file) {
    try {
      make_subject("plugin:" + file);
    } catch (const DeviceError& error) {
      return std::string(error.what());
    }
    return std::string("it loaded");
  };
  EXPECT_EQ(
      failure("/no/such.so"),
      "plugin:/no/such.so: the plugin cannot be loaded: /no/such.so: cannot open shared object file: No such "
      "file or directory");
  // A bare name is a file here, not one of the system's libraries.
  EXPECT_TRUE(failure("libm.so.6").starts_with("plugin:libm.so.6: the plugin cannot be loaded: ./libm.so.6"));
  EXPECT_TRUE(failure(EXAMPLES "/device.py").find("invalid ELF header") != std::string::npos);
  EXPECT_EQ(failure(EMPTY_PLUGIN), "plugin:" EMPTY_PLUGIN ": there is no mx_subject_version()");
  EXPECT_THROW(make_subject("plugin:"), std::invalid_argument);
}

TEST(PluginFault, AnotherVersionIsRefused) {
  EXPECT_EQ(failure_with("version"), "the plugin was built for version 7 of mx_subject.h; this is version 1");
}

TEST(PluginFault, CapabilitiesAreReadAsThoseOfAProcess) {
  EXPECT_EQ(failure_with("no capabilities"), "mx_subject_capabilities() names no operation");
  EXPECT_EQ(failure_with("wrong capability"),
            "line 2 of its capabilities, \"fly * f32\", is not \"OPERATION FORMAT TYPE\": there is no "
            "operation \"fly\"");
  setenv("MX_PLUGIN_FAULT", "no name", 1);
  const auto subject = make_subject("plugin:" BAD_PLUGIN);
  EXPECT_EQ(subject->description(), "plugin:" BAD_PLUGIN);
  EXPECT_EQ(subject->capabilities().size(), 1 + std::size(spec::block_formats));
}

TEST(PluginFault, AStatusThatIsNoneIsTold) {
  const std::string call =
      "mx_subject_answer() returned -5 at 4 case(s) of \"quantize MXFP4_E2M1 f32 floor nearest_even\"";
  EXPECT_EQ(failure_with("status"), call);
  EXPECT_EQ(failure_with("status with words"), call + ": \"the queue is full\"");
}

TEST(PluginFault, UnsupportedIsAnAnswer) {
  Answers answers;
  EXPECT_EQ(failure_with("unsupported", &answers), "it answered");
  EXPECT_EQ(answers.unsupported, std::vector<bool>(4, true));
  EXPECT_EQ(failure_with("one unsupported", &answers), "it answered");
  EXPECT_EQ(answers.unsupported, (std::vector<bool>{false, true, false, false}));
}

TEST(PluginFault, ACodeTooWideIsToldWithItsCase) {
  const std::string place =
      "element 0 of its answer to \"quantize MXFP4_E2M1 f32 floor nearest_even - 00000000\" is wrong: ";
  EXPECT_EQ(failure_with("wide code"), place + "\"1f\" is more than the 4 bits of an E2M1 code");
  EXPECT_EQ(failure_with("silent"), place + "\"c5\" is more than the 4 bits of an E2M1 code");
}

TEST(PluginFault, WritingWhereItMayNotIsTold) {
  EXPECT_EQ(failure_with("past the end"), "answer_codes: the plugin wrote past the end of the array");
  EXPECT_EQ(failure_with("before the start"),
            "answer_scales: the plugin wrote before the start of the array");
  EXPECT_EQ(failure_with("changes input"), "numbers: the plugin changed what it may only read");
  EXPECT_EQ(failure_with(""), "it answered");
}

std::string memory_failure(const std::string& fault, const std::string& file = MEMORY_PLUGIN) {
  setenv("MX_PLUGIN_FAULT", fault.c_str(), 1);
  try {
    make_subject("plugin:" + file)->answer(zeros());
    return "it answered";
  } catch (const DeviceError& error) {
    return std::string(error.what()).substr(("plugin:" + file + ": ").size());
  }
}

TEST(PluginMemory, EveryArrayStandsInThePluginsOwn) {
  unsetenv("MX_PLUGIN_FAULT");
  const auto subject = make_subject("plugin:" MEMORY_PLUGIN);
  for (std::uint32_t round = 0; round < 5; ++round)
    for (const Operation operation : {Operation::Quantize, Operation::Dequantize})
      expect_reference_answers(*subject,
                               mixed_cases(operation, spec::make_request(spec::BlockType::MXFP4_E2M1),
                                           spec::FloatType::Float32, 32, 100, round));
}

TEST(PluginMemory, AFailureOfItIsTold) {
  EXPECT_EQ(memory_failure("no memory"), "numbers: mx_subject_allocate() returned NULL");
  EXPECT_EQ(memory_failure("copy to device"), "numbers: mx_subject_copy_to_device() failed");
  EXPECT_EQ(memory_failure("copy to host"), "answer_codes: mx_subject_copy_to_host() failed");
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(memory_failure(""), "it answered");  // failures released what they had
  EXPECT_EQ(memory_failure("", FORGETFUL_PLUGIN), "there is no mx_subject_release()");
}

}  // namespace
}  // namespace mxemu::conformance
