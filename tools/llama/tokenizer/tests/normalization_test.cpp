// NFC on Unicode's own NormalizationTest, as Debian's package unicode-data brings it.
#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tools/llama/tokenizer/normalizer.hpp"

namespace mxemu::llama::tests {
namespace {

/// The lines of a file of /usr/share/unicode, which may be compressed; none where it is absent.
std::vector<std::string> unicode_lines(const std::string& name) {
  const std::string path = "/usr/share/unicode/" + name;
  std::string command;
  if (std::filesystem::exists(path)) command = "cat " + path;
  if (std::filesystem::exists(path + ".bz2")) command = "bzip2 -dc " + path + ".bz2";
  std::vector<std::string> lines;
  if (command.empty()) return lines;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  char line[4096];
  while (std::fgets(line, sizeof line, pipe.get()))
    lines.push_back(std::string(line).substr(0, std::string(line).find('\n')));
  return lines;
}

std::string utf8_of(char32_t c) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

/// "0041 0300" as code points.
std::u32string code_points(const std::string& column) {
  std::istringstream words(column);
  std::u32string all;
  for (std::string word; words >> word;) all += static_cast<char32_t>(std::stoul(word, nullptr, 16));
  return all;
}

std::string utf8_of(const std::u32string& all) {
  std::string text;
  for (const char32_t c : all) text += utf8_of(c);
  return text;
}

/// The major version of Unicode that gave a code point its character; 0 for those that have none yet.
std::vector<int> ages() {
  std::vector<int> table(0x110000);
  for (const std::string& line : unicode_lines("DerivedAge.txt")) {
    const std::size_t semicolon = line.find(';');
    if (line.empty() || line[0] == '#' || semicolon == std::string::npos) continue;
    const std::size_t dots = line.find("..");
    const std::size_t first = std::stoul(line, nullptr, 16);
    const std::size_t last = dots < semicolon ? std::stoul(line.substr(dots + 2), nullptr, 16) : first;
    for (std::size_t c = first; c <= last; ++c) table[c] = std::stoi(line.substr(semicolon + 1));
  }
  return table;
}

class NormalizationTest : public testing::Test {
 protected:
  void SetUp() override {
    lines_ = unicode_lines("NormalizationTest.txt");
    if (lines_.empty())
      GTEST_SKIP() << "no /usr/share/unicode/NormalizationTest.txt(.bz2); Debian's unicode-data has it";
    ages_ = ages();
    known_ = std::stoi(utf8proc_unicode_version());
  }

  /// Whether utf8proc's Unicode has all these characters.
  bool knows(const std::u32string& all) const {
    for (const char32_t c : all)
      if (ages_[c] == 0 || ages_[c] > known_) return false;
    return true;
  }

  std::vector<std::string> lines_;
  std::vector<int> ages_;
  int known_ = 0;
};

TEST_F(NormalizationTest, EveryLineComposesAsItSays) {
  int judged = 0, newer = 0;
  for (const std::string& line : lines_) {
    if (line.empty() || line[0] == '#' || line[0] == '@') continue;
    std::istringstream columns(line);
    std::u32string c[5];
    bool known = true;
    for (std::u32string& column : c) {
      std::string text;
      std::getline(columns, text, ';');
      column = code_points(text);
      known &= knows(column);
    }
    newer += !known;
    if (!known) continue;
    ++judged;
    // The file's own rule: c2 == NFC(c1) == NFC(c2) == NFC(c3), c4 == NFC(c4) == NFC(c5).
    for (int i = 0; i < 3; ++i) EXPECT_EQ(normalize_nfc(utf8_of(c[i])), utf8_of(c[1])) << line;
    for (int i = 3; i < 5; ++i) EXPECT_EQ(normalize_nfc(utf8_of(c[i])), utf8_of(c[3])) << line;
  }
  std::printf("%d lines; %d more have characters newer than Unicode %d, which utf8proc has\n", judged, newer,
              known_);
  EXPECT_GT(judged, 18000);
  EXPECT_LT(newer, judged / 100 * 5);
}

TEST_F(NormalizationTest, EveryOtherCharacterStaysAsItIs) {
  std::set<char32_t> listed;
  bool in_part_1 = false;
  for (const std::string& line : lines_) {
    if (line.starts_with("@Part")) in_part_1 = line.starts_with("@Part1");
    if (in_part_1 && !line.empty() && line[0] != '#' && line[0] != '@')
      listed.insert(code_points(line.substr(0, line.find(';'))).front());
  }
  EXPECT_GT(listed.size(), 16000u);
  for (char32_t c = 1; c < 0x110000; ++c) {
    if (listed.contains(c) || (c >= 0xD800 && c < 0xE000) || !knows({c})) continue;
    const std::string text = utf8_of(c);
    if (normalize_nfc(text) != text) ADD_FAILURE() << "U+" << std::hex << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace mxemu::llama::tests
