// mxemu roundtrip: what MX does to these tensors.
#include "tools/mxemu/roundtrip.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "conformance/describe.hpp"
#include "tools/io/error.hpp"
#include "tools/io/output_file.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/convert.hpp"
#include "tools/mxemu/input.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

struct RoundtripOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path output;
  std::filesystem::path report;
  std::string format;
  bool json_output = false;
  InputOptions source;
  RequestOptions conversion;
};

/// Where the tensors that came back go, when the user asked for a file.
std::unique_ptr<io::TensorWriter> open_output(const RoundtripOptions& options, const io::TensorFile& file,
                                              const std::vector<bool>& selected) {
  if (options.output.empty()) return nullptr;
  std::vector<io::TensorDeclaration> declarations;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    const io::TensorInfo& info = file.tensors()[i];
    const io::DType dtype =
        selected[i] ? io::dtype_of(output_type(*io::float_type_of(info.dtype))) : info.dtype;
    declarations.push_back({info.name, dtype, info.shape});
  }
  return io::create_writer(options.output, output_container(options.output), declarations, file.metadata(),
                           &file);
}

MxTensor mx_tensor(const RoundtripOptions& options, const io::TensorInfo& info, spec::BlockType format) {
  return {.name = info.name,
          .request = options.conversion.request(format),
          .geometry = {info.shape, options.conversion.axis},
          .source_type = *io::float_type_of(info.dtype),
          .profile = options.conversion.profile};
}

struct RoundTripped {
  Statistics statistics;
  std::vector<std::byte> output;
};

RoundTripped round_trip(conformance::Subject& subject, const MxTensor& tensor,
                        std::span<const std::byte> source, Progress& progress) {
  const spec::FloatType type = output_type(tensor.source_type);
  const MxData data = quantize_tensor(subject, tensor, source, progress.tick());
  RoundTripped result{.statistics = {},
                      .output = dequantize_tensor(subject, tensor, data, type, progress.tick())};
  result.statistics =
      measure(tensor.request, tensor.geometry, tensor.source_type, source, data.scales, type, result.output);
  return result;
}

FileResult round_trip_file(const RoundtripOptions& options, const io::TensorFile& file,
                           const std::vector<spec::BlockType>& formats, conformance::Subject& subject) {
  const std::vector<bool> selected = options.source.selection(file);
  std::size_t elements = 0;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    if (!selected[i]) continue;
    const MxTensor tensor = mx_tensor(options, file.tensors()[i], formats[0]);
    check_geometry(file, tensor);
    elements += 2 * formats.size() * tensor.element_count();
  }
  const auto writer = open_output(options, file, selected);
  Progress progress(elements);
  FileResult result{.path = file.path().string(), .tensors = {}};
  for (std::size_t i = 0; i < selected.size(); ++i) {
    const io::TensorInfo& info = file.tensors()[i];
    if (selected[i]) {
      progress.label(info.name);
      result.tensors.push_back({info.name, io::name_of(info.dtype), info.shape, {}});
      for (const spec::BlockType format : formats) {
        const RoundTripped one =
            round_trip(subject, mx_tensor(options, info, format), file.bytes(info), progress);
        result.tensors.back().by_format.push_back(one.statistics);
        if (writer) writer->write(one.output);
      }
    } else if (writer) {
      writer->write(file.bytes(info));
    }
    file.release(info);
  }
  if (writer) writer->commit();
  return result;
}

void run(const RoundtripOptions& options) {
  const std::vector<spec::BlockType> formats = parse_formats(options.format);
  if (!options.output.empty() && (options.inputs.size() != 1 || formats.size() != 1))
    throw BadInput("-o takes one input and one format");
  if (!options.report.empty() && options.report.lexically_normal() == options.output.lexically_normal())
    throw BadInput("-o and --report name the same file, " + options.report.string());
  const auto subject = conformance::make_subject(options.conversion.subject);
  RoundtripResult result{.requests = {},
                         .profile = options.conversion.profile,
                         .subject = subject->name(),
                         .axis = options.conversion.axis,
                         .files = {}};
  for (const spec::BlockType format : formats) result.requests.push_back(options.conversion.request(format));
  // Inputs stay open to the end, and the report is begun before the work: it can neither replace an input nor
  // turn out unwritable when everything else is done.
  std::vector<io::TensorFile> inputs;
  for (const auto& input : options.inputs) inputs.push_back(options.source.open(input));
  std::optional<io::OutputFile> report;
  if (!options.report.empty()) report.emplace(options.report);
  for (const io::TensorFile& input : inputs)
    result.files.push_back(round_trip_file(options, input, formats, *subject));
  if (report) {
    const std::string page = to_html(result);
    report->append(std::as_bytes(std::span(page)));
    report->commit();
  }
  if (options.json_output)
    std::cout << to_json(result).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  else
    print_text(result, std::cout);
}

}  // namespace

