// Decoding: all codes by themselves, and all scale bytes times all codes, to every float type.
#include <algorithm>

#include "conformance/checks/codes.hpp"
#include "conformance/checks/fill.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance {
namespace {

bool overflows(const Target& target, int scale, std::uint8_t code) {
  const reference::Value element = reference::decode_element(target.element(), code);
  const reference::Value x = reference::decode_scale(target.scale(), static_cast<std::uint8_t>(scale));
  if (!element.is_finite() || element.is_zero()) return false;
  const reference::Value product = {.magnitude = reference::multiply(element.magnitude, x.magnitude)};
  return reference::encode_float(target.source(), product) == target.source().infinity_bits();
}

bool some_overflow(const Target& target, int scale, const std::vector<std::uint8_t>& codes) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](std::uint8_t code) { return overflows(target, scale, code); });
}

/// All codes in order, from a start that moves with `turn` so that they meet every lane.
std::vector<std::vector<std::uint8_t>> all_codes(const Target& target, int turn) {
  const int count = target.element().code_count();
  const int lanes = static_cast<int>(target.block_size());
  std::vector<std::vector<std::uint8_t>> blocks;
  for (int first = 0; first < count; first += lanes) {
    std::vector<std::uint8_t> codes;
    for (int lane = 0; lane < lanes; ++lane)
      codes.push_back(static_cast<std::uint8_t>((first + lane + 5 * turn) % count));
    blocks.push_back(codes);
  }
  return blocks;
}

Batches generate_codes(const Target& target, Random&) {
  Cases cases = empty_cases(target);
  const int turns = target.is_quick() ? 8 : static_cast<int>(target.block_size());
  for (int turn = 0; turn < turns; ++turn)
    for (const auto& codes : all_codes(target, turn)) add_codes(cases, codes, 0);
  return {cases};
}

/// One byte alone is asked under several turns of the codes.
Batches products_under(const Target& target, int scale) {
  Cases cases = empty_cases(target);
  for (int turn = 0; turn < 8; ++turn)
    for (const auto& codes : all_codes(target, turn)) add_codes(cases, codes, scale);
  return {cases};
}

Batches generate_lowest(const Target& target, Random&) {
  return products_under(target, target.scale().min_code);
}

Batches generate_nan(const Target& target, Random&) {
  return products_under(target, target.scale().nan_code);
}

/// The scale bytes between, with the cases in which some product overflows, or with the others.
template <bool beyond>
Batches generate_products(const Target& target, Random&) {
  Cases cases = empty_cases(target);
  for (int scale = target.scale().min_code + 1; scale <= target.scale().max_code; ++scale)
    for (const auto& codes : all_codes(target, scale))
      if (some_overflow(target, scale, codes) == beyond) add_codes(cases, codes, scale);
  return {cases};
}

/// Of MXINT8 only code 0x80, -2, overflows.
bool has_overflow(const Target& target) {
  for (const auto& codes : all_codes(target, 0))
    if (some_overflow(target, target.scale().max_code, codes)) return true;
  return false;
}

Bins special_codes(const Target& target) {
  Bins bins;
  bins.add(Bin::NegativeZero, target.element().has_negative_zero());
  bins.add(Bin::Nan, target.element().has_nan());
  bins.add(Bin::Infinity, target.element().has_infinity());
  return bins;
}

Bins promise_products(const Target& target) {
  Bins bins = special_codes(target);
  bins.add(Bin::DecodeSubnormal, target.type == spec::FloatType::Float16);
  return bins;
}

std::string code_clauses(const spec::ElementFormat& element) {
  if (is_fp8(element)) return element.has_infinity() ? "MX-5.3.1-a, OFP8-b" : "MX-5.3.1-a, OFP8-a";
  if (element.type == spec::ElementType::INT8) return "MX-5.3.4-a";
  return element.type == spec::ElementType::E2M1 ? "MX-5.3.3-a" : "MX-5.3.2-a";
}

const Check checks[] = {
    {"decode/codes",
     "every code by itself",
     always<Requirement::Must>,
     code_clauses,
     {Operation::Decode},
     everywhere,
     generate_codes,
     special_codes},
    {"decode/products",
     "every scale byte times every code, within the output's range",
     always<Requirement::Must>,
     [](const spec::ElementFormat& element) {
       return "MX-5.1-d, MX-5.1-f, MX-5.4.1-a, " + code_clauses(element);
     },
     {Operation::Dequantize},
     everywhere,
     generate_products<false>,
     promise_products},
    {"decode/lowest_scale",
     "scale byte 0x00 is 2^-127",
     always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-5.4.1-a, MX-5.1-f"); },
     {Operation::Dequantize},
     everywhere,
     generate_lowest,
     [](const Target&) { return Bins{Bin::LowestScale}; }},
    {"decode/nan_scale",
     "scale byte 0xff makes every value NaN",
     always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-c, MX-5.4.1-a"); },
     {Operation::Dequantize},
     everywhere,
     generate_nan,
     [](const Target&) { return Bins{Bin::NanScale}; }},
    {"decode/overflow",
     "products beyond the output's largest number",
     always<Requirement::ImplementationDefined>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-e"); },
     {Operation::Dequantize},
     has_overflow,
     generate_products<true>,
     [](const Target&) { return Bins{Bin::DecodeOverflow}; }},
};

}  // namespace

std::span<const Check> decode_checks() {
  return checks;
}

}  // namespace mxemu::conformance
