#include "tools/llama/tokenizer/json_node.hpp"

#include <unordered_set>

#include "tools/io/error.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

constexpr int deepest = 64;

/// Watches the parser: nlohmann's own document would keep the last of equal keys.
class Watch {
 public:
  explicit Watch(const std::filesystem::path& path) : path_(path) {}

  bool operator()(int depth, json::parse_event_t event, const json& value) {
    switch (event) {
      case json::parse_event_t::object_start: keys_.emplace_back(); [[fallthrough]];
      case json::parse_event_t::array_start:
        if (depth > deepest)
          throw io::FileError(path_, "nests deeper than " + std::to_string(deepest) + " levels");
        break;
      case json::parse_event_t::object_end: keys_.pop_back(); break;
      case json::parse_event_t::key:
        if (!keys_.back().insert(value.get<std::string>()).second)
          throw io::FileError(
              path_, "the key " + io::in_quotes(value.get<std::string>()) + " stands twice in one object");
        break;
      case json::parse_event_t::array_end:
      case json::parse_event_t::value: break;
    }
    return true;
  }

 private:
  const std::filesystem::path& path_;
  std::vector<std::unordered_set<std::string>> keys_;  // of the open objects
};

}  // namespace

json parse_json(const std::filesystem::path& path, std::string_view text) {
  Watch watch(path);
  try {
    return json::parse(
        text, [&](int depth, json::parse_event_t event, json& value) { return watch(depth, event, value); });
  } catch (const json::parse_error& error) {
    throw io::FileError(path, io::byte_prefix(error.byte) + "is not JSON from here on, or ends too early");
  } catch (const json::exception& error) {
    throw io::FileError(path, "is not JSON that can be read: " + io::printable(error.what()));
  }
}

std::string JsonNode::key_of(std::string_view name) const {
  return key_.empty() ? std::string(name) : key_ + "." + std::string(name);
}

void JsonNode::fail(const std::string& fault) const {
  throw io::FileError(*path_, (key_.empty() ? "the document" : io::printable(key_)) + ": " + fault);
}

std::optional<JsonNode> JsonNode::find(std::string_view name) const {
  if (!is_object()) fail("is not an object");
  const auto found = value_->find(std::string(name));
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonNode(*path_, *found, key_of(name));
}

JsonNode JsonNode::at(std::string_view name) const {
  if (auto found = find(name)) return *found;
  fail("has no " + io::in_quotes(name));
}

std::vector<JsonNode> JsonNode::items() const {
  if (!is_array()) fail("is not a list");
  std::vector<JsonNode> all;
  for (std::size_t i = 0; i < value_->size(); ++i)
    all.emplace_back(*path_, (*value_)[i], key_ + "[" + std::to_string(i) + "]");
  return all;
}

const std::string& JsonNode::text() const {
  if (!is_string()) fail("is not a string");
  return value_->get_ref<const std::string&>();
}

std::int64_t JsonNode::integer() const {
  if (!value_->is_number_integer()) fail("is not an integer");
  if (value_->is_number_unsigned() && value_->get<std::uint64_t>() > INT64_MAX) fail("is too large");
  return value_->get<std::int64_t>();
}

bool JsonNode::boolean() const {
  if (!value_->is_boolean()) fail("is not true or false");
  return value_->get<bool>();
}

bool JsonNode::flag(std::string_view name, bool otherwise) const {
  const auto found = find(name);
  return found ? found->boolean() : otherwise;
}

void JsonNode::refuse_type(std::initializer_list<std::string_view> known) const {
  std::string words;
  for (const std::string_view word : known) (words += words.empty() ? "" : ", ") += word;
  fail("the type " + io::in_quotes(type()) + " is not supported; supported: " + words);
}

void JsonNode::expect_off(std::string_view name) const {
  const auto found = find(name);
  if (!found || found->value() == json(false) || found->value() == json("")) return;
  found->fail("is not supported");
}

}  // namespace mxemu::llama
