#include "tools/io/raw.hpp"

#include <algorithm>

#include "tools/io/error.hpp"

namespace mxemu::io {
namespace {

// The dimension that -1 stands for: as many of the slices that the other dimensions make as the file holds.
std::int64_t inferred_dimension(const std::filesystem::path& path, const RawLayout& layout,
                                std::vector<std::int64_t> shape, std::size_t axis, std::uint64_t file_bytes) {
  const std::string wanted = std::string(name_of(layout.dtype)) + " " + shape_text(layout.shape);
  // Counted in storable units, because one element of a sub-byte or block type has no whole bytes.
  const DTypeFormat& format = format_of(layout.dtype);
  shape[axis] = axis + 1 == shape.size() ? format.unit_elements : 1;
  std::uint64_t slice_bits = static_cast<std::uint64_t>(format.unit_bits);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i == axis) continue;
    const bool last = i + 1 == shape.size();
    if (last && shape[i] % format.unit_elements != 0)
      throw FileError(path, "last dimension of " + wanted + " is no multiple of the block size " +
                                std::to_string(format.unit_elements));
    const auto units = static_cast<std::uint64_t>(last ? shape[i] / format.unit_elements : shape[i]);
    if (units == 0) throw FileError(path, wanted + " has a zero dimension, so -1 could be anything");
    if (__builtin_mul_overflow(slice_bits, units, &slice_bits))
      throw FileError(path, wanted + " has 2^64 bits or more");
  }
  if (file_bytes > UINT64_MAX / 8 || file_bytes * 8 % slice_bits != 0)
    throw FileError(path,
                    "holds " + std::to_string(file_bytes) + " bytes, which no -1 in " + wanted + " fits");
  return static_cast<std::int64_t>(file_bytes * 8 / slice_bits) * shape[axis];
}

}  // namespace

Contents raw_contents(const std::filesystem::path& path, const RawLayout& layout, std::uint64_t file_bytes) {
  const auto unknowns = std::ranges::count(layout.shape, -1);
  if (unknowns > 1) throw FileError(path, "shape " + shape_text(layout.shape) + " has more than one -1");
  if (std::ranges::any_of(layout.shape, [](std::int64_t dimension) { return dimension < -1; }))
    throw FileError(path, "shape " + shape_text(layout.shape) + " has a negative dimension");
  TensorInfo tensor{stem_name(path), layout.dtype, layout.shape, 0, file_bytes};
  if (unknowns == 1) {
    const auto axis = static_cast<std::size_t>(std::ranges::find(tensor.shape, -1) - tensor.shape.begin());
    tensor.shape[axis] = inferred_dimension(path, layout, tensor.shape, axis, file_bytes);
  }
  const ByteSize size = byte_size_of(tensor.dtype, tensor.shape);
  if (!size.problem.empty()) throw FileError(path, size.problem);
  if (size.bytes != file_bytes)
    throw FileError(path, "holds " + std::to_string(file_bytes) + " bytes, but shape " +
                              shape_text(tensor.shape) + " of " + name_of(tensor.dtype) + " takes " +
                              std::to_string(size.bytes));
  Contents contents;
  contents.tensors.push_back(std::move(tensor));
  return contents;
}

}  // namespace mxemu::io
