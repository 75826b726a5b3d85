// Reading a file of tensors, whatever its container.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tools/io/container.hpp"
#include "tools/io/error.hpp"
#include "tools/io/tensor.hpp"

namespace mxemu::io {

/// What a raw file, which has no header, cannot say of itself. One dimension may be -1: whatever fits.
struct RawLayout {
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;
};

/// A file of tensors, mapped read-only. Spans from `bytes` live as long as the TensorFile.
class TensorFile {
 public:
  /// With a layout the file is raw data, whatever its name. Without one the container is known by its magic,
  /// then by its extension. Throws FileError on a file that cannot be read or does not parse to the last
  /// byte.
  static TensorFile open(const std::filesystem::path& path,
                         const std::optional<RawLayout>& layout = std::nullopt);

  TensorFile(TensorFile&&) noexcept;
  TensorFile& operator=(TensorFile&&) noexcept;
  ~TensorFile();

  const std::filesystem::path& path() const;
  Container container() const;
  /// By rising byte offset.
  const std::vector<TensorInfo>& tensors() const;
  const Metadata& metadata() const;
  /// The tensor called `name`, or nullptr.
  const TensorInfo* find(std::string_view name) const;

  /// The data of one of `tensors()`, row-major, little-endian, at no particular alignment. A column-major npy
  /// array is transposed once, in memory; everything else stays in the file.
  std::span<const std::byte> bytes(const TensorInfo& tensor) const;
  /// Gives the memory of a tensor that is done with back to the system. Its bytes may be read again.
  void release(const TensorInfo& tensor) const;

  /// The whole file, and what was found in its header: what a writer needs to copy from it.
  std::span<const std::byte> file_bytes() const;
  const Contents& contents() const;

 private:
  struct State;
  explicit TensorFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mxemu::io
