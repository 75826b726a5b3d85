// conformance/PROTOCOL.md is all that an implementer reads: it has every word, and its conversation is real.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "conformance/cases.hpp"
#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

std::string page() {
  std::ifstream file(EXAMPLES "/../PROTOCOL.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class Enum>
void expect_words(const std::string& text) {
  for (const auto& word : spec::words<Enum>)
    EXPECT_NE(text.find("`" + std::string(word.name) + "`"), std::string::npos) << word.name;
}

TEST(ProtocolPage, HasEveryWordThatALineCanHave) {
  const std::string text = page();
  expect_words<Operation>(text);
  expect_words<Packing>(text);
  expect_words<ScaleOrder>(text);
  expect_words<spec::FloatType>(text);
  expect_words<spec::ScaleRuleType>(text);
  expect_words<spec::RoundingMode>(text);
  for (const auto& format : spec::block_formats)
    EXPECT_NE(text.find("`" + std::string(format.name) + "`"), std::string::npos) << format.name;
  spec::for_each_freedom(spec::default_profile.policy, [&]<class Enum>(const char* name, const Enum& value) {
    const std::size_t name_at = text.find("`" + std::string(name) + "`");
    ASSERT_NE(name_at, std::string::npos) << name;
    const std::string row = text.substr(name_at, text.find('\n', name_at) - name_at);
    expect_words<Enum>(row);
    // Of the words in its row the default is the first.
    for (const auto& word : spec::words<Enum>)
      EXPECT_LE(row.find("`" + std::string(spec::name_of(value)) + "`"),
                row.find("`" + std::string(word.name) + "`"));
  });
}

TEST(ProtocolPage, ItsConversationIsThatOfThePythonExample) {
  std::istringstream lines(page());
  std::string questions, answers;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) inside = line == "```conversation";
    if (inside && line.starts_with("> ")) questions += line.substr(2) + "\n";
    if (inside && line.starts_with("< ")) answers += line.substr(2) + "\n";
  }
  ASSERT_FALSE(questions.empty());
  const std::string command = "printf '%s' '" + questions + "' | python3 " EXAMPLES "/device.py";
  FILE* device = popen(command.c_str(), "r");
  ASSERT_NE(device, nullptr);
  std::string got;
  std::array<char, 4096> part;
  while (const std::size_t count = fread(part.data(), 1, part.size(), device)) got.append(part.data(), count);
  EXPECT_EQ(pclose(device), 0);
  EXPECT_EQ(got, answers);
}

}  // namespace
}  // namespace mxemu::conformance
