// Writing a file of tensors, streamed tensor by tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tools/io/container.hpp"
#include "tools/io/output_file.hpp"
#include "tools/io/tensor.hpp"
#include "tools/io/tensor_file.hpp"

namespace mxemu::io {

/// Receives the data of the declared tensors in their order. The file appears at `commit`, or not at all.
class TensorWriter {
 public:
  TensorWriter(const std::filesystem::path& path, const std::string& header,
               std::vector<std::uint64_t> tensor_bytes, std::uint64_t alignment);

  /// The next bytes, in chunks of any size: a chunk may end inside a tensor or span several. Throws
  /// std::invalid_argument when the declared tensors are already complete, FileError when the disk refuses.
  void write(std::span<const std::byte> data);
  /// Throws std::invalid_argument, and writes nothing, while declared data is missing.
  void commit();

 private:
  void finish_full_tensors();

  OutputFile file_;
  std::vector<std::uint64_t> tensor_bytes_;
  std::uint64_t alignment_;
  std::size_t tensor_ = 0;     // the one being written
  std::uint64_t written_ = 0;  // of its bytes
};

/// Starts a file that will hold exactly `tensors`. npy and raw files hold one tensor and no metadata, which
/// is dropped. `gguf_template`, when it is a GGUF file and so is the output, gives its alignment
/// and its key-value pairs, of which the strings are those that `metadata` names. Throws FileError, and
/// leaves nothing, on a tensor that the container cannot hold, a repeated name, or a path that cannot be
/// written.
std::unique_ptr<TensorWriter> create_writer(const std::filesystem::path& path, Container container,
                                            const std::vector<TensorDeclaration>& tensors,
                                            const Metadata& metadata = {},
                                            const TensorFile* gguf_template = nullptr);

}  // namespace mxemu::io
