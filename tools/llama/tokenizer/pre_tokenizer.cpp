#include "tools/llama/tokenizer/pre_tokenizer.hpp"

#include <cctype>
#include <stdexcept>

#include "tools/llama/tokenizer/normalizer.hpp"

namespace mxemu::llama {
namespace {

// What ByteLevel splits by when it is told to split: GPT-2's expression.
constexpr std::string_view gpt2_split =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

struct Part {
  Span span;
  bool is_match;
};

Expression compile(const JsonNode& node, std::string_view pattern) {
  try {
    return Expression(pattern);
  } catch (const std::invalid_argument& fault) {
    node.fail(fault.what());
  }
}

// A pattern that stands for itself.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c > 0 && !std::isalnum(c) && c != '_') out += '\\';
    out += c;
  }
  return out;
}

SplitBehavior parse_behavior(const JsonNode& node) {
  const std::string& word = node.text();
  if (word == "Isolated") return SplitBehavior::Isolated;
  if (word == "Removed") return SplitBehavior::Removed;
  if (word == "Contiguous") return SplitBehavior::Contiguous;
  if (word == "MergedWithPrevious") return SplitBehavior::MergedWithPrevious;
  if (word == "MergedWithNext") return SplitBehavior::MergedWithNext;
  node.fail("is none of Isolated, Removed, Contiguous, MergedWithPrevious, MergedWithNext");
}

// Whether `part` is one word with the part before it.
bool joins(SplitBehavior behavior, const Part& before, const Part& part) {
  switch (behavior) {
    case SplitBehavior::Isolated:
    case SplitBehavior::Removed: return false;
    case SplitBehavior::Contiguous: return before.is_match == part.is_match;
    case SplitBehavior::MergedWithPrevious: return part.is_match && !before.is_match;
    case SplitBehavior::MergedWithNext: return before.is_match && !part.is_match;
  }
  return false;
}

std::vector<Span> words_of(const std::vector<Part>& parts, SplitBehavior behavior) {
  std::vector<Span> words;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (behavior == SplitBehavior::Removed && parts[i].is_match) continue;
    if (i > 0 && joins(behavior, parts[i - 1], parts[i]))
      words.back().end = parts[i].span.end;
    else
      words.push_back(parts[i].span);
  }
  return words;
}

}  // namespace

void PreTokenizer::add(const JsonNode& node) {
  if (byte_level_) node.fail("nothing can follow ByteLevel");
  const std::string& type = node.type();
  if (type == "Sequence") {
    for (const JsonNode& part : node.at("pretokenizers").items()) add(part);
  } else if (type == "Split") {
    add_split(node);
  } else if (type == "Digits") {
    steps_.emplace_back().pattern.emplace(R"(\p{N})");
    if (!node.flag("individual_digits", false)) steps_.back().behavior = SplitBehavior::Contiguous;
  } else if (type == "ByteLevel") {
    add_byte_level(node);
  } else if (type == "Metaspace") {
    add_metaspace(node);
  } else {
    node.refuse_type({"Sequence", "Split", "Digits", "ByteLevel", "Metaspace"});
  }
}

void PreTokenizer::add_split(const JsonNode& node) {
  const JsonNode pattern = node.at("pattern");
  const auto regex = pattern.find("Regex");
  const JsonNode text = regex ? *regex : pattern.at("String");
  if (text.text().empty()) text.fail("is empty");
  Step step;
  step.pattern.emplace(compile(text, regex ? text.text() : literal(text.text())));
  step.behavior = parse_behavior(node.at("behavior"));
  step.invert = node.flag("invert", false);
  steps_.push_back(std::move(step));
}

void PreTokenizer::add_byte_level(const JsonNode& node) {
  byte_level_ = true;
  Step step;
  step.prepended = " ";
  if (node.flag("add_prefix_space", true)) step.prepend = Where::Everywhere;
  if (node.flag("use_regex", true)) step.pattern.emplace(gpt2_split);
  steps_.push_back(std::move(step));
}

void PreTokenizer::add_metaspace(const JsonNode& node) {
  Step step;
  step.space = step.prepended = node.at("replacement").text();
  const auto scheme = node.find("prepend_scheme");
  const std::string word = scheme ? scheme->text() : "always";
  if (word != "always" && word != "first" && word != "never") scheme->fail("is none of always, first, never");
  // Before prepend_scheme there was add_prefix_space.
  if (node.flag("add_prefix_space", true) && word != "never")
    step.prepend = word == "first" ? Where::First : Where::Everywhere;
  if (node.flag("split", true)) {
    step.pattern.emplace(literal(step.space));
    step.behavior = SplitBehavior::MergedWithNext;
  }
  steps_.push_back(std::move(step));
}

void PreTokenizer::apply(std::size_t index, std::string_view text, bool first,
                         const std::function<void(std::string_view)>& visit) const {
  if (text.empty()) return;
  if (index == steps_.size()) return visit(text);
  const Step& step = steps_[index];
  std::string own;
  if (!step.space.empty()) text = own = replace_all(text, " ", step.space);
  const bool prepends = step.prepend == Where::Everywhere || (step.prepend == Where::First && first);
  if (prepends && !text.starts_with(step.prepended)) text = own = step.prepended + std::string(text);
  if (!step.pattern) return apply(index + 1, text, first, visit);
  std::vector<Part> parts;
  step.pattern->split(text, [&](Span span, bool is_match) {
    parts.push_back({span, is_match != step.invert});
  });
  for (const Span& word : words_of(parts, step.behavior))
    apply(index + 1, text.substr(word.begin, word.end - word.begin), first && word.begin == 0, visit);
}

void PreTokenizer::split(std::string_view text, bool first,
                         const std::function<void(std::string_view)>& visit) const {
  apply(0, text, first, visit);
}

}  // namespace mxemu::llama
