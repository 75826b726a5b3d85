#include <nlohmann/json.hpp>
#include <unordered_set>

#include "tools/io/error.hpp"
#include "tools/io/safetensors.hpp"
#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

std::string json_string(const std::filesystem::path& path, std::string_view text) {
  if (!is_utf8(text))
    throw FileError(path, in_quotes(text) + " is not valid UTF-8, so no safetensors header can hold it");
  return nlohmann::json(text).dump();
}

std::string metadata_entry(const std::filesystem::path& path, const Metadata& metadata) {
  std::string out = "\"__metadata__\":{";
  for (const auto& [key, value] : metadata) {
    if (out.back() != '{') out += ',';
    out += json_string(path, key) + ':' + json_string(path, value);
  }
  return out + '}';
}

std::string tensor_entry(const std::filesystem::path& path, const TensorDeclaration& tensor,
                         std::uint64_t begin, std::uint64_t end) {
  std::string out =
      json_string(path, tensor.name) + ":{\"dtype\":\"" + name_of(tensor.dtype) + "\",\"shape\":[";
  for (std::size_t i = 0; i < tensor.shape.size(); ++i)
    out += (i == 0 ? "" : ",") + std::to_string(tensor.shape[i]);
  return out + "],\"data_offsets\":[" + std::to_string(begin) + ',' + std::to_string(end) + "]}";
}

}  // namespace

std::string safetensors_header(const std::filesystem::path& path, std::span<const TensorDeclaration> tensors,
                               const Metadata& metadata) {
  std::string json = "{";
  if (!metadata.empty()) json += metadata_entry(path, metadata);
  std::uint64_t offset = 0;
  for (const TensorDeclaration& tensor : tensors) {
    const auto fail = [&](const std::string& fault) {
      throw FileError(path, tensor_prefix(tensor.name) + fault);
    };
    if (tensor.name == "__metadata__") fail("safetensors keeps this name for its metadata");
    if (!format_of(tensor.dtype).safetensors)
      fail(std::string("safetensors has no dtype ") + name_of(tensor.dtype));
    const std::uint64_t begin = offset;
    const ByteSize size = byte_size_of(tensor.dtype, tensor.shape);
    if (__builtin_add_overflow(offset, size.bytes, &offset)) fail("the file would have 2^64 bytes or more");
    if (json.back() != '{') json += ',';
    json += tensor_entry(path, tensor, begin, offset);
  }
  json += '}';
  json.append((8 - json.size() % 8) % 8, ' ');
  if (json.size() > safetensors_longest_header)
    throw FileError(path, "the header would have " + std::to_string(json.size()) + " bytes, more than the " +
                              std::to_string(safetensors_longest_header) + " a safetensors header may have");
  std::string out;
  for (int i = 0; i < 8; ++i) out += static_cast<char>(json.size() >> (8 * i) & 0xFF);
  return out + json;
}

}  // namespace mxemu::io
