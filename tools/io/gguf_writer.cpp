#include <string_view>

#include "tools/io/error.hpp"
#include "tools/io/gguf.hpp"
#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

template <class T>
void append_number(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF);
}

void append_string(std::string& out, std::string_view text) {
  append_number<std::uint64_t>(out, text.size());
  out += text;
}

void pad(std::string& out, std::uint64_t alignment) {
  out.append((alignment - out.size() % alignment) % alignment, '\0');
}

struct Pairs {
  std::uint64_t count = 0;
  std::string bytes;

  void add_string(const std::filesystem::path& path, const std::string& key, const std::string& value) {
    if (!is_utf8(key) || !is_utf8(value))
      throw FileError(path, "key " + in_quotes(key) + ": a GGUF string must be valid UTF-8");
    append_string(bytes, key);
    append_number(bytes, static_cast<std::uint32_t>(GgufType::String));
    append_string(bytes, value);
    ++count;
  }
};

// Copies the source's pairs, in their order, but for the strings that `metadata` replaces or leaves out.
Pairs copied_pairs(const std::filesystem::path& path, const GgufSource& source, Metadata& metadata) {
  Pairs pairs;
  for (const GgufKeyValue& pair : source.contents.key_values) {
    const auto wanted = metadata.find(pair.key);
    const auto present = source.contents.metadata.find(pair.key);
    const bool same = wanted != metadata.end() && present != source.contents.metadata.end() &&
                      present->second == wanted->second;
    if (wanted != metadata.end() && !same && !pair.is_string)
      throw FileError(path, "key " + in_quotes(pair.key) +
                                ": the source has a value here that is no string, and " +
                                in_quotes(wanted->second) + " cannot replace it");
    if (wanted != metadata.end() ? !same : pair.is_string) continue;
    if (same) metadata.erase(wanted);
    const auto bytes = source.file.subspan(pair.byte_offset, pair.byte_size);
    pairs.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ++pairs.count;
  }
  return pairs;
}

Pairs all_pairs(const std::filesystem::path& path, Metadata metadata, const GgufSource* source) {
  Pairs pairs;
  if (source != nullptr) {
    pairs = copied_pairs(path, *source, metadata);
  } else {
    metadata.emplace("general.architecture", "mxemu");
    metadata.erase("general.alignment");  // a number, and the default holds
  }
  for (const auto& [key, value] : metadata) pairs.add_string(path, key, value);
  return pairs;
}

void check_tensor(const std::filesystem::path& path, const TensorDeclaration& tensor) {
  const auto fail = [&](const std::string& fault) {
    throw FileError(path, tensor_prefix(tensor.name) + fault);
  };
  if (format_of(tensor.dtype).ggml_type < 0) fail(std::string("GGUF has no type ") + name_of(tensor.dtype));
  if (tensor.shape.size() > gguf_most_dimensions)
    fail("has " + std::to_string(tensor.shape.size()) + " dimensions, more than the 4 of GGUF");
  if (tensor.name.size() > gguf_longest_name)
    fail("its name has " + std::to_string(tensor.name.size()) + " bytes, and ggml reads at most " +
         std::to_string(gguf_longest_name));
  if (!is_utf8(tensor.name)) fail("its name is not valid UTF-8");
}

}  // namespace

std::string gguf_header(const std::filesystem::path& path, std::span<const TensorDeclaration> tensors,
                        const Metadata& metadata, const GgufSource* source) {
  const std::uint64_t alignment = source != nullptr ? source->contents.alignment : gguf_default_alignment;
  const Pairs pairs = all_pairs(path, metadata, source);
  std::string out(gguf_magic);
  append_number<std::uint32_t>(out, 3);
  append_number<std::uint64_t>(out, tensors.size());
  append_number<std::uint64_t>(out, pairs.count);
  out += pairs.bytes;
  std::uint64_t offset = 0;
  for (const TensorDeclaration& tensor : tensors) {
    check_tensor(path, tensor);
    append_string(out, tensor.name);
    append_number<std::uint32_t>(out, static_cast<std::uint32_t>(tensor.shape.size()));
    for (auto dimension = tensor.shape.rbegin(); dimension != tensor.shape.rend(); ++dimension)
      append_number<std::int64_t>(out, *dimension);
    append_number<std::uint32_t>(out, static_cast<std::uint32_t>(format_of(tensor.dtype).ggml_type));
    append_number<std::uint64_t>(out, offset);
    const std::uint64_t bytes = byte_size_of(tensor.dtype, tensor.shape).bytes;
    // Sizes are below 2^60 each; their sum and its padding must stay a file size.
    if (bytes > (std::uint64_t{1} << 62) - offset)
      throw FileError(path, tensor_prefix(tensor.name) + "the file would have 2^62 bytes or more");
    offset = (offset + bytes + alignment - 1) / alignment * alignment;
  }
  pad(out, alignment);
  return out;
}

}  // namespace mxemu::io
