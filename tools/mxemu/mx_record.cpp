// The record that a file keeps of its MX tensors, and what can be told of files without one.
#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/mxemu/mx_tensor.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

using nlohmann::json;

constexpr int record_version = 1;

json record_of(const MxTensor& tensor) {
  json policy = json::object();
  spec::for_each_freedom(tensor.request.policy,
                         [&](const char* name, const auto& value) { policy[name] = spec::name_of(value); });
  return {{"format", tensor.request.block_format().name},
          {"block_size", tensor.request.block_size},
          {"axis", tensor.geometry.axis},
          {"shape", tensor.geometry.shape},
          {"source_dtype", spec::name_of(tensor.source_type)},
          {"packing", spec::name_of(tensor.packing)},
          {"scale_layout", spec::name_of(tensor.scale_layout)},
          {"profile", tensor.profile},
          {"scale_rule", spec::name_of(tensor.request.scale_rule)},
          {"rounding", spec::name_of(tensor.request.rounding.mode)},
          {"random_bits", tensor.request.rounding.random_bits},
          {"seed", tensor.request.rounding.seed},
          {"policy", policy}};
}

template <class Enum>
Enum word_at(const json& record, const char* key) {
  return parse_flag<Enum>(key, record.at(key).get<std::string>());
}

MxTensor parse_record(const std::string& name, const json& record) {
  const auto format = spec::parse_block_format(record.at("format").get<std::string>());
  if (!format) throw BadInput("unknown format " + record.at("format").dump());
  MxTensor tensor{.name = name, .request = spec::make_request(*format), .geometry = {}, .profile = {}};
  tensor.request.block_size = record.at("block_size").get<int>();
  tensor.geometry = {record.at("shape").get<std::vector<std::int64_t>>(), record.at("axis").get<int>()};
  tensor.source_type = word_at<spec::FloatType>(record, "source_dtype");
  tensor.packing = word_at<spec::ElementPacking>(record, "packing");
  tensor.scale_layout = word_at<spec::ScaleLayout>(record, "scale_layout");
  tensor.profile = record.at("profile").get<std::string>();
  tensor.request.scale_rule = word_at<spec::ScaleRuleType>(record, "scale_rule");
  tensor.request.rounding = {.mode = word_at<spec::RoundingMode>(record, "rounding"),
                             .random_bits = record.at("random_bits").get<int>(),
                             .seed = record.at("seed").get<std::uint64_t>()};
  const json& policy = record.at("policy");
  spec::for_each_freedom(tensor.request.policy, [&]<class Enum>(const char* freedom, Enum& value) {
    if (policy.contains(freedom)) value = word_at<Enum>(policy, freedom);
  });
  return tensor;
}

/// The declarations that a record promises must be the tensors that the file has.
void check_against_file(const io::TensorFile& file, MxTensor tensor) {
  const spec::ElementPacking packing = tensor.packing;
  for (const io::TensorDeclaration& declared : declare(tensor, file.container())) {
    const io::TensorInfo* found = file.find(declared.name);
    if (found == nullptr) throw BadInput("tensor " + io::in_quotes(declared.name) + " is missing");
    if (found->dtype != declared.dtype || found->shape != declared.shape)
      throw BadInput("tensor " + io::in_quotes(declared.name) + " is " + io::name_of(found->dtype) + " " +
                     io::shape_text(found->shape) + " where the record says " + io::name_of(declared.dtype) +
                     " " + io::shape_text(declared.shape));
  }
  if (tensor.packing != packing)
    throw BadInput("packing " + std::string(spec::name_of(packing)) + " cannot hold it");
}

std::map<std::string, MxTensor> parse_records(const io::TensorFile& file, const std::string& text) {
  std::map<std::string, MxTensor> tensors;
  std::string name;
  try {
    const json document = json::parse(text);
    if (document.at("version").get<int>() != record_version)
      throw BadInput("version " + document.at("version").dump() + " is not " +
                     std::to_string(record_version));
    for (const auto& [key, record] : document.at("tensors").items()) {
      name = key;
      MxTensor tensor = parse_record(key, record);
      check_against_file(file, tensor);
      tensors.emplace(key, std::move(tensor));
    }
  } catch (const std::exception& error) {
    const std::string where = name.empty() ? "" : io::tensor_prefix(name);
    throw BadInput(file.path().string() + ": metadata \"" + metadata_key + "\": " + where +
                   io::printable(error.what()));
  }
  return tensors;
}

std::optional<spec::BlockType> format_of_dtype(io::DType dtype) {
  switch (dtype) {
    case io::DType::F8_E5M2: return spec::BlockType::MXFP8_E5M2;
    case io::DType::F8_E4M3: return spec::BlockType::MXFP8_E4M3;
    case io::DType::F6_E3M2: return spec::BlockType::MXFP6_E3M2;
    case io::DType::F6_E2M3: return spec::BlockType::MXFP6_E2M3;
    case io::DType::F4: return spec::BlockType::MXFP4_E2M1;
    case io::DType::I8: return spec::BlockType::MXINT8;
    default: return std::nullopt;  // the many types that are no MX elements
  }
}

/// A tensor of element codes beside a tensor of E8M0 scales whose shape fits along one axis, the last one
/// first.
std::optional<MxTensor> infer(const io::TensorFile& file, const io::TensorInfo& info, int block_size) {
  const auto format = format_of_dtype(info.dtype);
  const io::TensorInfo* scales = file.find(scale_name(info.name));
  if (!format || scales == nullptr || scales->dtype != io::DType::F8_E8M0) return std::nullopt;
  MxTensor tensor{
      .name = info.name, .request = spec::make_request(*format), .geometry = {info.shape, -1}, .profile = {}};
  if (block_size != 0) tensor.request.block_size = block_size;
  for (int axis = static_cast<int>(info.shape.size()) - 1; axis >= 0; --axis) {
    tensor.geometry.axis = axis;
    if (tensor.scale_shape() == scales->shape) return tensor;
  }
  if (info.shape.empty() && scales->shape.empty()) return tensor;
  throw BadInput(file.path().string() + ": " + io::tensor_prefix(scales->name) + "shape " +
                 io::shape_text(scales->shape) + " fits no axis of " + io::shape_text(info.shape) +
                 " in blocks of " + std::to_string(tensor.request.block_size) + "; say --block-size");
}

}  // namespace

std::string record_of(const std::vector<MxTensor>& tensors) {
  json records = json::object();
  for (const MxTensor& tensor : tensors) records[tensor.name] = record_of(tensor);
  return json{{"version", record_version}, {"tensors", records}}.dump();
}

std::map<std::string, MxTensor> find_mx_tensors(const io::TensorFile& file, int block_size) {
  const auto record = file.metadata().find(metadata_key);
  if (record != file.metadata().end()) return parse_records(file, record->second);
  std::map<std::string, MxTensor> tensors;
  for (const io::TensorInfo& info : file.tensors()) {
    if (info.dtype == io::DType::GGML_MXFP4) {
      MxTensor tensor{.name = info.name,
                      .request = spec::make_request(spec::BlockType::MXFP4_E2M1),
                      .geometry = {info.shape, -1},
                      .profile = {},
                      .packing = spec::ElementPacking::GgmlBlock};
      tensors.emplace(info.name, std::move(tensor));
    } else if (auto tensor = infer(file, info, block_size)) {
      tensors.emplace(info.name, std::move(*tensor));
    }
  }
  return tensors;
}

}  // namespace mxemu::cli
