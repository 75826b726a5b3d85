#include "tools/io/npy.hpp"

#include <algorithm>
#include <utility>

#include "tools/io/byte_reader.hpp"
#include "tools/io/error.hpp"
#include "tools/io/npy_dict.hpp"

namespace mxemu::io {
namespace {

// The prologue of version 1.0 is ten bytes: magic, two version bytes, a 16-bit header length.
constexpr std::size_t prologue_bytes = 10;
constexpr std::size_t longest_v1_header = 0xFFFF;
constexpr std::size_t data_alignment = 64;

std::string_view header_text(ByteReader& reader) {
  if (reader.remaining() < npy_magic.size() || reader.read_text(npy_magic.size(), "the magic") != npy_magic)
    reader.fail(0, "the file does not start with the npy magic \\x93NUMPY");
  const auto major = reader.read<std::uint8_t>("the version");
  const auto minor = reader.read<std::uint8_t>("the version");
  if (major < 1 || major > 3 || minor != 0)
    reader.fail(6, "npy version " + std::to_string(major) + "." + std::to_string(minor) +
                       " is not supported (1.0, 2.0 and 3.0 are)");
  const std::uint64_t length = major == 1 ? reader.read<std::uint16_t>("the header length")
                                          : reader.read<std::uint32_t>("the header length");
  return reader.read_text(length, "the header");
}

// `descr` is a byte order, a kind and a size, such as <f4.
DType dtype_of_descr(const std::filesystem::path& path, const std::string& descr) {
  const std::string named = "header: descr " + in_quotes(descr);
  if (descr.starts_with('>'))
    throw FileError(path,
                    named + " is big-endian, which is not supported; convert the array to little-endian");
  if (descr.find('V') != std::string::npos)
    throw FileError(path, named +
                              " is untyped bytes, which do not say what they hold (NumPy saves bfloat16 so); "
                              "save the array as float32, or as safetensors");
  for (const DTypeFormat& row : all_dtypes()) {
    if (row.npy == nullptr) continue;
    const bool any_order = row.unit_bits == 8 && descr.starts_with('<');
    if (descr == row.npy || (any_order && descr.substr(1) == row.npy + 1)) return row.type;
  }
  throw FileError(path, named + " is not a supported NumPy type");
}

std::string shape_python(std::span<const std::int64_t> shape) {
  std::string out = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) out += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return out + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace

Contents parse_npy(const std::filesystem::path& path, std::span<const std::byte> file) {
  ByteReader reader(path, file);
  const std::string_view text = header_text(reader);
  NpyDict dict = parse_npy_dict(path, text, reader.offset() - text.size());
  TensorInfo tensor{stem_name(path), dtype_of_descr(path, *dict.descr), std::move(*dict.shape),
                    reader.offset(), 0};
  const ByteSize size = byte_size_of(tensor.dtype, tensor.shape);
  if (!size.problem.empty()) throw FileError(path, "header: " + size.problem);
  if (size.bytes != reader.remaining())
    throw FileError(path, "header: shape " + shape_text(tensor.shape) + " of " + name_of(tensor.dtype) +
                              " takes " + std::to_string(size.bytes) + " bytes, but " +
                              std::to_string(reader.remaining()) + " follow the header");
  tensor.byte_size = size.bytes;
  // With fewer than two dimensions above one, both orders are the same bytes.
  const auto wide = std::ranges::count_if(tensor.shape, [](std::int64_t dimension) { return dimension > 1; });
  Contents contents;
  contents.fortran_order = *dict.fortran_order && size.bytes != 0 && wide > 1;
  contents.tensors.push_back(std::move(tensor));
  return contents;
}

std::string npy_header(const std::filesystem::path& path, std::span<const TensorDeclaration> tensors) {
  if (tensors.size() != 1)
    throw FileError(path, "an npy file holds one tensor, not " + std::to_string(tensors.size()));
  const TensorDeclaration& tensor = tensors.front();
  const char* const descr = format_of(tensor.dtype).npy;
  if (descr == nullptr)
    throw FileError(path, tensor_prefix(tensor.name) + "NumPy has no dtype " + name_of(tensor.dtype) +
                              "; write safetensors, or convert to F32");
  std::string dict = std::string("{'descr': '") + descr +
                     "', 'fortran_order': False, 'shape': " + shape_python(tensor.shape) + ", }";
  // The header ends with a newline where the aligned data starts.
  dict.append((data_alignment - (prologue_bytes + dict.size() + 1) % data_alignment) % data_alignment, ' ');
  dict += '\n';
  if (dict.size() > longest_v1_header)
    throw FileError(path, tensor_prefix(tensor.name) + "its " + std::to_string(tensor.shape.size()) +
                              " dimensions do not fit in an npy header");
  std::string out(npy_magic);
  out += {'\x01', '\x00', static_cast<char>(dict.size() & 0xFF), static_cast<char>(dict.size() >> 8)};
  return out + dict;
}

}  // namespace mxemu::io
