// mxemu formats: the tables of spec/, so that nobody has to believe a copy of them.
#include <iostream>
#include <nlohmann/json.hpp>

#include "conformance/describe.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "spec/packing.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using conformance::describe;
using conformance::hex;
using conformance::hex_code;
using nlohmann::json;
using Align = TextTable::Align;

std::string value_of(const spec::ElementFormat& format, int code) {
  return describe(reference::decode_element(format, static_cast<std::uint8_t>(code)));
}

std::string non_finite_codes(const spec::ElementFormat& format, bool infinities) {
  std::string codes;
  for (int code = 0; code < format.code_count(); ++code) {
    const auto value = reference::decode_element(format, static_cast<std::uint8_t>(code));
    if (infinities ? value.is_infinite() : value.is_nan())
      codes += (codes.empty() ? "" : " ") + hex_code(format, static_cast<std::uint8_t>(code)).substr(2);
  }
  return codes.empty() ? "none" : codes;
}

void print_formats(std::ostream& out) {
  TextTable blocks({{"format", Align::Left},
                    {"element", Align::Left},
                    {"scale", Align::Left},
                    {"k"},
                    {"bits/elt"},
                    {"clause", Align::Left}});
  for (const auto& row : spec::block_formats)
    blocks.row({row.name, row.element_format().name, row.scale_format().name, std::to_string(row.k),
                fixed(row.bits_per_element(row.k), 2), row.clause});
  blocks.print(out);
  out << "\n";
  TextTable elements({{"element", Align::Left},
                      {"bits"},
                      {"bias"},
                      {"emax"},
                      {"max"},
                      {"min normal"},
                      {"min subnormal"},
                      {"Inf", Align::Left},
                      {"NaN", Align::Left},
                      {"clause", Align::Left}});
  for (const auto& row : spec::element_formats)
    elements.row({row.name, std::to_string(row.bits), std::to_string(row.bias), std::to_string(row.emax),
                  value_of(row, row.max_normal_code), value_of(row, row.min_normal_code), value_of(row, 1),
                  non_finite_codes(row, true), non_finite_codes(row, false), row.clause});
  elements.print(out);
  out << "\n";
  TextTable scales({{"scale", Align::Left},
                    {"bits"},
                    {"min", Align::Left},
                    {"max", Align::Left},
                    {"NaN", Align::Left},
                    {"clause", Align::Left}});
  for (const auto& row : spec::scale_formats)
    scales.row({row.name, std::to_string(row.bits),
                hex(row.min_code, 2) + " = " + describe(reference::decode_scale(row, row.min_code)),
                hex(row.max_code, 2) + " = " + describe(reference::decode_scale(row, row.max_code)),
                hex(row.nan_code, 2), row.clause});
  scales.print(out);
}

template <class Enum>
void print_words(const char* flag, std::ostream& out) {
  out << "\n" << flag << "\n";
  for (const auto& word : spec::words<Enum>)
    out << "  " << word.name
        << std::string(22 - std::min<std::size_t>(21, std::string(word.name).size()), ' ') << word.meaning
        << "\n";
}

void print_freedoms(std::ostream& out) {
  const spec::Policy defaults = spec::default_profile.policy;
  out << "\n--policy NAME=WORD   (* is the default of profile " << spec::default_profile.name << ")\n";
  spec::for_each_freedom(defaults, [&]<class Enum>(const char* name, const Enum& value) {
    out << "  " << name << "\n";
    for (const auto& word : spec::words<Enum>)
      out << "    " << (word.value == value ? "* " : "  ") << word.name
          << std::string(20 - std::min<std::size_t>(19, std::string(word.name).size()), ' ') << word.meaning
          << "\n";
  });
}

void print_codes(const spec::ElementFormat& format, std::ostream& out) {
  TextTable table({{"code", Align::Left}, {"fields", Align::Left}, {"value"}});
  for (int code = 0; code < format.code_count(); ++code)
    table.row({hex_code(format, static_cast<std::uint8_t>(code)),
               conformance::describe_fields(format, static_cast<std::uint8_t>(code)),
               value_of(format, code)});
  table.print(out);
}

template <class Enum>
json words_json() {
  json words = json::object();
  for (const auto& word : spec::words<Enum>) words[word.name] = word.meaning;
  return words;
}

json policy_json(const spec::Policy& policy) {
  json document = json::object();
  spec::for_each_freedom(policy,
                         [&](const char* name, const auto& value) { document[name] = spec::name_of(value); });
  return document;
}

std::vector<std::string> covered_formats(const spec::Profile& profile) {
  std::vector<std::string> names;
  for (const auto& row : spec::block_formats)
    if (profile.formats.has(row.type)) names.emplace_back(row.name);
  return names;
}

