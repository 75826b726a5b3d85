#include <algorithm>
#include <bit>
#include <charconv>
#include <unordered_set>
#include <utility>

#include "tools/io/byte_reader.hpp"
#include "tools/io/error.hpp"
#include "tools/io/gguf.hpp"
#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

constexpr int deepest_array = 4;
constexpr std::uint64_t largest_alignment = std::uint64_t{1} << 20;
// The smallest things that a count can announce: a pair is an empty key, a type and one byte; a tensor is an
// empty name, a rank, a type and an offset.
constexpr std::uint64_t least_pair_bytes = 8 + 4 + 1;
constexpr std::uint64_t least_tensor_bytes = 8 + 4 + 4 + 8;

template <class T>
std::string number_text(T value) {
  char text[64];
  const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
  return std::string(text, end);
}

// Bytes of a value of fixed size, or 0 for strings, arrays and unknown types.
std::uint64_t fixed_size(std::uint32_t type) {
  constexpr std::uint8_t sizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < std::size(sizes) ? sizes[type] : 0;
}

class GgufParser {
 public:
  GgufParser(const std::filesystem::path& path, std::span<const std::byte> file)
      : path_(path), file_bytes_(file.size()), reader_(path, file) {}

  Contents parse() {
    read_magic_and_version();
    const auto tensors = reader_.read_count<std::uint64_t>(least_tensor_bytes, "tensor count");
    const auto pairs = reader_.read_count<std::uint64_t>(least_pair_bytes, "key-value count");
    contents_.alignment = gguf_default_alignment;
    for (std::uint64_t i = 0; i < pairs; ++i) read_pair();
    for (std::uint64_t i = 0; i < tensors; ++i) read_tensor();
    place_tensors();
    return std::move(contents_);
  }

 private:
  void read_magic_and_version() {
    if (reader_.remaining() < 4 || reader_.read_text(4, "the magic") != gguf_magic)
      reader_.fail(0, "the file does not start with the magic GGUF");
    const auto version = reader_.read<std::uint32_t>("the version");
    if (version != 0 && (version & 0xFFFF) == 0) reader_.fail(4, "big-endian GGUF files are not supported");
    if (version != 2 && version != 3)
      reader_.fail(4, "GGUF version " + std::to_string(version) + " is not supported (2 and 3 are)");
  }

  std::string read_string(const char* what) {
    const auto length = reader_.read_count<std::uint64_t>(1, std::string("length of ") + what);
    return std::string(reader_.read_text(length, what));
  }

  std::string read_utf8(const char* what) {
    const std::uint64_t start = reader_.offset();
    std::string text = read_string(what);
    if (!is_utf8(text))
      reader_.fail(start, std::string(what) + " " + in_quotes(text) + " is not valid UTF-8");
    return text;
  }

  void read_pair() {
    const std::uint64_t start = reader_.offset();
    std::string key = read_utf8("a key");
    if (!keys_.insert(key).second) reader_.fail(start, "the key " + in_quotes(key) + " is there twice");
    const auto type = reader_.read<std::uint32_t>("a value type");
    const bool scalar = type != static_cast<std::uint32_t>(GgufType::Array);
    if (key == "general.alignment") {
      read_alignment(type);
      contents_.metadata.emplace(key, std::to_string(contents_.alignment));
    } else if (scalar) {
      contents_.metadata.emplace(key, scalar_text(key, type));
    } else {
      skip_array(key, 1);
    }
    contents_.key_values.push_back({std::move(key), type == static_cast<std::uint32_t>(GgufType::String),
                                    start, reader_.offset() - start});
  }

  void read_alignment(std::uint32_t type) {
    const std::uint64_t start = reader_.offset();
    if (type != static_cast<std::uint32_t>(GgufType::U32))
      reader_.fail(start, "the key \"general.alignment\" is not a 32-bit unsigned integer");
    contents_.alignment = reader_.read<std::uint32_t>("general.alignment");
    // Bounded, because a copy of the file would be padded to it.
    if (!std::has_single_bit(contents_.alignment) || contents_.alignment > largest_alignment)
      reader_.fail(start, "the key \"general.alignment\" is " + std::to_string(contents_.alignment) +
                              ", not a power of two up to " + std::to_string(largest_alignment));
  }

  std::string scalar_text(const std::string& key, std::uint32_t type) {
    const char* const what = "a value";
    const std::uint64_t start = reader_.offset();
    switch (static_cast<GgufType>(type)) {
      case GgufType::U8: return number_text(reader_.read<std::uint8_t>(what));
      case GgufType::I8: return number_text(reader_.read<std::int8_t>(what));
      case GgufType::U16: return number_text(reader_.read<std::uint16_t>(what));
      case GgufType::I16: return number_text(reader_.read<std::int16_t>(what));
      case GgufType::U32: return number_text(reader_.read<std::uint32_t>(what));
      case GgufType::I32: return number_text(reader_.read<std::int32_t>(what));
      case GgufType::U64: return number_text(reader_.read<std::uint64_t>(what));
      case GgufType::I64: return number_text(reader_.read<std::int64_t>(what));
      case GgufType::F32: return number_text(reader_.read<float>(what));
      case GgufType::F64: return number_text(reader_.read<double>(what));
      case GgufType::String: return read_utf8("a string value");
      case GgufType::Bool: {
        const auto value = reader_.read<std::uint8_t>(what);
        if (value > 1)
          reader_.fail(start, "the key " + in_quotes(key) + " is a bool of value " + std::to_string(value));
        return value != 0 ? "true" : "false";
      }
      case GgufType::Array: break;
    }
    reader_.fail(start, "the key " + in_quotes(key) + " has the unknown value type " + std::to_string(type));
  }

