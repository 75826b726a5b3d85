// mxemu quantize and dequantize: tensor files to MX tensors and back.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "tools/io/error.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/convert.hpp"
#include "tools/mxemu/input.hpp"
#include "tools/mxemu/mx_tensor.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

struct QuantizeOptions {
  std::filesystem::path input;
  std::filesystem::path output;
  std::string format;
  std::string layout;
  std::string scale_layout = spec::name_of(spec::ScaleLayout::RowMajor);
  bool json_output = false;
  InputOptions source;
  RequestOptions conversion;
};

struct DequantizeOptions {
  std::filesystem::path input;
  std::filesystem::path output;
  std::string dtype;
  int block_size = 0;
  std::vector<std::string> policy;
  std::string subject = default_subject;
  bool json_output = false;
};

void print_summary(const std::filesystem::path& output, const char* what, std::size_t converted,
                   std::size_t copied, bool json_output) {
  if (json_output)
    std::cout << nlohmann::json{{"output", output.string()}, {"converted", converted}, {"copied", copied}}
                     .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << "\n";
  else
    std::cout << output.string() << ": " << converted << " tensor(s) " << what << ", " << copied
              << " copied\n";
}

/// "ggml_block" goes with GGUF and nothing else does.
spec::ElementPacking chosen_packing(const std::string& layout, io::Container container) {
  const bool gguf = container == io::Container::Gguf;
  if (layout.empty()) return gguf ? spec::ElementPacking::GgmlBlock : spec::ElementPacking::BitStream;
  const auto packing = parse_flag<spec::ElementPacking>("--layout", layout);
  if (gguf != (packing == spec::ElementPacking::GgmlBlock))
    throw BadInput("--layout " + layout + " does not go with a ." + io::name_of(container) + " output");
  return packing;
}

/// The MX tensor that each selected tensor becomes.
std::vector<MxTensor> plan(const QuantizeOptions& options, const io::TensorFile& file,
                           const std::vector<bool>& selected, io::Container container) {
  const std::vector<spec::BlockType> formats = parse_formats(options.format);
  if (formats.size() != 1) throw BadInput("--format: quantize writes one format");
  std::vector<MxTensor> tensors;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    if (!selected[i]) continue;
    const io::TensorInfo& info = file.tensors()[i];
    tensors.push_back(
        {.name = info.name,
         .request = options.conversion.request(formats[0]),
         .geometry = {info.shape, options.conversion.axis},
         .source_type = *io::float_type_of(info.dtype),
         .profile = options.conversion.profile,
         .packing = chosen_packing(options.layout, container),
         .scale_layout = parse_flag<spec::ScaleLayout>("--scale-layout", options.scale_layout)});
    check_geometry(file, tensors.back());
  }
  return tensors;
}

/// `declare`, whose complaints name the file as well.
std::vector<io::TensorDeclaration> declare_in(const io::TensorFile& file, MxTensor& tensor,
                                              io::Container container) {
  try {
    auto declarations = declare(tensor, container);
    for (const auto& declared : declarations)
      if (declared.name != tensor.name && file.find(declared.name) != nullptr)
        throw BadInput("the scales of tensor " + io::in_quotes(tensor.name) + " would take the name " +
                       io::in_quotes(declared.name) + ", which another tensor has");
    return declarations;
  } catch (const BadInput& error) {
    throw BadInput(file.path().string() + ": " + error.what());
  }
}

void quantize(const QuantizeOptions& options) {
  const io::TensorFile file = options.source.open(options.input);
  const io::Container container = output_container(options.output);
  const std::vector<bool> selected = options.source.selection(file);
  const auto subject = conformance::make_subject(options.conversion.subject);
  std::vector<MxTensor> tensors = plan(options, file, selected, container);

  std::vector<io::TensorDeclaration> declarations;
  std::size_t elements = 0;
  for (std::size_t i = 0, next = 0; i < selected.size(); ++i) {
    const io::TensorInfo& info = file.tensors()[i];
    if (selected[i]) {
      for (auto& declared : declare_in(file, tensors[next], container))
        declarations.push_back(std::move(declared));
      elements += tensors[next++].element_count();
    } else {
      declarations.push_back({info.name, info.dtype, info.shape});
    }
  }
  // What the input already holds as MX stays, and so does what is known of it.
  std::map<std::string, MxTensor> recorded = find_mx_tensors(file, 0);
  for (const MxTensor& tensor : tensors) recorded.insert_or_assign(tensor.name, tensor);
  io::Metadata metadata = file.metadata();
  metadata[metadata_key] = record_of(recorded);
  const auto writer = io::create_writer(options.output, container, declarations, metadata, &file);
  Progress progress(elements);
  for (std::size_t i = 0, next = 0; i < selected.size(); ++i) {
    const io::TensorInfo& info = file.tensors()[i];
    if (selected[i]) {
      const MxTensor& tensor = tensors[next++];
      progress.label(tensor.name);
      const MxData data = quantize_tensor(*subject, tensor, file.bytes(info), progress.tick());
      for (const auto& stored : to_storage(tensor, data, container))
        writer->write(std::as_bytes(std::span(stored)));
    } else {
      writer->write(file.bytes(info));
    }
    file.release(info);
  }
  writer->commit();
  print_summary(options.output, "quantized", tensors.size(), selected.size() - tensors.size(),
                options.json_output);
}

