// An operand of a matrix product: a tensor of a file, found, checked and turned into lines along K.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/matrix.hpp"
#include "tools/mxemu/mx_tensor.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {

/// What the command line says of one operand.
struct OperandOptions {
  std::string letter;  ///< "a" or "b", as in --format-a
  std::filesystem::path path;
  std::string tensor;          ///< needed where the file holds more than one
  std::string format;          ///< MXFP8_E4M3, E4M3, bf16, …; needed for floating-point tensors
  bool along_columns = false;  ///< K is the first dimension: B stored as K x N
};

/// A matrix of a file before any conversion.
class FoundMatrix {
 public:
  /// Throws BadInput, in one sentence, when the file holds no such matrix, its blocks lie across K, or the
  /// format is not one it can have. `block_size` is --block-size, or 0.
  FoundMatrix(const OperandOptions& options, int block_size);

  std::size_t lines() const;
  std::size_t length() const;  ///< K
  spec::OperandType type() const { return type_; }
  bool has_scales() const { return scaled_; }
  /// Of an MX tensor of the file; 0 where the conversion decides.
  int stored_block_size() const { return scaled_ && mx_ ? mx_->request.block_size : 0; }
  std::size_t element_count() const { return lines() * length(); }

  /// Converts what has to be converted, by `conversion` in blocks of `block_size`.
  conformance::MatrixLines read(const RequestOptions& conversion, int block_size,
                                const conformance::Tick& tick) const;

  /// `tensor "w" of w.safetensors, F32 [64, 128], quantised to MXFP8_E4M3`
  std::string description() const;

 private:
  std::string where() const;
  void find(const std::string& name);
  void check_shape() const;
  void choose_format(const std::string& format);
  void choose_format_of_codes(const std::string& format, spec::BlockType stored);
  /// Requires elements.
  spec::BlockType block_format() const;
  MxTensor as_mx_tensor(const RequestOptions& conversion, int block_size) const;
  MxData quantize(const RequestOptions& conversion, int block_size, const conformance::Tick& tick) const;
  std::vector<std::uint8_t> encode(const RequestOptions& conversion) const;

  OperandOptions options_;
  io::TensorFile file_;
  const io::TensorInfo* info_ = nullptr;
  std::optional<MxTensor> mx_;  ///< codes with scales
  std::vector<std::int64_t> shape_;
  spec::OperandType type_ = spec::OperandType::Float32;
  bool scaled_ = false;
};

/// The numbers of a floating-point tensor in another type, rounded once to nearest even; little-endian.
std::vector<std::byte> convert_floats(spec::FloatType from, std::span<const std::byte> bytes,
                                      spec::FloatType to);

/// The tensor called `name` of a file, or, when that is empty, its only one among those that `is_candidate`
/// takes. Throws BadInput; `flag` is what would say the name.
const io::TensorInfo& choose_tensor(const io::TensorFile& file, const std::string& name,
                                    const std::string& flag,
                                    const std::function<bool(const io::TensorInfo&)>& is_candidate);

}  // namespace mxemu::cli
