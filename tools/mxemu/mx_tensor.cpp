#include "tools/mxemu/mx_tensor.hpp"

#include <algorithm>

#include "reference/packing.hpp"
#include "reference/tensor.hpp"
#include "tools/io/error.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

io::DType element_dtype(spec::ElementType element) {
  switch (element) {
    case spec::ElementType::E5M2: return io::DType::F8_E5M2;
    case spec::ElementType::E4M3: return io::DType::F8_E4M3;
    case spec::ElementType::E3M2: return io::DType::F6_E3M2;
    case spec::ElementType::E2M3: return io::DType::F6_E2M3;
    case spec::ElementType::E2M1: return io::DType::F4;
    case spec::ElementType::INT8: return io::DType::I8;
  }
  throw BadInput("no such element type");
}

io::DType scale_dtype(spec::ScaleType scale) {
  switch (scale) {
    case spec::ScaleType::E8M0: return io::DType::F8_E8M0;
  }
  throw BadInput("no such scale type");
}

reference::BlockGrid grid_of(const MxTensor& tensor) {
  return reference::make_block_grid(tensor.geometry.shape, tensor.geometry.axis, tensor.request);
}

bool lies_along_last_axis(const MxTensor& tensor) {
  const auto rank = static_cast<int>(tensor.geometry.shape.size());
  return tensor.geometry.axis == -1 || tensor.geometry.axis == rank - 1;
}

/// Rows and columns of the scales as a matrix: lines by blocks, for blocks along the last axis.
std::pair<std::size_t, std::size_t> scale_matrix(const MxTensor& tensor) {
  const auto grid = grid_of(tensor);
  return {grid.outer, grid.blocks_per_line()};
}

/// Sub-byte codes are packed over the whole tensor; a reader must be able to find rows and the end.
bool can_pack(const MxTensor& tensor, io::DType dtype) {
  const auto& shape = tensor.geometry.shape;
  const bool whole_rows = !shape.empty() && shape.back() % 2 == 0;
  return tensor.request.element_format().bits == 8 ||
         (whole_rows && io::byte_size_of(dtype, shape).problem.empty());
}

std::vector<io::TensorDeclaration> declare_gguf(MxTensor& tensor) {
  const auto& shape = tensor.geometry.shape;
  const bool fits = tensor.request.format == spec::BlockType::MXFP4_E2M1 &&
                    tensor.request.block_size == spec::ggml_block_elements && !shape.empty() &&
                    lies_along_last_axis(tensor) && shape.back() % spec::ggml_block_elements == 0 &&
                    tensor.scale_layout == spec::ScaleLayout::RowMajor;
  if (!fits)
    throw BadInput(
        io::tensor_prefix(tensor.name) +
        "GGUF holds MXFP4_E2M1 with row_major scales in blocks of 32 along a last dimension that is a "
        "multiple of 32, not " +
        tensor.request.block_format().name + " in blocks of " + std::to_string(tensor.request.block_size) +
        " of shape " + io::shape_text(shape) + "; choose tensors with --tensors, or write .safetensors");
  tensor.packing = spec::ElementPacking::GgmlBlock;
  return {{tensor.name, io::DType::GGML_MXFP4, shape}};
}

std::vector<io::TensorDeclaration> declare_safetensors(MxTensor& tensor) {
  io::DType dtype = element_dtype(tensor.request.block_format().element);
  const bool sub_byte = tensor.request.element_format().bits < 8;
  if (!can_pack(tensor, dtype)) tensor.packing = spec::ElementPacking::Bytes;
  if (sub_byte && tensor.packing == spec::ElementPacking::Bytes) dtype = io::DType::U8;
  std::vector<std::int64_t> scale_shape = tensor.scale_shape();
  if (tensor.scale_layout != spec::ScaleLayout::RowMajor) {
    if (!lies_along_last_axis(tensor))
      throw BadInput(io::tensor_prefix(tensor.name) + "--scale-layout " + spec::name_of(tensor.scale_layout) +
                     " needs blocks along the last dimension");
    const auto [rows, columns] = scale_matrix(tensor);
    scale_shape = {
        static_cast<std::int64_t>(reference::scale_layout_size(tensor.scale_layout, rows, columns))};
  }
  return {{tensor.name, dtype, tensor.geometry.shape},
          {scale_name(tensor.name), scale_dtype(tensor.request.block_format().scale), scale_shape}};
}

