// Reads an untrusted JSON document: every fault names the file and the key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mxemu::llama {

/// Parses a whole document. Throws io::FileError for what is not JSON, nests deeper than 64, or gives a key
/// twice.
nlohmann::json parse_json(const std::filesystem::path& path, std::string_view text);

/// A value and where it stands; valid while the document and the path are.
class JsonNode {
 public:
  JsonNode(const std::filesystem::path& path, const nlohmann::json& value, std::string key = "")
      : path_(&path), value_(&value), key_(std::move(key)) {}

  bool is_null() const { return value_->is_null(); }
  bool is_string() const { return value_->is_string(); }
  bool is_object() const { return value_->is_object(); }
  bool is_array() const { return value_->is_array(); }
  const nlohmann::json& value() const { return *value_; }

  /// The member `name`; throws when there is none.
  JsonNode at(std::string_view name) const;
  /// The member `name`, or nothing when it is absent or null.
  std::optional<JsonNode> find(std::string_view name) const;
  std::vector<JsonNode> items() const;

  const std::string& text() const;
  std::int64_t integer() const;
  bool boolean() const;
  /// The member `name` as a boolean; `otherwise` when it is absent or null.
  bool flag(std::string_view name, bool otherwise) const;

  /// The string of the member "type", for the nodes that have one.
  const std::string& type() const { return at("type").text(); }
  [[noreturn]] void refuse_type(std::initializer_list<std::string_view> known) const;
  /// Throws io::FileError, "FILE: KEY: FAULT".
  [[noreturn]] void fail(const std::string& fault) const;
  /// Throws unless the member `name` is absent, null, false or "".
  void expect_off(std::string_view name) const;

 private:
  std::string key_of(std::string_view name) const;

  const std::filesystem::path* path_;
  const nlohmann::json* value_;
  std::string key_;  // "pre_tokenizer.pretokenizers[0]"
};

}  // namespace mxemu::llama
