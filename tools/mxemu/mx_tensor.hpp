// How an MX tensor is kept in a file: codes, scales, and a record of what they are.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conformance/subject.hpp"
#include "spec/packing.hpp"
#include "spec/request.hpp"
#include "tools/io/tensor_file.hpp"
#include "tools/io/tensor_writer.hpp"

namespace mxemu::cli {

/// Codes one per byte in the order of the elements, scales one per block.
struct MxData {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
};

/// One MX tensor of a file.
struct MxTensor {
  std::string name;
  spec::Request request;
  conformance::TensorGeometry geometry;
  spec::FloatType source_type = spec::FloatType::Float32;
  std::string profile;
  spec::ElementPacking packing = spec::ElementPacking::BitStream;
  spec::ScaleLayout scale_layout = spec::ScaleLayout::RowMajor;

  std::size_t element_count() const;
  std::vector<std::int64_t> scale_shape() const;  ///< the shape with the axis shortened to blocks
  std::size_t scale_count() const;
  MxData empty_data() const {
    return {std::vector<std::uint8_t>(element_count()), std::vector<std::uint8_t>(scale_count())};
  }
};

/// The tensor that holds the scales of tensor `name`.
std::string scale_name(const std::string& name);

/// The metadata key under which a file records its MX tensors, as JSON.
inline constexpr const char* metadata_key = "mxemu";

/// The tensors a container declares for `tensor`: codes, then scales (GGUF: one tensor of ggml blocks).
/// Falls back to one code per byte where packed bits would not fill whole bytes. Throws BadInput where the
/// container cannot hold the tensor.
std::vector<io::TensorDeclaration> declare(MxTensor& tensor, io::Container container);

/// The bytes of each declared tensor, in order.
std::vector<std::vector<std::uint8_t>> to_storage(const MxTensor& tensor, const MxData& data,
                                                  io::Container container);

/// The record for metadata_key.
std::string record_of(const std::map<std::string, MxTensor>& tensors);

/// The MX format whose elements a tensor of this type holds, or nothing.
std::optional<spec::BlockType> format_of_dtype(io::DType dtype);

/// The MX tensors of a file by name: those its record names, GGUF's MXFP4 tensors, and element tensors that
/// have a scale tensor beside them. Throws BadInput when a record contradicts the file.
std::map<std::string, MxTensor> find_mx_tensors(const io::TensorFile& file, int block_size);

/// Reads and unpacks the codes and scales of `tensor`.
MxData from_storage(const io::TensorFile& file, const MxTensor& tensor);

}  // namespace mxemu::cli