Statistics RoundtripResult::total(const FileResult& file, std::size_t format) const {
  Statistics sum;
  for (const TensorResult& tensor : file.tensors) sum.add(tensor.by_format[format]);
  return sum;
}

Statistics RoundtripResult::total(std::size_t format) const {
  Statistics sum;
  for (const FileResult& file : files) sum.add(total(file, format));
  return sum;
}

std::string RoundtripResult::conversion() const {
  const spec::Request& request = requests.front();
  std::string text = std::string("rule ") + spec::name_of(request.scale_rule) + ", rounding " +
                     spec::name_of(request.rounding.mode);
  if (request.rounding.mode == spec::RoundingMode::Stochastic)
    text +=
        ":" + std::to_string(request.rounding.random_bits) + " seed " + std::to_string(request.rounding.seed);
  text += ", profile " + profile;
  spec::Policy defaults = spec::find_profile(profile)->policy;
  std::vector<const char*> usual;
  spec::for_each_freedom(defaults,
                         [&](const char*, const auto& value) { usual.push_back(spec::name_of(value)); });
  std::size_t freedom = 0;
  spec::for_each_freedom(request.policy, [&](const char* name, const auto& value) {
    if (usual[freedom++] != spec::name_of(value))
      text += std::string(", ") + name + "=" + spec::name_of(value);
  });
  return text + ", axis " + std::to_string(axis) + ", block size " + std::to_string(request.block_size) +
         ", subject " + subject;
}

std::string scale_range(const Statistics& statistics) {
  if (statistics.smallest_scale() < 0) return "-";
  const auto code = [](int scale) { return conformance::hex(static_cast<std::uint64_t>(scale), 2); };
  return code(statistics.smallest_scale()) + ".." + code(statistics.largest_scale());
}

nlohmann::json to_json(const RoundtripResult& result) {
  using nlohmann::json;
  const auto formats_json = [&](const auto& statistics_of) {
    json formats = json::object();
    for (std::size_t f = 0; f < result.requests.size(); ++f)
      formats[result.requests[f].block_format().name] = to_json(statistics_of(f));
    return formats;
  };
  json files = json::array();
  for (const FileResult& file : result.files) {
    json tensors = json::array();
    for (const TensorResult& tensor : file.tensors)
      tensors.push_back({{"name", tensor.name},
                         {"dtype", tensor.dtype},
                         {"shape", tensor.shape},
                         {"formats", formats_json([&](std::size_t f) { return tensor.by_format[f]; })}});
    files.push_back({{"path", file.path}, {"tensors", tensors}, {"total", formats_json([&](std::size_t f) {
                                                                   return result.total(file, f);
                                                                 })}});
  }
  const spec::Request& request = result.requests.front();
  json policy = json::object();
  spec::for_each_freedom(request.policy,
                         [&](const char* name, const auto& value) { policy[name] = spec::name_of(value); });
  return {{"subject", result.subject},
          {"profile", result.profile},
          {"scale_rule", spec::name_of(request.scale_rule)},
          {"rounding", spec::name_of(request.rounding.mode)},
          {"random_bits", request.rounding.random_bits},
          {"seed", request.rounding.seed},
          {"policy", policy},
          {"axis", result.axis},
          {"block_size", request.block_size},
          {"files", files}};
}

void add_roundtrip_command(CLI::App& app) {
  auto options = std::make_shared<RoundtripOptions>();
  CLI::App* command =
      app.add_subcommand("roundtrip", "Quantise and dequantise tensor files, and measure what that did");
  command->footer(
      "Examples:\n  mxemu roundtrip model.safetensors --format all\n"
      "  mxemu roundtrip model.safetensors --format MXFP4_E2M1 --scale-rule rceil -o out.safetensors "
      "--report out.html\n"
      "  mxemu roundtrip activations.raw --dtype bf16 --shape 4096,4096 --format MXFP8_E4M3\n"
      "SQNR is over elements finite before and after; \"saturated\" are finite values clamped to the largest "
      "number at\n"
      "their block's scale, \"flushed\" nonzero values that became zero, \"lost\" finite values that became "
      "NaN or\n"
      "Inf; \"scales\" is the range of scale codes. In JSON sqnr_db is null where noise or signal is zero.");
  command->add_option("IN", options->inputs, "inputs: .safetensors, .npy, .gguf, .raw")->required();
  command->add_option("--format", options->format, "an MX format, or all")->required();
  command->add_option("-o,--output", options->output,
                      "write the tensors that came back: .safetensors, .npy, .gguf, .raw");
  command->add_option("--report", options->report, "write an HTML page with plots");
  command->add_flag("--json", options->json_output, "print JSON");
  options->source.add_flags(*command);
  options->conversion.add_tensor_flags(*command);
  command->callback([options] { run(*options); });
}

}  // namespace mxemu::cli