  void skip_array(const std::string& key, int depth) {
    const std::uint64_t start = reader_.offset();
    const auto type = reader_.read<std::uint32_t>("an array's type");
    const bool string = type == static_cast<std::uint32_t>(GgufType::String);
    const bool array = type == static_cast<std::uint32_t>(GgufType::Array);
    const std::uint64_t size = fixed_size(type);
    if (size == 0 && !string && !array)
      reader_.fail(start,
                   "the key " + in_quotes(key) + " is an array of the unknown type " + std::to_string(type));
    if (array && depth == deepest_array)
      reader_.fail(start, "the key " + in_quotes(key) + " nests arrays more than " +
                              std::to_string(deepest_array) + " deep");
    const std::uint64_t least = string ? 8 : array ? 12 : size;
    const auto count = reader_.read_count<std::uint64_t>(least, "array length");
    if (size != 0) reader_.skip(count * size, "an array");
    if (size != 0) return;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (array) skip_array(key, depth + 1);
      if (string) reader_.skip(reader_.read<std::uint64_t>("an array's string"), "an array's string");
    }
  }

  void read_tensor() {
    const std::uint64_t start = reader_.offset();
    TensorInfo tensor;
    tensor.name = read_utf8("a tensor name");
    const auto fail = [&](const std::string& fault) {
      throw FileError(path_, tensor_prefix(tensor.name) + fault);
    };
    if (!names_.insert(tensor.name).second)
      reader_.fail(start, "the tensor " + in_quotes(tensor.name) + " is there twice");
    const auto rank = reader_.read<std::uint32_t>("a tensor's rank");
    if (rank > gguf_most_dimensions)
      fail("has " + std::to_string(rank) + " dimensions, more than the 4 of GGUF");
    for (std::uint32_t i = 0; i < rank; ++i)
      tensor.shape.push_back(reader_.read<std::int64_t>("a tensor's shape"));
    std::ranges::reverse(tensor.shape);
    const auto type = reader_.read<std::uint32_t>("a tensor's type");
    const auto dtype = ggml_dtype(type);
    if (!dtype) fail("the ggml type " + std::to_string(type) + " is unknown");
    tensor.dtype = *dtype;
    const ByteSize size = byte_size_of(tensor.dtype, tensor.shape);
    if (!size.problem.empty()) fail(size.problem);
    tensor.byte_size = size.bytes;
    tensor.byte_offset = reader_.read<std::uint64_t>("a tensor's offset");
    contents_.tensors.push_back(std::move(tensor));
  }

  // Turns offsets within the data section into offsets within the file.
  void place_tensors() {
    if (contents_.tensors.empty()) return;
    const std::uint64_t alignment = contents_.alignment;
    const std::uint64_t data_begin = (reader_.offset() + alignment - 1) / alignment * alignment;
    if (data_begin > file_bytes_)
      reader_.fail(reader_.offset(), "the file ends before its tensor data, which starts at byte " +
                                         std::to_string(data_begin));
    for (TensorInfo& tensor : contents_.tensors) place(tensor, data_begin);
    std::ranges::stable_sort(contents_.tensors, {}, [](const TensorInfo& tensor) {
      return std::pair(tensor.byte_offset, tensor.byte_size);
    });
    check_overlaps();
  }

  void place(TensorInfo& tensor, std::uint64_t data_begin) {
    const std::uint64_t data_bytes = file_bytes_ - data_begin;
    const std::string offset = "offset " + std::to_string(tensor.byte_offset);
    if (tensor.byte_offset % contents_.alignment != 0)
      throw FileError(path_, tensor_prefix(tensor.name) + offset + " is no multiple of the alignment " +
                                 std::to_string(contents_.alignment));
    if (tensor.byte_offset > data_bytes || tensor.byte_size > data_bytes - tensor.byte_offset)
      throw FileError(path_, tensor_prefix(tensor.name) + offset + " and size " +
                                 std::to_string(tensor.byte_size) + " end past the " +
                                 std::to_string(data_bytes) + " data bytes of the file");
    tensor.byte_offset += data_begin;
  }

  void check_overlaps() const {
    for (std::size_t i = 1; i < contents_.tensors.size(); ++i) {
      const TensorInfo& before = contents_.tensors[i - 1];
      const TensorInfo& tensor = contents_.tensors[i];
      if (tensor.byte_offset < before.byte_offset + before.byte_size)
        throw FileError(path_, tensor_prefix(tensor.name) + "its data at byte " +
                                   std::to_string(tensor.byte_offset) + " overlaps that of tensor " +
                                   in_quotes(before.name));
    }
  }

  const std::filesystem::path& path_;
  std::uint64_t file_bytes_;
  ByteReader reader_;
  Contents contents_;
  std::unordered_set<std::string> keys_, names_;
};

}  // namespace

Contents parse_gguf(const std::filesystem::path& path, std::span<const std::byte> file) {
  return GgufParser(path, file).parse();
}

}  // namespace mxemu::io
