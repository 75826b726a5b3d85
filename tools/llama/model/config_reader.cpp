#include "tools/llama/model/config_reader.hpp"

#include <cmath>
#include <limits>

#include "tools/io/error.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

bool is_whole(const json& value, std::int64_t from) {
  // A number beyond int64 is stored unsigned and would wrap.
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT32_MAX) return false;
  return value.get<std::int64_t>() >= from && value.get<std::int64_t>() <= std::numeric_limits<int>::max();
}

}  // namespace

void ConfigReader::refuse(const char* key, const std::string& fault) const {
  throw io::FileError(file_, prefix_ + key + ": " + fault);
}

bool ConfigReader::has(const char* key) const {
  const auto found = object_.find(key);
  return found != object_.end() && !found->is_null();
}

const json& ConfigReader::value(const char* key) const {
  if (!has(key)) refuse(key, "is missing");
  return *object_.find(key);
}

std::size_t ConfigReader::count(const char* key) const {
  const json& found = value(key);
  if (!is_whole(found, 1))
    refuse(key, io::printable(found.dump()) + " is no whole number from 1 to 2^31 - 1");
  return found.get<std::size_t>();
}

std::size_t ConfigReader::count_or(const char* key, std::size_t otherwise) const {
  return has(key) ? count(key) : otherwise;
}

float ConfigReader::positive(const char* key) const {
  const json& found = value(key);
  const float number = found.is_number() ? static_cast<float>(found.get<double>()) : 0.0F;
  if (!(number > 0) || !std::isfinite(number))
    refuse(key, io::printable(found.dump()) + " is no number above 0");
  return number;
}

float ConfigReader::positive_or(const char* key, float otherwise) const {
  return has(key) ? positive(key) : otherwise;
}

bool ConfigReader::flag_or(const char* key, bool otherwise) const {
  if (!has(key)) return otherwise;
  if (!value(key).is_boolean()) refuse(key, io::printable(value(key).dump()) + " is neither true nor false");
  return value(key).get<bool>();
}

std::string ConfigReader::text_or(const char* key, const std::string& otherwise) const {
  if (!has(key)) return otherwise;
  if (!value(key).is_string()) refuse(key, io::printable(value(key).dump()) + " is no text");
  return value(key).get<std::string>();
}

std::vector<int> ConfigReader::tokens(const char* key) const {
  std::vector<int> ids;
  if (!has(key)) return ids;
  const json list = value(key).is_array() ? value(key) : json::array({value(key)});
  for (const json& id : list) {
    if (!is_whole(id, 0)) refuse(key, io::printable(id.dump()) + " is no token id");
    ids.push_back(id.get<int>());
  }
  return ids;
}

ConfigReader ConfigReader::object(const char* key) const {
  if (!value(key).is_object()) refuse(key, io::printable(value(key).dump()) + " is no object");
  return {file_, value(key), prefix_ + key + "."};
}

}  // namespace mxemu::llama