/// The tensors of the output: MX tensors as floats, scale tensors gone, everything else as it is.
struct DequantizePlan {
  std::vector<io::TensorDeclaration> declarations;
  std::vector<const io::TensorInfo*> sources;
  std::size_t elements = 0;
};

DequantizePlan plan(const io::TensorFile& file, const std::map<std::string, MxTensor>& mx,
                    const std::string& dtype) {
  // Tensors that only serve an MX tensor: what it declares beyond the tensor of its own name.
  std::set<std::string> parts;
  for (const auto& [name, tensor] : mx) {
    MxTensor declared = tensor;
    for (const auto& declaration : declare(declared, file.container()))
      if (declaration.name != name) parts.insert(declaration.name);
  }
  DequantizePlan plan;
  for (const io::TensorInfo& info : file.tensors()) {
    const auto found = mx.find(info.name);
    if (parts.contains(info.name)) continue;
    plan.sources.push_back(&info);
    if (found == mx.end()) {
      plan.declarations.push_back({info.name, info.dtype, info.shape});
    } else {
      const spec::FloatType type = output_type(found->second.source_type, dtype);
      plan.declarations.push_back({info.name, io::dtype_of(type), found->second.geometry.shape});
      plan.elements += found->second.element_count();
    }
  }
  return plan;
}

void dequantize(const DequantizeOptions& options) {
  const io::TensorFile file = io::TensorFile::open(options.input);
  const auto subject = conformance::make_subject(options.subject);
  std::map<std::string, MxTensor> mx = find_mx_tensors(file, options.block_size);
  if (mx.empty()) throw BadInput(options.input.string() + ": holds no MX tensor");
  for (auto& [name, tensor] : mx)
    for (const std::string& assignment : options.policy) set_freedom(tensor.request.policy, assignment);
  const DequantizePlan work = plan(file, mx, options.dtype);
  io::Metadata metadata = file.metadata();
  metadata.erase(metadata_key);
  const auto writer =
      io::create_writer(options.output, output_container(options.output), work.declarations, metadata, &file);
  Progress progress(work.elements);
  for (const io::TensorInfo* info : work.sources) {
    const auto found = mx.find(info->name);
    if (found == mx.end()) {
      writer->write(file.bytes(*info));
    } else {
      progress.label(info->name);
      const MxTensor& tensor = found->second;
      writer->write(dequantize_tensor(*subject, tensor, from_storage(file, tensor),
                                      output_type(tensor.source_type, options.dtype), progress.tick()));
    }
    file.release(*info);
  }
  writer->commit();
  print_summary(options.output, "dequantized", mx.size(), work.sources.size() - mx.size(),
                options.json_output);
}

}  // namespace

void add_quantize_command(CLI::App& app) {
  auto options = std::make_shared<QuantizeOptions>();
  CLI::App* command = app.add_subcommand("quantize", "Tensor file to MX codes and scales");
  command->footer(
      "Examples:\n  mxemu quantize model.safetensors -o model-mxfp4.safetensors --format MXFP4_E2M1\n"
      "  mxemu quantize model.gguf -o model-mxfp4.gguf --format MXFP4_E2M1 --tensors 'blk.*weight'\n"
      "safetensors: codes under the tensor's name (F4, F6_E2M3, F6_E3M2, F8_E4M3, F8_E5M2, I8; U8 where "
      "packed bits\n"
      "would not fill whole bytes), scales as NAME_scale (F8_E8M0), the rest in the metadata key \"mxemu\".");
  command->add_option("IN", options->input, "input: .safetensors, .npy, .gguf, .raw")->required();
  command->add_option("-o,--output", options->output, "output: .safetensors or .gguf")->required();
  command->add_option("--format", options->format, "an MX format")->required();
  command->add_option("--layout", options->layout,
                      "where codes stand: " + known_words<spec::ElementPacking>());
  command
      ->add_option("--scale-layout", options->scale_layout,
                   "where scales stand: " + known_words<spec::ScaleLayout>())
      ->capture_default_str();
  command->add_flag("--json", options->json_output, "print the summary as JSON");
  options->source.add_flags(*command);
  options->conversion.add_tensor_flags(*command);
  command->callback([options] { quantize(*options); });
}

void add_dequantize_command(CLI::App& app) {
  auto options = std::make_shared<DequantizeOptions>();
  CLI::App* command = app.add_subcommand("dequantize", "MX codes and scales back to floating-point tensors");
  command->footer(
      "Example:\n  mxemu dequantize model-mxfp4.safetensors -o model-back.safetensors --dtype f32");
  command->add_option("IN", options->input, "input: .safetensors or .gguf")->required();
  command->add_option("-o,--output", options->output, "output: .safetensors, .npy, .gguf, .raw")->required();
  command->add_option("--dtype", options->dtype,
                      "f32, bf16 or f16 (the type the tensor had; f32 where unknown or f64)");
  command
      ->add_option("--policy", options->policy,
                   "NAME=WORD, over what the file records, such as decode_overflow=saturate; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--block-size", options->block_size, "of files without a record (32)")
      ->check(CLI::Range(1, 1 << 30));
  command->add_option("--subject", options->subject, subject_help())->capture_default_str();
  command->add_flag("--json", options->json_output, "print the summary as JSON");
  command->callback([options] { dequantize(*options); });
}

}  // namespace mxemu::cli
