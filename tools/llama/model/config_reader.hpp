// The keys of a config.json, each read with its type checked.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace mxemu::llama {

/// An object of the file. Every failure is an io::FileError that names the key.
class ConfigReader {
 public:
  ConfigReader(std::filesystem::path file, const nlohmann::json& object, std::string prefix = "")
      : file_(std::move(file)), object_(object), prefix_(std::move(prefix)) {}

  /// False also where the key is null.
  bool has(const char* key) const;
  /// A whole number from 1 to 2^31 - 1.
  std::size_t count(const char* key) const;
  std::size_t count_or(const char* key, std::size_t otherwise) const;
  /// A finite number above 0.
  float positive(const char* key) const;
  float positive_or(const char* key, float otherwise) const;
  bool flag_or(const char* key, bool otherwise) const;
  std::string text_or(const char* key, const std::string& otherwise) const;
  /// A token id, a list of them, or nothing.
  std::vector<int> tokens(const char* key) const;
  ConfigReader object(const char* key) const;

  [[noreturn]] void refuse(const char* key, const std::string& fault) const;

 private:
  const nlohmann::json& value(const char* key) const;

  std::filesystem::path file_;
  const nlohmann::json& object_;
  std::string prefix_;  // of keys in messages: "rope_scaling."
};

}  // namespace mxemu::llama
