#include "tools/llama/tokenizer/normalizer.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace mxemu::llama {

std::string normalize_nfc(std::string_view text) {
  // Below U+0300 nothing decomposes in context or combines; such characters start with bytes below 0xCC.
  if (std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xCC; }))
    return std::string(text);
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
      &mapped, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (size < 0) throw std::invalid_argument(std::string("the text has no NFC: ") + utf8proc_errmsg(size));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, std::free);
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at; (at = text.find(from)) != std::string_view::npos;) {
    (out += text.substr(0, at)) += to;
    text.remove_prefix(at + from.size());
  }
  return out += text;
}

void Normalizer::add(const JsonNode& node) {
  const std::string& type = node.type();
  if (type == "Sequence") {
    for (const JsonNode& part : node.at("normalizers").items()) add(part);
  } else if (type == "NFC") {
    steps_.push_back({.kind = StepKind::Nfc, .from = {}, .to = {}});
  } else if (type == "Prepend") {
    steps_.push_back({.kind = StepKind::Prepend, .from = {}, .to = node.at("prepend").text()});
  } else if (type == "Replace") {
    const JsonNode from = node.at("pattern").at("String");
    if (from.text().empty()) from.fail("is empty");
    steps_.push_back({.kind = StepKind::Replace, .from = from.text(), .to = node.at("content").text()});
  } else {
    node.refuse_type({"Sequence", "NFC", "Prepend", "Replace"});
  }
}

std::string Normalizer::operator()(std::string_view text) const {
  std::string out(text);
  for (const Step& step : steps_) switch (step.kind) {
      case StepKind::Nfc: out = normalize_nfc(out); break;
      case StepKind::Prepend:
        if (!out.empty()) out.insert(0, step.to);
        break;
      case StepKind::Replace: out = replace_all(out, step.from, step.to); break;
    }
  return out;
}

}  // namespace mxemu::llama
