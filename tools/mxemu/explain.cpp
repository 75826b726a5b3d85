// mxemu explain: one value, or one block of values, step by step.
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "conformance/describe.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/random.hpp"
#include "reference/scale.hpp"
#include "reference/tensor.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/numbers.hpp"

namespace mxemu::cli {
namespace {

using conformance::describe;
using conformance::hex;
using conformance::hex_code;
using nlohmann::json;
using reference::Value;

struct ExplainOptions {
  std::vector<std::string> inputs;
  std::string format = "all";
  std::string dtype = "f32";
  bool json_output = false;
  RequestOptions conversion;
};

struct Input {
  std::uint64_t bits;
  Value value;
};

/// 0x… without a p is a bit pattern of the source type; anything else is a number, rounded to that type.
Input parse_input(const std::string& text, const spec::FloatFormat& format) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const bool is_hexadecimal = text.substr(sign).starts_with("0x") || text.substr(sign).starts_with("0X");
  const bool is_pattern = is_hexadecimal && text.find_first_of("pP.") == std::string::npos;
  if (is_pattern && sign != 0) throw BadInput("\"" + text + "\": a bit pattern has its sign inside");
  char* end = nullptr;
  std::uint64_t bits = 0;
  if (is_pattern) {
    bits = std::strtoull(text.c_str(), &end, 16);
    if (text.size() > 2 + static_cast<std::size_t>(format.bits) / 4)
      throw BadInput("\"" + text + "\" has more than the " + std::to_string(format.bits) + " bits of " +
                     spec::name_of(format.type));
  } else {
    bits = from_decimal(text, format, &end);
  }
  if (text.empty() || end == text.c_str() || *end != '\0' || text.size() == 2 * is_pattern)
    throw BadInput("\"" + text + "\" is neither a number nor a bit pattern such as 0x3f200000");
  return {bits, reference::decode_float(format, bits)};
}

/// Everything there is to say about one block; printed as text or as JSON.
struct Explanation {
  spec::Request request;
  const spec::FloatFormat* source;
  std::vector<Input> inputs;
  std::vector<Value> values;  ///< the inputs as the policy takes them
  std::vector<std::uint32_t> random_words;
  reference::BlockMaximum maximum;
  reference::Block block;
};

Explanation explain_block(const spec::Request& request, const spec::FloatFormat& source,
                          const std::vector<Input>& inputs) {
  Explanation e{.request = request,
                .source = &source,
                .inputs = inputs,
                .values = {},
                .random_words = {},
                .maximum = {},
                .block = {}};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    e.values.push_back(inputs[i].value);
    if (request.policy.subnormal_input == spec::SubnormalInput::FlushToZero &&
        reference::is_subnormal(source, inputs[i].value))
      e.values.back().magnitude = {};
    e.random_words.push_back(reference::random_word(request.rounding.seed, i));
  }
  e.maximum = reference::block_maximum(request.policy, e.values);
  e.block = reference::quantize_block(request, e.values, e.random_words);
  return e;
}

std::string describe_scale(const spec::ScaleFormat& format, std::uint8_t code) {
  const Value scale = reference::decode_scale(format, code);
  return hex(code, 2) + " = " + (scale.is_nan() ? "NaN" : conformance::describe_power(scale.magnitude));
}

/// The scale byte that each rule would choose for this amax.
std::vector<std::pair<std::string, std::uint8_t>> scales_by_rule(const Explanation& e) {
  std::vector<std::pair<std::string, std::uint8_t>> scales;
  for (const auto& word : spec::words<spec::ScaleRuleType>) {
    spec::Request request = e.request;
    request.scale_rule = word.value;
    scales.emplace_back(word.name, reference::quantize_block(request, e.values, e.random_words).scale);
  }
  return scales;
}

std::size_t index_of_amax(const Explanation& e) {
  for (std::size_t i = 0; i < e.values.size(); ++i)
    if (e.values[i].is_finite() && e.values[i].magnitude == e.maximum.magnitude) return i;
  return 0;
}

std::string describe_amax(const Explanation& e) {
  if (e.maximum.poisoned) return "a NaN or Inf poisons the block (policy nan_in_block, inf_in_block)";
  if (e.maximum.infinite) return "infinite (policy nan_in_block, inf_in_block)";
  if (e.maximum.magnitude.is_zero()) return "0, an all-zero block (policy zero_block_scale)";
  return describe(e.maximum.magnitude) + ", exponent " +
         std::to_string(reference::floor_log2(e.maximum.magnitude)) + " (element " +
         std::to_string(index_of_amax(e)) + ")";
}

std::string decision(const Explanation& e, std::size_t i) {
  if (e.block.scale == e.request.scale_format().nan_code) return "the scale is NaN, so the code is 0";
  const Value scale = reference::decode_scale(e.request.scale_format(), e.block.scale);
  return conformance::describe_decision(e.request, e.values[i], scale.magnitude, e.block.codes[i],
                                        e.random_words[i]);
}

