// spec/CLAUSES.md names functions, tests and defaults: each of them exists.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "source_text.hpp"
#include "spec/policy.hpp"

namespace mxemu::golden {
namespace {

using Row = std::map<std::string, std::string>;  ///< a cell under each column title

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

/// The rows of every table whose header has a column of this title.
std::vector<Row> rows_with_column(const std::string& title) {
  std::vector<Row> rows;
  std::vector<std::string> titles;
  std::istringstream text(text_of(source_root() / "spec/CLAUSES.md"));
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line[0] != '|') {
      titles.clear();
      continue;
    }
    const auto cells = cells_of(line);
    if (titles.empty()) {
      titles = cells;
      continue;
    }
    EXPECT_EQ(cells.size(), titles.size()) << line;
    Row row;
    for (std::size_t i = 0; i < std::min(cells.size(), titles.size()); ++i) row[titles[i]] = cells[i];
    const bool is_rule = line.find_first_not_of("|-") == std::string::npos;
    if (!is_rule && row.count(title)) rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << "no table has a column \"" << title << "\"";
  return rows;
}

/// The words between back quotes.
std::vector<std::string> back_quoted(const std::string& cell) {
  static const std::regex quotes("`([^`]+)`");
  std::vector<std::string> words;
  for (std::sregex_iterator match(cell.begin(), cell.end(), quotes), end; match != end; ++match)
    words.push_back((*match)[1]);
  return words;
}

bool holds_word(const std::string& text, const std::string& word) {
  return std::regex_search(text, std::regex("\\b" + word + "\\b"));
}

/// Suite.Name of every test of this folder, of the dot products, and of what is held to the reference.
std::set<std::string> declared_tests() {
  static const std::regex declaration(R"((?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP)\(\s*(\w+),\s*(\w+))");
  std::string text;
  for (const char* folder : {"golden", "dot", "fast", "suite", "vectors"})
    text += text_of_folder(std::string("conformance/tests/") + folder);
  std::set<std::string> tests;
  for (std::sregex_iterator match(text.begin(), text.end(), declaration), end; match != end; ++match)
    tests.insert((*match)[1].str() + "." + (*match)[2].str());
  return tests;
}

TEST(Clauses, EveryIdHasOneLine) {
  std::set<std::string> ids;
  for (Row& row : rows_with_column("id")) EXPECT_TRUE(ids.insert(row["id"]).second) << row["id"] << " twice";
  // Sections 4 to 6.3 of MX, and OFP8.
  for (const char* first :
       {"MX-4-a", "MX-5.1-a", "MX-5.2-a", "MX-5.2.1-a", "MX-5.3.1-a", "MX-5.3.2-a", "MX-5.3.3-a",
        "MX-5.3.4-a", "MX-5.4.1-a", "MX-6.1-a", "MX-6.2-a", "MX-6.3-a", "OFP8-a"})
    EXPECT_TRUE(ids.count(first)) << first;
  for (const std::string& id : ids) {
    const char letter = id.back();
    const std::string previous = id.substr(0, id.size() - 1) + static_cast<char>(letter - 1);
    EXPECT_TRUE(letter == 'a' || ids.count(previous)) << id << " without " << previous;
  }
}

TEST(Clauses, EveryLineHasAReadingAndSaysHowSureItIs) {
  const std::set<std::string> marks = {"summary", "inferred", "agreed"};
  for (Row& row : rows_with_column("id")) {
    EXPECT_FALSE(row["word"].empty()) << row["id"];
    EXPECT_FALSE(row["our reading"].empty()) << row["id"];
    EXPECT_TRUE(marks.count(row["sure"])) << row["id"] << ": " << row["sure"];
  }
}

TEST(Clauses, EveryCarrierIsDeclaredInTheSpecificationOrTheReference) {
  const std::string text = text_of_folder("spec") + text_of_folder("reference");
  for (Row& row : rows_with_column("carried by")) {
    const auto carriers = back_quoted(row["carried by"]);
    EXPECT_TRUE(!carriers.empty() || row["carried by"].rfind("none: ", 0) == 0) << row["id"];
    for (const auto& carrier : carriers)
      EXPECT_TRUE(holds_word(text, carrier)) << row["id"] << ": " << carrier;
  }
}

TEST(Clauses, EveryTestNamedIsATest) {
  const auto tests = declared_tests();
  for (Row& row : rows_with_column("pinned by")) {
    const std::string name = row.count("id") ? row["id"] : row["field"];
    const auto pins = back_quoted(row["pinned by"]);
    EXPECT_EQ(pins.empty(), row["pinned by"] == "none") << name;
    for (const auto& pin : pins) EXPECT_TRUE(tests.count(pin)) << name << ": no test " << pin;
  }
}

TEST(Clauses, WhatIsCarriedIsPinned) {
  for (Row& row : rows_with_column("id"))
    EXPECT_EQ(back_quoted(row["carried by"]).empty(), back_quoted(row["pinned by"]).empty()) << row["id"];
}

TEST(Clauses, EveryFreedomHasALineWithItsDefault) {
  std::map<std::string, std::string> defaults;
  for (Row& row : rows_with_column("field")) {
    const auto field = back_quoted(row["field"]), word = back_quoted(row["default"]);
    ASSERT_EQ(field.size(), 1u) << row["field"];
    ASSERT_EQ(word.size(), 1u) << row["field"];
    EXPECT_TRUE(defaults.emplace(field[0], word[0]).second) << field[0] << " twice";
  }
  const spec::Policy policy;
  spec::for_each_freedom(policy, [&](const char* name, const auto& field) {
    EXPECT_EQ(defaults[name], spec::name_of(field)) << name;
    defaults.erase(name);
  });
  EXPECT_TRUE(defaults.empty()) << defaults.begin()->first << " is no freedom";
}

}  // namespace
}  // namespace mxemu::golden
