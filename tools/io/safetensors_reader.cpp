#include <algorithm>
#include <string_view>
#include <utility>

#include "tools/io/byte_reader.hpp"
#include "tools/io/error.hpp"
#include "tools/io/safetensors.hpp"
#include "tools/io/safetensors_handler.hpp"
#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

// The text of the header, once its length and its encoding are known to be right.
std::string_view header_text(const std::filesystem::path& path, std::span<const std::byte> file) {
  if (file.size() < 8)
    throw FileError(path, "holds " + std::to_string(file.size()) +
                              " bytes, fewer than the 8 of a safetensors header length");
  const std::uint64_t length = read_little_endian<std::uint64_t>(file.first<8>());
  const std::string named = byte_prefix(0) + "the header length " + std::to_string(length);
  if (length > safetensors_longest_header)
    throw FileError(path, named + " exceeds the " + std::to_string(safetensors_longest_header) +
                              " bytes a safetensors header may have");
  if (length > file.size() - 8)
    throw FileError(path,
                    named + " exceeds the " + std::to_string(file.size() - 8) + " bytes that follow it");
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + 8, length);
  if (!text.starts_with('{')) throw FileError(path, byte_prefix(8) + "the header does not start with '{'");
  if (const auto invalid = first_invalid_utf8(text))
    throw FileError(path, byte_prefix(8 + *invalid) + "the header is not valid UTF-8");
  return text;
}

TensorInfo checked_tensor(const std::filesystem::path& path, SafetensorsEntry&& entry,
                          std::uint64_t data_begin, std::uint64_t data_bytes) {
  const auto fail = [&](const std::string& fault) {
    throw FileError(path, tensor_prefix(entry.name) + fault);
  };
  const auto dtype = safetensors_dtype(*entry.dtype);
  if (!dtype) fail("the dtype " + in_quotes(*entry.dtype) + " is unknown");
  const auto begin = static_cast<std::uint64_t>((*entry.data_offsets)[0]);
  const auto end = static_cast<std::uint64_t>((*entry.data_offsets)[1]);
  const std::string offsets = "data_offsets " + shape_text(*entry.data_offsets);
  if (begin > end) fail(offsets + " end before they begin");
  if (end > data_bytes)
    fail(offsets + " end past the " + std::to_string(data_bytes) + " data bytes of the file");
  const ByteSize size = byte_size_of(*dtype, *entry.shape);
  if (!size.problem.empty()) fail(size.problem);
  if (size.bytes != end - begin)
    fail(offsets + " hold " + std::to_string(end - begin) + " bytes, but shape " + shape_text(*entry.shape) +
         " of " + name_of(*dtype) + " takes " + std::to_string(size.bytes));
  return {std::move(entry.name), *dtype, std::move(*entry.shape), data_begin + begin, size.bytes};
}

// The format leaves no byte of the data section without a tensor, and none with two.
void check_coverage(const std::filesystem::path& path, const std::vector<TensorInfo>& tensors,
                    std::uint64_t data_begin, std::uint64_t file_bytes) {
  std::uint64_t covered = data_begin;
  for (const TensorInfo& tensor : tensors) {
    const std::string offset = std::to_string(tensor.byte_offset - data_begin);
    if (tensor.byte_offset < covered)
      throw FileError(path, tensor_prefix(tensor.name) + "data_offsets begin at " + offset +
                                ", inside the tensor before it, which ends at " +
                                std::to_string(covered - data_begin));
    if (tensor.byte_offset > covered)
      throw FileError(path, tensor_prefix(tensor.name) + "data_offsets begin at " + offset +
                                ", leaving a hole after " + std::to_string(covered - data_begin));
    covered = tensor.byte_offset + tensor.byte_size;
  }
  if (covered != file_bytes)
    throw FileError(path, byte_prefix(covered) + "the last " + std::to_string(file_bytes - covered) +
                              " bytes of the file belong to no tensor");
}

}  // namespace

Contents parse_safetensors(const std::filesystem::path& path, std::span<const std::byte> file) {
  const std::string_view text = header_text(path, file);
  SafetensorsHandler handler(path);
  nlohmann::json::sax_parse(text.begin(), text.end(), &handler);

  Contents contents;
  contents.metadata = std::move(handler.metadata);
  const std::uint64_t data_begin = 8 + text.size();
  contents.tensors.reserve(handler.entries.size());
  for (SafetensorsEntry& entry : handler.entries)
    contents.tensors.push_back(checked_tensor(path, std::move(entry), data_begin, file.size() - data_begin));
  // Equal offsets are those of empty tensors; the end puts them before the tensor that starts there.
  std::ranges::stable_sort(contents.tensors, {}, [](const TensorInfo& tensor) {
    return std::pair(tensor.byte_offset, tensor.byte_size);
  });
  check_coverage(path, contents.tensors, data_begin, file.size());
  return contents;
}

}  // namespace mxemu::io