/// The names of the freedoms that a profile leaves open.
std::vector<std::string> open_freedoms(const spec::Profile& profile) {
  std::vector<std::string> names;
  for (int freedom = 0; freedom < spec::freedom_count; ++freedom)
    if (profile.open.has(freedom)) names.emplace_back(spec::freedom_name(freedom));
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void print_profiles(std::ostream& out) {
  out << "\n--profile\n";
  for (const auto& row : spec::profiles) {
    out << "  " << row.name << "   " << row.summary << "\n"
        << "      source   " << row.source << " (" << spec::name_of(row.evidence) << ")\n"
        << "      formats  " << joined(covered_formats(row))
        << (row.chooses_scales ? "" : "; elements only, the scale is given") << "\n";
    if (row.open.bits != 0) out << "      open     " << joined(open_freedoms(row)) << "\n";
    if (*row.quirks) out << "      besides  " << row.quirks << "\n";
  }
}

json elements_json() {
  json elements = json::object();
  for (const auto& row : spec::element_formats) {
    json codes = json::array();
    for (int code = 0; code < row.code_count(); ++code) codes.push_back(value_of(row, code));
    elements[row.name] = {{"bits", row.bits},
                          {"exponent_bits", row.exponent_bits},
                          {"mantissa_bits", row.mantissa_bits},
                          {"bias", row.bias},
                          {"emax", row.emax},
                          {"max_normal_code", row.max_normal_code},
                          {"clause", row.clause},
                          {"codes", codes}};
  }
  return elements;
}

json scales_json() {
  json scales = json::object();
  for (const auto& row : spec::scale_formats)
    scales[row.name] = {{"bits", row.bits},         {"bias", row.bias},         {"min_code", row.min_code},
                        {"max_code", row.max_code}, {"nan_code", row.nan_code}, {"clause", row.clause}};
  return scales;
}

json all_json() {
  json blocks = json::object();
  for (const auto& row : spec::block_formats)
    blocks[row.name] = {{"element", row.element_format().name},
                        {"scale", row.scale_format().name},
                        {"block_size", row.k},
                        {"clause", row.clause}};
  json profiles = json::object();
  for (const auto& row : spec::profiles)
    profiles[row.name] = {{"summary", row.summary},
                          {"source", row.source},
                          {"evidence", spec::name_of(row.evidence)},
                          {"formats", covered_formats(row)},
                          {"chooses_scales", row.chooses_scales},
                          {"open", open_freedoms(row)},
                          {"quirks", row.quirks},
                          {"scale_rule", spec::name_of(row.scale_rule)},
                          {"rounding", spec::name_of(row.rounding.mode)},
                          {"policy", policy_json(row.policy)}};
  json freedoms = json::object();
  spec::for_each_freedom(spec::default_profile.policy, [&]<class Enum>(const char* name, const Enum&) {
    freedoms[name] = words_json<Enum>();
  });
  return {{"formats", blocks},
          {"elements", elements_json()},
          {"scales", scales_json()},
          {"scale_rules", words_json<spec::ScaleRuleType>()},
          {"roundings", words_json<spec::RoundingMode>()},
          {"packings", words_json<spec::ElementPacking>()},
          {"scale_layouts", words_json<spec::ScaleLayout>()},
          {"policy", freedoms},
          {"profiles", profiles},
          {"accumulators", accumulators_json()}};
}

void run(const std::string& codes_of, bool json_output) {
  if (json_output) {
    std::cout << all_json().dump(2) << "\n";
    return;
  }
  if (!codes_of.empty()) {
    for (const auto& row : spec::element_formats)
      if (codes_of == row.name) return print_codes(row, std::cout);
    if (const auto block = spec::parse_block_format(codes_of))
      return print_codes(spec::format_of(*block).element_format(), std::cout);
    throw BadInput("--codes: \"" + codes_of + "\" is no element format such as E2M1 and no MX format");
  }
  print_formats(std::cout);
  print_words<spec::ScaleRuleType>("--scale-rule", std::cout);
  print_words<spec::RoundingMode>("--rounding", std::cout);
  print_words<spec::ElementPacking>("--layout", std::cout);
  print_words<spec::ScaleLayout>("--scale-layout", std::cout);
  print_profiles(std::cout);
  std::cout << "\n";
  print_accumulators(std::cout);
  print_freedoms(std::cout);
}

}  // namespace

void add_formats_command(CLI::App& app) {
  auto codes_of = std::make_shared<std::string>();
  auto json_output = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "formats", "The formats, rules, roundings, policies, profiles and accumulators there are");
  command->footer("Example:\n  mxemu formats --codes E2M1");
  command->add_option("--codes", *codes_of, "print every code of one format, such as E2M1 or MXFP4_E2M1");
  command->add_flag("--json", *json_output, "print everything as JSON");
  command->callback([codes_of, json_output] { run(*codes_of, *json_output); });
}

}  // namespace mxemu::cli
