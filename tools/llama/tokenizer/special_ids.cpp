#include "tools/llama/tokenizer/special_ids.hpp"

#include <algorithm>
#include <array>

#include "tools/io/error.hpp"
#include "tools/io/mapped_file.hpp"

namespace mxemu::llama {
namespace {

// What ends a text or a turn in the models of this family, whatever their configuration calls EOS.
constexpr std::array<std::string_view, 6> end_names{"<|end_of_text|>", "<|eot_id|>",    "<|eom_id|>",
                                                    "<|im_end|>",      "<|endoftext|>", "</s>"};

// A token of tokenizer_config.json: a string, or an object with its content.
std::optional<TokenId> configured_id(const JsonNode& config, std::string_view name,
                                     const std::vector<AddedToken>& added, const BpeModel& model) {
  const auto node = config.find(name);
  if (!node) return std::nullopt;
  const std::string& content = node->is_object() ? node->at("content").text() : node->text();
  const auto found = std::find_if(added.begin(), added.end(),
                                  [&](const AddedToken& token) { return token.content == content; });
  if (found != added.end()) return found->id;
  if (const auto id = model.id_of(content)) return id;
  node->fail(io::in_quotes(content) + " is not a token of tokenizer.json");
}

void read_config(const std::filesystem::path& path, const std::vector<AddedToken>& added,
                 const BpeModel& model, Frame& frame, SpecialIds& ids) {
  const io::MappedFile file(path);
  const nlohmann::json parsed =
      parse_json(path, {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
  const JsonNode config(path, parsed);
  ids.bos = configured_id(config, "bos_token", added, model);
  ids.eos = configured_id(config, "eos_token", added, model);
  if (!frame.has_template && ids.bos && config.flag("add_bos_token", true)) frame.before = {*ids.bos};
}

}  // namespace

void Frame::add(const JsonNode& node) {
  const std::string& type = node.type();
  if (type == "Sequence")
    for (const JsonNode& part : node.at("processors").items()) add(part);
  else if (type == "TemplateProcessing")
    add_template(node);
  else if (type != "ByteLevel")
    node.refuse_type({"Sequence", "TemplateProcessing", "ByteLevel"});
}

void Frame::add_template(const JsonNode& node) {
  if (has_template) node.fail("is the second template");
  has_template = true;
  bool past_text = false;
  for (const JsonNode& item : node.at("single").items()) {
    if (item.find("Sequence")) {
      past_text = true;
      continue;
    }
    const std::string& name = item.at("SpecialToken").at("id").text();
    for (const JsonNode& id : node.at("special_tokens").at(name).at("ids").items()) {
      const std::int64_t value = id.integer();
      if (value < 0 || value > Vocabulary::largest_id) id.fail("is no token's id");
      (past_text ? after : before).push_back(static_cast<TokenId>(value));
    }
  }
}

void check_frame(const JsonNode& document, const Frame& frame, const Vocabulary& vocabulary) {
  for (const std::vector<TokenId>* ids : {&frame.before, &frame.after})
    for (const TokenId id : *ids)
      if (!vocabulary.contains(id))
        document.at("post_processor").fail("names the id " + std::to_string(id) + ", which no token has");
}

SpecialIds special_ids_of(const std::filesystem::path& config, const std::vector<AddedToken>& added,
                          const BpeModel& model, Frame& frame) {
  SpecialIds ids;
  ids.unknown = model.unknown_id();
  if (std::filesystem::exists(config)) read_config(config, added, model, frame, ids);
  if (!ids.bos && !frame.before.empty()) ids.bos = frame.before.front();
  for (const AddedToken& token : added)
    if (std::find(end_names.begin(), end_names.end(), token.content) != end_names.end())
      ids.end_of_generation.push_back(token.id);
  return ids;
}

}  // namespace mxemu::llama
