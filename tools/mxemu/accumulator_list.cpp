#include "tools/mxemu/accumulator_list.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

std::string operands_sentence(const spec::Accumulator& row) {
  std::string text = names_of(row.operands);
  text += row.scale == spec::ScaleEntry::Unscaled ? "; without scales" : "; with scales or without";
  if (!row.mixes) text += "; both of the same type";
  if (row.unverified.bits != 0) text += "; unverified: " + names_of(row.unverified);
  return text;
}

}  // namespace

std::string names_of(spec::OperandTypes types) {
  std::string text;
  for (int i = 0; i < spec::operand_type_count; ++i)
    if (const auto type = static_cast<spec::OperandType>(i); types.has(type))
      text += (text.empty() ? "" : ", ") + std::string(spec::name_of(type));
  return text;
}

std::string names_of(spec::FloatTypes types) {
  std::string text;
  for (const auto& word : spec::words<spec::FloatType>)
    if (types.has(word.value)) text += (text.empty() ? "" : ", ") + std::string(word.name);
  return text;
}

void print_accumulators(std::ostream& out) {
  out << "--accumulator\n";
  for (const auto& row : spec::accumulators) {
    out << "  " << row.name << "   " << row.summary << "\n"
        << "      source    " << row.source << " (" << spec::name_of(row.evidence) << ")\n"
        << "      operands  " << operands_sentence(row) << "\n"
        << "      output    " << names_of(row.outputs) << (row.takes_rounding ? ", by --rounding-out" : "")
        << "\n";
    if (row.states_nan_bits) out << "      NaN       " << spec::meaning_of(row.nan_bits) << "\n";
    if (*row.quirks) out << "      besides   " << row.quirks << "\n";
  }
}

nlohmann::json accumulators_json() {
  nlohmann::json rows = nlohmann::json::object();
  for (const auto& row : spec::accumulators) {
    nlohmann::json json = {{"summary", row.summary},
                           {"source", row.source},
                           {"evidence", spec::name_of(row.evidence)},
                           {"kind", spec::name_of(row.kind)},
                           {"operands", names_of(row.operands)},
                           {"unverified", names_of(row.unverified)},
                           {"mixes", row.mixes},
                           {"scale", spec::name_of(row.scale)},
                           {"outputs", names_of(row.outputs)},
                           {"takes_rounding", row.takes_rounding},
                           {"nan", row.states_nan_bits ? spec::name_of(row.nan_bits) : "any"},
                           {"quirks", row.quirks}};
    if (row.kind == spec::AccumulatorKind::Fused) {
      json["products"] = row.fused.products;
      json["fraction_bits"] = row.fused.fraction_bits;
    }
    rows[row.name] = std::move(json);
  }
  return rows;
}

spec::AccumulatorType parse_accumulator_flag(const std::string& flag, const std::string& name) {
  if (const auto type = spec::parse_accumulator(name)) return *type;
  std::string known;
  for (const auto& row : spec::accumulators) known += (known.empty() ? "" : ", ") + std::string(row.name);
  throw BadInput(flag + ": \"" + name + "\" is none of " + known);
}

}  // namespace mxemu::cli
