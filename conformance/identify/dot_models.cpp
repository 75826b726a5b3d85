#include "conformance/identify/dot_models.hpp"

#include <algorithm>

#include "conformance/dot/dot_emulation.hpp"

namespace mxemu::conformance {
namespace {

constexpr int least_fraction_bits = 8;
constexpr int most_fraction_bits = 40;
constexpr int most_products = 128;
constexpr spec::RoundingMode result_roundings[] = {spec::RoundingMode::TowardZero,
                                                   spec::RoundingMode::NearestEven};

using Change = std::function<void(spec::Accumulator&)>;

void add_other(DotProperty& property, const spec::Accumulator& row, const DotCapability& pair,
               const std::string& value, const Change& change) {
  spec::Accumulator other = row;
  change(other);
  if (accepts(other, pair)) property.others.push_back({value, other});
}

/// The kinds that have no parameters, as they have names.
DotProperty order_of(const spec::Accumulator& row, const DotCapability& pair) {
  DotProperty property = {"order", std::string(spec::name_of(row.kind)) + ": " + spec::meaning_of(row.kind)};
  for (const spec::Accumulator& other : spec::accumulators)
    if (other.kind != row.kind && other.evidence == spec::Evidence::Standard && accepts(other, pair))
      property.others.push_back({other.name, other});
  return property;
}

DotProperty fraction_bits_of(const spec::Accumulator& row, const DotCapability& pair) {
  DotProperty property = {"fraction bits", std::to_string(row.fused.fraction_bits)};
  for (const int bits : {row.fused.fraction_bits - 1, row.fused.fraction_bits + 1})
    add_other(property, row, pair, std::to_string(bits),
              [&](auto& other) { other.fused.fraction_bits = bits; });
  return property;
}

DotProperty group_of(const spec::Accumulator& row, const DotCapability& pair) {
  DotProperty property = {"group", std::to_string(row.fused.products)};
  for (const int products : {row.fused.products / 2, row.fused.products * 2})
    if (products >= row.fused.exact_group * row.fused.split)
      add_other(property, row, pair, std::to_string(products),
                [&](auto& other) { other.fused.products = products; });
  return property;
}

DotProperty term_rounding_of(const spec::Accumulator& row, const DotCapability& pair) {
  DotProperty property = {"rounding of terms", spec::name_of(row.fused.term_rounding)};
  for (const auto& word : spec::words<spec::TermRounding>)
    if (word.value != row.fused.term_rounding)
      add_other(property, row, pair, word.name, [&](auto& other) { other.fused.term_rounding = word.value; });
  return property;
}

DotProperty result_rounding_of(const spec::Accumulator& row, const DotCapability& pair) {
  DotProperty property = {"rounding of the result", spec::name_of(row.float32_rounding)};
  if (pair.output == spec::FloatType::Float32)
    for (const spec::RoundingMode mode : result_roundings)
      if (mode != row.float32_rounding)
        add_other(property, row, pair, spec::name_of(mode),
                  [&](auto& other) { other.float32_rounding = mode; });
  return property;
}

void set_join(spec::Accumulator& row, spec::AccumulatorJoin join) {
  row.fused.join = join;
  // After the sum, both are cut a little below the window, as in the units that do so.
  const bool after = join == spec::AccumulatorJoin::AfterSum;
  row.fused.sum_fraction_bits = after ? std::max(row.fused.fraction_bits, 31) : 0;
}

DotProperty join_of(const spec::Accumulator& row, const DotCapability& pair) {
  DotProperty property = {"how c joins", spec::name_of(row.fused.join)};
  for (const auto& word : spec::words<spec::AccumulatorJoin>)
    if (word.value != row.fused.join)
      add_other(property, row, pair, word.name, [&](auto& other) { set_join(other, word.value); });
  return property;
}

spec::Accumulator nameless(const DotCapability& pair) {
  return {.type = spec::AccumulatorType::Exact,
          .name = "fused adder without a name",
          .summary = "found by its answers",
          .source = "",
          .kind = spec::AccumulatorKind::Fused,
          .scale = pair.a.scaled || pair.b.scaled ? spec::ScaleEntry::Exponent : spec::ScaleEntry::Unscaled,
          .outputs = spec::float_types(spec::FloatType::Float32, spec::FloatType::Float16,
                                       spec::FloatType::BFloat16)};
}

}  // namespace

std::vector<DotProperty> properties_of(const spec::Accumulator& row, const DotCapability& pair) {
  std::vector<DotProperty> properties = {order_of(row, pair)};
  if (row.kind == spec::AccumulatorKind::Fused)
    for (const auto& property_of :
         {group_of, fraction_bits_of, term_rounding_of, join_of, result_rounding_of})
      properties.push_back(property_of(row, pair));
  return properties;
}

std::optional<spec::Accumulator> find_dot_model(const DotCapability& pair,
                                                const std::function<bool(const spec::Accumulator&)>& fits) {
  spec::Accumulator row = nameless(pair);
  for (const auto& join : spec::words<spec::AccumulatorJoin>)
    for (const spec::RoundingMode rounding : result_roundings)
      for (const auto& terms : spec::words<spec::TermRounding>)
        for (row.fused.products = 1; row.fused.products <= most_products; row.fused.products *= 2)
          for (int bits = least_fraction_bits; bits <= most_fraction_bits; ++bits)
            for (const int kept : {23, bits}) {
              if (kept > 23 || (kept == bits && bits == 23)) continue;
              row.fused.fraction_bits = bits;
              row.fused.term_rounding = terms.value;
              row.float32_rounding = rounding;
              row.float32_mantissa_bits = kept;
              set_join(row, join.value);
              if (accepts(row, pair) && fits(row)) return row;
            }
  return std::nullopt;
}

}  // namespace mxemu::conformance
