#include "tools/llama/tokenizer/json_node.hpp"

#include <utility>

#include "tools/io/error.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

constexpr std::size_t deepest = 64;

/// Builds the document as the parser reads on. nlohmann's own builder would keep the last of equal keys.
class DocumentBuilder : public nlohmann::json_sax<json> {
 public:
  explicit DocumentBuilder(const std::filesystem::path& path) : path_(path) {}

  json take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override { return put(value); }
  bool number_float(double value, const std::string&) override { return put(value); }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(json::binary_t&) override { return false; }  // JSON text has none
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    const auto [at, fresh] = open_.back()->emplace(name, nullptr);
    if (!fresh) throw io::FileError(path_, "the key " + io::in_quotes(name) + " stands twice in one object");
    member_ = &*at;
    return true;
  }

  // `position` counts the bytes read, that at fault or the end among them.
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    throw io::FileError(path_, io::byte_prefix(position - 1) + "is not JSON from here on, or ends too early");
  }

 private:
  // Where the next value belongs.
  json& slot() {
    if (open_.empty()) return root_;
    if (open_.back()->is_object()) return *member_;
    open_.back()->push_back(nullptr);
    return open_.back()->back();
  }

  bool put(json value) {
    slot() = std::move(value);
    return true;
  }

  bool open(json container) {
    if (open_.size() == deepest)
      throw io::FileError(path_, "nests deeper than " + std::to_string(deepest) + " levels");
    json& at = slot();
    at = std::move(container);
    open_.push_back(&at);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const std::filesystem::path& path_;
  json root_;
  std::vector<json*> open_;  // containers from the outermost; the inner ones are not moved before they close
  json* member_ = nullptr;   // of the innermost object: where its next value belongs
};

}  // namespace

json parse_json(const std::filesystem::path& path, std::string_view text) {
  DocumentBuilder builder(path);
  json::sax_parse(text, &builder);
  return builder.take();
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