std::vector<std::uint8_t> bytes_of(std::span<const std::byte> bytes) {
  std::vector<std::uint8_t> copy(bytes.size());
  std::transform(bytes.begin(), bytes.end(), copy.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return copy;
}

}  // namespace

std::size_t MxTensor::element_count() const {
  return grid_of(*this).element_count();
}

std::size_t MxTensor::scale_count() const {
  return grid_of(*this).block_count();
}

std::vector<std::int64_t> MxTensor::scale_shape() const {
  std::vector<std::int64_t> shape = geometry.shape;
  if (shape.empty()) return shape;
  const int axis = geometry.axis < 0 ? geometry.axis + static_cast<int>(shape.size()) : geometry.axis;
  shape[static_cast<std::size_t>(axis)] = static_cast<std::int64_t>(grid_of(*this).blocks_per_line());
  return shape;
}

std::string scale_name(const std::string& name) {
  return name + "_scale";
}

std::vector<io::TensorDeclaration> declare(MxTensor& tensor, io::Container container) {
  switch (container) {
    case io::Container::Safetensors: return declare_safetensors(tensor);
    case io::Container::Gguf: return declare_gguf(tensor);
    case io::Container::Npy:
    case io::Container::Raw: break;
  }
  throw BadInput(std::string("quantize writes .safetensors or .gguf; ") + io::name_of(container) +
                 " has no place for scales");
}

std::vector<std::vector<std::uint8_t>> to_storage(const MxTensor& tensor, const MxData& data,
                                                  io::Container container) {
  if (container == io::Container::Gguf) return {reference::pack_ggml_blocks(data.codes, data.scales)};
  const int bits = tensor.request.element_format().bits;
  std::vector<std::uint8_t> scales = data.scales;
  if (tensor.scale_layout != spec::ScaleLayout::RowMajor) {
    const auto [rows, columns] = scale_matrix(tensor);
    scales = reference::arrange_scales(tensor.scale_layout, rows, columns, data.scales);
  }
  return {reference::pack_codes(tensor.packing, bits, data.codes), std::move(scales)};
}

MxData from_storage(const io::TensorFile& file, const MxTensor& tensor) {
  const std::vector<std::uint8_t> stored = bytes_of(file.bytes(*file.find(tensor.name)));
  if (tensor.packing == spec::ElementPacking::GgmlBlock) {
    auto [codes, scales] = reference::unpack_ggml_blocks(stored);
    return {std::move(codes), std::move(scales)};
  }
  const int bits = tensor.request.element_format().bits;
  std::vector<std::uint8_t> scales = bytes_of(file.bytes(*file.find(scale_name(tensor.name))));
  if (tensor.scale_layout != spec::ScaleLayout::RowMajor) {
    const auto [rows, columns] = scale_matrix(tensor);
    scales = reference::restore_scales(tensor.scale_layout, rows, columns, scales);
  }
  MxData data{reference::unpack_codes(tensor.packing, bits, tensor.element_count(), stored),
              std::move(scales)};
  const auto wide =
      std::find_if(data.codes.begin(), data.codes.end(), [&](int code) { return code >> bits != 0; });
  if (wide != data.codes.end())
    throw BadInput(file.path().string() + ": " + io::tensor_prefix(tensor.name) + "code " +
                   std::to_string(*wide) + " at element " + std::to_string(wide - data.codes.begin()) +
                   " is wider than the " + std::to_string(bits) + " bits of " +
                   tensor.request.element_format().name);
  return data;
}

}  // namespace mxemu::cli
