// The record that a file keeps of its MX tensors, and what can be told of files without one.
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

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

const json& field(const json& record, const char* key) {
  if (!record.is_object()) throw BadInput("the record is no object");
  const auto found = record.find(key);
  if (found == record.end()) throw BadInput("the record has no \"" + std::string(key) + "\"");
  return *found;
}

std::string text_at(const json& record, const char* key) {
  const json& value = field(record, key);
  if (!value.is_string()) throw BadInput("\"" + std::string(key) + "\" is no string");
  return value.get<std::string>();
}

template <class Integer>
Integer to_integer(const json& value, const char* key, Integer low, Integer high) {
  const bool fits = value.is_number_integer() &&
                    (value.is_number_unsigned() ? std::in_range<Integer>(value.get<std::uint64_t>())
                                                : std::in_range<Integer>(value.get<std::int64_t>()));
  if (!fits || value.get<Integer>() < low || value.get<Integer>() > high)
    throw BadInput("\"" + std::string(key) + "\" is no integer from " + std::to_string(low) + " to " +
                   std::to_string(high));
  return value.get<Integer>();
}

template <class Integer>
Integer integer_at(const json& record, const char* key, Integer low, Integer high) {
  return to_integer<Integer>(field(record, key), key, low, high);
}

std::vector<std::int64_t> shape_at(const json& record, const char* key) {
  const json& value = field(record, key);
  if (!value.is_array()) throw BadInput("\"" + std::string(key) + "\" is no array");
  std::vector<std::int64_t> shape;
  for (const json& extent : value)
    shape.push_back(to_integer<std::int64_t>(extent, key, 0, std::numeric_limits<std::int64_t>::max()));
  return shape;
}

template <class Enum>
Enum word_at(const json& record, const char* key) {
  return parse_flag<Enum>(key, text_at(record, key));
}

spec::Policy policy_at(const json& record, const char* key) {
  const json& words = field(record, key);
  if (!words.is_object()) throw BadInput("\"" + std::string(key) + "\" is no object");
  spec::Policy policy;
  std::size_t known = 0;
  spec::for_each_freedom(policy, [&]<class Enum>(const char* freedom, Enum& value) {
    if (!words.contains(freedom)) return;
    value = word_at<Enum>(words, freedom);
    ++known;
  });
  if (known != words.size()) throw BadInput("\"" + std::string(key) + "\" names a freedom that there is not");
  return policy;
}

MxTensor parse_record(const std::string& name, const json& record) {
  const auto format = spec::parse_block_format(text_at(record, "format"));
  if (!format) throw BadInput("unknown format " + io::in_quotes(text_at(record, "format")));
  constexpr int largest = std::numeric_limits<int>::max();
  MxTensor tensor{.name = name, .request = spec::make_request(*format), .geometry = {}, .profile = {}};
  tensor.request.block_size = integer_at(record, "block_size", 1, largest);
  tensor.geometry = {shape_at(record, "shape"), integer_at(record, "axis", -largest, largest)};
  tensor.source_type = word_at<spec::FloatType>(record, "source_dtype");
  tensor.packing = word_at<spec::ElementPacking>(record, "packing");
  tensor.scale_layout = word_at<spec::ScaleLayout>(record, "scale_layout");
  tensor.profile = text_at(record, "profile");
  tensor.request.scale_rule = word_at<spec::ScaleRuleType>(record, "scale_rule");
  tensor.request.rounding = {
      .mode = word_at<spec::RoundingMode>(record, "rounding"),
      .random_bits = integer_at(record, "random_bits", 1, 32),
      .seed = integer_at<std::uint64_t>(record, "seed", 0, std::numeric_limits<std::uint64_t>::max())};
  tensor.request.policy = policy_at(record, "policy");
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
  const std::string where = file.path().string() + ": metadata \"" + metadata_key + "\": ";
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) throw BadInput(where + "is no JSON object");
  std::map<std::string, MxTensor> tensors;
  std::string tensor_name;
  try {
    integer_at(document, "version", record_version, record_version);
    const json& records = field(document, "tensors");
    if (!records.is_object()) throw BadInput("\"tensors\" is no object");
    for (const auto& [key, record] : records.items()) {
      tensor_name = io::tensor_prefix(key);
      MxTensor tensor = parse_record(key, record);
      check_against_file(file, tensor);
      tensors.emplace(key, std::move(tensor));
    }
  } catch (const std::exception& error) {  // BadInput, and std::invalid_argument from the geometry
    throw BadInput(where + tensor_name + error.what());
  }
  return tensors;
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

std::string record_of(const std::map<std::string, MxTensor>& tensors) {
  json records = json::object();
  for (const auto& [name, tensor] : tensors) records[name] = record_of(tensor);
  return json{{"version", record_version}, {"tensors", records}}.dump();
}

std::map<std::string, MxTensor> find_mx_tensors(const io::TensorFile& file, int block_size) {
  const auto record = file.metadata().find(metadata_key);
  std::map<std::string, MxTensor> tensors;
  if (record != file.metadata().end()) tensors = parse_records(file, record->second);
  for (const io::TensorInfo& info : file.tensors()) {
    if (tensors.contains(info.name)) continue;
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
