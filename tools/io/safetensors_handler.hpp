// Receives the events of the JSON parser and collects a safetensors header, refusing all that is not one.
// A parsed tree would not do: it forgets repeated keys, and nests as deeply as a file asks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "tools/io/tensor.hpp"

namespace mxemu::io {

struct SafetensorsEntry {
  std::string name;
  std::optional<std::string> dtype;
  std::optional<std::vector<std::int64_t>> shape;
  std::optional<std::vector<std::int64_t>> data_offsets;
};

/// Every callback throws FileError on the first event that a header cannot have, so the nesting is bounded by
/// what a header has: the file, a tensor, a list.
class SafetensorsHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit SafetensorsHandler(const std::filesystem::path& path) : path_(path) {}

  std::vector<SafetensorsEntry> entries;
  Metadata metadata;

  bool null() override { unexpected("null"); }
  bool boolean(bool value) override { unexpected(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { unexpected(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override;
  bool number_float(number_float_t, const string_t& text) override { unexpected(text); }
  bool string(string_t& text) override;
  bool binary(binary_t&) override { unexpected("binary data"); }
  bool start_object(std::size_t) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override;

 private:
  enum class Place : std::uint8_t { Outside, Header, Strings, Tensor, List };

  [[noreturn]] void fail(const std::string& fault) const;
  [[noreturn]] void unexpected(const std::string& value) const;
  void begin_tensor(const std::string& name);
  void check_complete() const;
  std::string where() const;

  const std::filesystem::path& path_;
  Place place_ = Place::Outside;
  std::string key_;  // the last key read in the metadata or a tensor
  bool metadata_seen_ = false;
  std::vector<std::int64_t>* list_ = nullptr;  // the shape or offsets being filled
  std::unordered_set<std::string> names_;
};

}  // namespace mxemu::io
