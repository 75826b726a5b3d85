// Lines of JSON from files that anyone may have written: every fault is one sentence with file and line.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vectors/vector_file.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance::vectors {

/// An object on one line of a file.
class JsonLine {
 public:
  /// Throws FileFault when the line is no JSON object.
  JsonLine(std::string file, std::size_t number, std::string_view line);

  bool has(const char* key) const { return object_.contains(key); }
  std::string text(const char* key) const;
  long long integer(const char* key, long long smallest, long long largest) const;
  JsonLine object(const char* key) const;
  /// The words of a string, separated by single spaces.
  std::vector<std::string> words(const char* key) const;
  /// The same, of which each is a number of exactly so many hexadecimal digits.
  std::vector<std::uint64_t> numbers(const char* key, int digits) const;

  template <class Enum>
  Enum word(const char* key) const {
    const std::string name = text(key);
    if (const auto value = spec::parse_word<Enum>(name)) return *value;
    fail("\"" + std::string(key) + "\" is \"" + name + "\", which is no word that this version knows");
  }

  [[noreturn]] void fail(const std::string& what) const;

 private:
  JsonLine(const JsonLine& parent, nlohmann::json object)
      : file_(parent.file_), number_(parent.number_), object_(std::move(object)) {}
  const nlohmann::json& at(const char* key) const;

  std::string file_;
  std::size_t number_;
  nlohmann::json object_;
};

/// The lines of a text that are not empty, with their numbers from 1. Throws FileFault when there is none.
std::vector<JsonLine> json_lines(const std::string& file, std::string_view text);

}  // namespace mxemu::conformance::vectors