void print_text(const Explanation& e, std::ostream& out) {
  const spec::ElementFormat& element = e.request.element_format();
  out << e.request.block_format().name << "  rule " << spec::name_of(e.request.scale_rule) << ", rounding "
      << spec::name_of(e.request.rounding.mode) << ", block of " << e.inputs.size() << "\n"
      << "  amax     " << describe_amax(e) << "\n"
      << "  scale    " << describe_scale(e.request.scale_format(), e.block.scale) << "  (byte "
      << int{e.block.scale} << ")\n"
      << "  by rule  ";
  bool first = true;
  for (const auto& [rule, scale] : scales_by_rule(e)) {
    out << (first ? "" : ", ") << rule << " " << int{scale};
    first = false;
  }
  out << "\n";
  const spec::FloatFormat& f32 = spec::format_of(spec::FloatType::Float32);
  for (std::size_t i = 0; i < e.inputs.size(); ++i) {
    const std::uint64_t decoded =
        reference::dequantize_element(e.request, e.block.scale, e.block.codes[i], f32);
    out << "  element " << i << "\n"
        << "    input    " << hex(e.inputs[i].bits, e.source->bits / 4) << "  "
        << conformance::hex_float(*e.source, e.inputs[i].bits) << "  " << describe(e.inputs[i].value) << "\n"
        << "    scaled   " << decision(e, i) << "\n"
        << "    code     " << hex_code(element, e.block.codes[i]) << "  "
        << conformance::describe_fields(element, e.block.codes[i]) << "  "
        << describe(reference::decode_element(element, e.block.codes[i])) << "\n"
        << "    decoded  " << hex(decoded, 8) << "  " << describe(reference::decode_float(f32, decoded))
        << "\n";
  }
}

json to_json(const Explanation& e) {
  json rules = json::object();
  for (const auto& [rule, scale] : scales_by_rule(e)) rules[rule] = scale;
  json elements = json::array();
  const spec::FloatFormat& f32 = spec::format_of(spec::FloatType::Float32);
  for (std::size_t i = 0; i < e.inputs.size(); ++i)
    elements.push_back(
        {{"input", hex(e.inputs[i].bits, e.source->bits / 4)},
         {"code", hex_code(e.request.element_format(), e.block.codes[i])},
         {"decoded", hex(reference::dequantize_element(e.request, e.block.scale, e.block.codes[i], f32), 8)},
         {"why", decision(e, i)}});
  return {{"format", e.request.block_format().name},
          {"scale_rule", spec::name_of(e.request.scale_rule)},
          {"rounding", spec::name_of(e.request.rounding.mode)},
          {"amax", describe_amax(e)},
          {"scale", e.block.scale},
          {"scale_by_rule", rules},
          {"elements", elements}};
}

/// The values are one block; more of them than the block size, or fewer under --tail refuse, are not.
void check_size(const spec::Request& request, std::size_t count) {
  if (count > static_cast<std::size_t>(request.block_size))
    throw BadInput("explain takes one block: " + std::to_string(count) +
                   " values are more than the block size " + std::to_string(request.block_size));
  const std::int64_t shape[] = {static_cast<std::int64_t>(count)};
  reference::make_block_grid(shape, -1, request);
}

void run(const ExplainOptions& options) {
  const spec::FloatFormat& source = spec::format_of(parse_float_type(options.dtype));
  std::vector<Input> inputs;
  for (const std::string& text : options.inputs) inputs.push_back(parse_input(text, source));
  json document = json::array();
  for (const spec::BlockType format : parse_formats(options.format)) {
    const spec::Request request = options.conversion.request(format);
    check_size(request, inputs.size());
    const Explanation e = explain_block(request, source, inputs);
    if (options.json_output)
      document.push_back(to_json(e));
    else
      print_text(e, std::cout);
  }
  if (options.json_output) std::cout << document.dump(2) << "\n";
}

/// Values are what the command line leaves over, so the parser cannot know that they belong in the usage.
struct ExplainFormatter : CLI::Formatter {
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: mxemu explain VALUE... [OPTIONS]\n";
  }
};

/// What the command line left over, in order: the values, since only numbers may start with a minus.
std::vector<std::string> values_of(const CLI::App& command) {
  std::vector<std::string> values;
  for (const std::string& text : command.remaining()) {
    const bool is_flag = text.size() > 1 && text[0] == '-' && text.find_first_of("0123456789.in", 1) != 1;
    if (is_flag) throw BadInput("explain has no flag " + text);
    values.push_back(text);
  }
  if (values.empty())
    throw BadInput("explain needs a value: a number such as 0.625 or bits such as 0x3f200000");
  return values;
}

}  // namespace

void add_explain_command(CLI::App& app) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      app.add_subcommand("explain", "One value or one block, step by step: scale, neighbours, tie, code");
  command->footer(
      "Examples:\n  mxemu explain 0.625 --format MXFP4_E2M1\n"
      "  mxemu explain 0x3f200000 1.5 -3 --format MXFP4_E2M1 --scale-rule rceil\n"
      "Several values are one block. 0x... is a bit pattern of the source type, anything else a number.");
  command->allow_extras();
  command->formatter(std::make_shared<ExplainFormatter>());
  command->add_option("--format", options->format, "an MX format, or all")->capture_default_str();
  command->add_option("--dtype", options->dtype, "source type: " + known_words<spec::FloatType>())
      ->capture_default_str();
  command->add_flag("--json", options->json_output, "print JSON");
  options->conversion.add_conversion_flags(*command);
  command->callback([options, command] {
    options->inputs = values_of(*command);
    run(*options);
  });
}

}  // namespace mxemu::cli
