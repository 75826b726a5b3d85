#include "conformance/device/declaration.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "conformance/device/answer_text.hpp"
#include "conformance/dot/dot_emulation.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t largest_window = 65536;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

/// Takes the first word off `text`.
std::string_view next_word(std::string_view& text) {
  text = trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text = trimmed(text.substr(word.size()));
  return word;
}

/// The rows that `word` names: one, all for "*", none when it is no name.
template <class Row, std::size_t count, class Name>
std::vector<Row> rows_named(std::string_view word, const Row (&rows)[count], const Name& name) {
  std::vector<Row> named;
  std::copy_if(std::begin(rows), std::end(rows), std::back_inserter(named),
               [&](const Row& row) { return word == "*" || word == name(row); });
  return named;
}

std::string complain_of_name(const char* what, std::string_view word) {
  return word.empty() ? std::string("it ends before the ") + what
                      : "there is no " + std::string(what) + " " + quoted(word, 40);
}

/// The operands that `word` names: one, all MX formats for "*".
std::vector<DotOperand> operands_named(std::string_view word) {
  std::vector<DotOperand> named;
  for (const DotOperand operand : every_dot_operand())
    if (word == name_of(operand) || (word == "*" && operand.scaled)) named.push_back(operand);
  return named;
}

/// What is wrong with the accumulator that a pair claims, or "".
std::string complain_of_accumulator(const DotCapability& pair) {
  if (pair.accumulator.empty()) return {};
  const auto type = spec::parse_accumulator(pair.accumulator);
  if (!type) return complain_of_name("accumulator", pair.accumulator);
  if (accepts(spec::row_of(*type), pair)) return {};
  return "the accumulator " + pair.accumulator + " is none for " + describe(pair);
}

/// "A B TYPE", each a name or "*", then "accumulator=NAME" or nothing.
std::string take_dot(std::string_view text, std::vector<DotCapability>& dots) {
  const std::string_view a = next_word(text);
  const std::string_view b = next_word(text);
  const std::string_view type = next_word(text);
  const std::string_view claim = next_word(text);
  constexpr std::string_view key = "accumulator=";
  const auto types =
      rows_named(type, spec::float_formats, [](const auto& row) { return spec::name_of(row.type); });
  if (operands_named(a).empty()) return complain_of_name("operand", a);
  if (operands_named(b).empty()) return complain_of_name("operand", b);
  if (types.empty() || type == spec::name_of(spec::FloatType::Float64)) return complain_of_name("type", type);
  if ((!claim.empty() && !claim.starts_with(key)) || !text.empty())
    return "nothing but \"accumulator=NAME\" may follow the type of a dot product";
  const std::string accumulator(claim.empty() ? claim : claim.substr(key.size()));
  for (const DotOperand& a_operand : operands_named(a))
    for (const DotOperand& b_operand : operands_named(b))
      for (const auto& output : types) {
        const DotCapability pair = {a_operand, b_operand, output.type, accumulator};
        if (output.type == spec::FloatType::Float64) continue;
        if (const std::string complaint = complain_of_accumulator(pair); !complaint.empty()) return complaint;
        dots.push_back(pair);
      }
  return {};
}

/// "OPERATION FORMAT TYPE", each a name or "*".
std::string take_capability(std::string_view text, std::vector<Capability>& capabilities) {
  const std::string_view operation = next_word(text);
  const std::string_view format = next_word(text);
  const std::string_view type = next_word(text);
  const auto operations =
      rows_named(operation, spec::words<Operation>, [](const auto& row) { return row.name; });
  const auto formats = rows_named(format, spec::block_formats, [](const auto& row) { return row.name; });
  const auto types =
      rows_named(type, spec::float_formats, [](const auto& row) { return spec::name_of(row.type); });
  if (operations.empty()) return complain_of_name("operation", operation);
  if (formats.empty()) return complain_of_name("format", format);
  if (types.empty()) return complain_of_name("type", type);
  if (!text.empty()) return "nothing may follow the type, but " + quoted(text, 40) + " does";
  for (const auto& o : operations)
    for (const auto& f : formats)
      for (const auto& t : types) {
        const Capability capability = {o.value, f.type, t.type};
        if (std::find(capabilities.begin(), capabilities.end(), capability) == capabilities.end())
          capabilities.push_back(capability);
      }
  return {};
}

/// "FORMAT PACKING SCALES", the first a name or "*".
std::string take_layout(std::string_view text, std::vector<DeclaredLayout>& layouts) {
  const std::string_view format = next_word(text);
  const std::string_view packing = next_word(text);
  const std::string_view scales = next_word(text);
  const auto formats = rows_named(format, spec::block_formats, [](const auto& row) { return row.name; });
  const auto packed = spec::parse_word<Packing>(packing);
  const auto ordered = spec::parse_word<ScaleOrder>(scales);
  if (formats.empty()) return complain_of_name("format", format);
  if (!packed) return complain_of_name("packing", packing);
  if (!ordered) return complain_of_name("order of scales", scales);
  if (!text.empty()) return "nothing may follow the order of scales, but " + quoted(text, 40) + " does";
  for (const auto& row : formats) {
    const DeclaredLayout layout = {row.type, {*packed, *ordered}};
    if (std::find(layouts.begin(), layouts.end(), layout) == layouts.end()) layouts.push_back(layout);
  }
  return {};
}

std::string take_window(std::string_view text, std::size_t& window) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), window);
  if (error == std::errc() && end == text.data() + text.size() && window >= 1 && window <= largest_window)
    return {};
  return "a window is a number from 1 to " + std::to_string(largest_window);
}

std::string complain_of_rest(std::string_view word, std::string_view rest) {
  return rest.empty() ? "" : "nothing may follow " + quoted(word);
}

}  // namespace

std::string Declaration::take(std::string_view line) {
  std::string_view rest = line;
  const std::string_view word = next_word(rest);
  if (word == "can" && (rest == "dot" || rest.starts_with("dot ") || rest.starts_with("dot\t"))) {
    next_word(rest);
    return take_dot(rest, dots);
  }
  if (word == "can") return take_capability(rest, capabilities);
  if (word == "layout") return take_layout(rest, layouts);
  if (word == "window") return take_window(rest, window);
  if (word == "device") {
    device = rest;
    return rest.empty() ? "a device has a name" : "";
  }
  if (word == "binary") {
    binary = true;
    return complain_of_rest(word, rest);
  }
  if (word == "ready") {
    ready = true;
    if (capabilities.empty() && dots.empty()) return "no \"can OPERATION FORMAT TYPE\" line came before it";
    return complain_of_rest(word, rest);
  }
  return "a declaration has lines that start with device, can, layout, window, binary, and ready at its end";
}

}  // namespace mxemu::conformance
