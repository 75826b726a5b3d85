#include "conformance/dot/dot_cases.hpp"

#include <stdexcept>

#include "spec/block_format.hpp"

namespace mxemu::conformance {
namespace {

std::size_t width_of(DotOperand operand) {
  return static_cast<std::size_t>(spec::code_bytes(operand.type));
}

void require(std::size_t has, std::size_t wants, const char* what) {
  if (has != wants)
    throw std::invalid_argument("a batch of dot products has " + std::to_string(has) + " " + what +
                                " where " + std::to_string(wants) + " are needed");
}

void require_operand(const DotCases& cases, const DotCodes& codes, DotOperand operand, const char* name) {
  const std::string of = std::string(" of ") + name;
  require(codes.codes.size(), cases.count() * cases.elements * width_of(operand),
          ("bytes of codes" + of).c_str());
  require(codes.scales.size(), operand.scaled ? cases.count() * cases.blocks() : 0, ("scales" + of).c_str());
  if (!spec::is_element(operand.type)) return;
  const int count = spec::element_format_of(operand.type).code_count();
  for (const std::byte code : codes.codes)
    if (std::to_integer<int>(code) >= count)
      throw std::invalid_argument("a code" + of + " has more bits than " + spec::name_of(operand.type));
}

/// Bytes `first` to `last` of an array of `each` per case.
template <class T>
std::vector<T> slice(const std::vector<T>& array, std::size_t each, std::size_t first, std::size_t count) {
  const auto begin = array.begin() + static_cast<std::ptrdiff_t>(first * each);
  return {begin, begin + static_cast<std::ptrdiff_t>(count * each)};
}

void append(DotCodes& codes, DotOperand operand, const DotLine& line) {
  for (const std::uint32_t code : line.codes)
    for (std::size_t byte = 0; byte < width_of(operand); ++byte)
      codes.codes.push_back(static_cast<std::byte>(code >> 8 * byte & 0xff));
  if (operand.scaled) codes.scales.insert(codes.scales.end(), line.scales.begin(), line.scales.end());
}

}  // namespace

const char* name_of(DotOperand operand) {
  if (!operand.scaled) return spec::name_of(operand.type);
  return spec::block_formats[static_cast<int>(operand.type)].name;
}

std::vector<DotOperand> every_dot_operand() {
  std::vector<DotOperand> all;
  for (int i = 0; i < spec::element_operand_count; ++i)
    all.push_back({static_cast<spec::OperandType>(i), true});
  for (int i = 0; i < spec::operand_type_count; ++i)
    all.push_back({static_cast<spec::OperandType>(i), false});
  return all;
}

std::optional<DotOperand> parse_dot_operand(std::string_view name) {
  for (const DotOperand operand : every_dot_operand())
    if (name == name_of(operand)) return operand;
  return std::nullopt;
}

std::string describe(const DotCapability& pair) {
  return std::string(name_of(pair.a)) + " " + name_of(pair.b) + " " + spec::name_of(pair.output);
}

std::string operands_text(const DotCapability& pair) {
  return std::string(name_of(pair.a)) + "," + name_of(pair.b) + "," + spec::name_of(pair.output);
}

std::optional<DotCapability> parse_operands(std::string_view text) {
  const std::size_t first = text.find(',');
  const std::size_t second = first == text.npos ? first : text.find(',', first + 1);
  if (second == text.npos) return std::nullopt;
  const auto a = parse_dot_operand(text.substr(0, first));
  const auto b = parse_dot_operand(text.substr(first + 1, second - first - 1));
  const auto output = spec::parse_word<spec::FloatType>(text.substr(second + 1));
  if (!a || !b || !output || *output == spec::FloatType::Float64) return std::nullopt;
  return DotCapability{*a, *b, *output, {}};
}

std::size_t DotCases::blocks() const {
  const auto k = static_cast<std::size_t>(block_size);
  return (elements + k - 1) / k;
}

void require_sizes(const DotCases& cases) {
  if (cases.block_size < 1 || cases.elements < 1)
    throw std::invalid_argument("a dot product has at least one element, and so has a block");
  require_operand(cases, cases.a, cases.a_operand, "a");
  require_operand(cases, cases.b, cases.b_operand, "b");
}

void append(DotCases& cases, const DotLine& a, const DotLine& b, std::uint32_t c) {
  append(cases.a, cases.a_operand, a);
  append(cases.b, cases.b_operand, b);
  cases.c.push_back(c);
}

DotLine line_of(const DotCases& cases, const DotCodes& codes, DotOperand operand, std::size_t index) {
  DotLine line;
  const std::size_t width = width_of(operand);
  for (std::size_t i = index * cases.elements; i < (index + 1) * cases.elements; ++i) {
    std::uint32_t code = 0;
    for (std::size_t byte = width; byte-- > 0;)
      code = code << 8 | std::to_integer<std::uint32_t>(codes.codes[i * width + byte]);
    line.codes.push_back(code);
  }
  if (operand.scaled) line.scales = slice(codes.scales, cases.blocks(), index, 1);
  return line;
}

DotCases part_of(const DotCases& cases, std::size_t first, std::size_t count) {
  DotCases part = cases;
  const auto cut = [&](DotCodes& codes, DotOperand operand) {
    codes.codes = slice(codes.codes, cases.elements * width_of(operand), first, count);
    if (operand.scaled) codes.scales = slice(codes.scales, cases.blocks(), first, count);
  };
  cut(part.a, part.a_operand);
  cut(part.b, part.b_operand);
  part.c = slice(cases.c, 1, first, count);
  return part;
}

}  // namespace mxemu::conformance
