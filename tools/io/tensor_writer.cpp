#include "tools/io/tensor_writer.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "tools/io/error.hpp"
#include "tools/io/gguf.hpp"
#include "tools/io/npy.hpp"
#include "tools/io/safetensors.hpp"

namespace mxemu::io {
namespace {

std::vector<std::uint64_t> checked_sizes(const std::filesystem::path& path,
                                         const std::vector<TensorDeclaration>& tensors) {
  std::unordered_set<std::string_view> names;
  std::vector<std::uint64_t> sizes;
  for (const TensorDeclaration& tensor : tensors) {
    if (!names.insert(tensor.name).second)
      throw FileError(path, tensor_prefix(tensor.name) + "the name is declared twice");
    const ByteSize size = byte_size_of(tensor.dtype, tensor.shape);
    if (!size.problem.empty()) throw FileError(path, tensor_prefix(tensor.name) + size.problem);
    sizes.push_back(size.bytes);
  }
  return sizes;
}

std::string header_of(const std::filesystem::path& path, Container container,
                      const std::vector<TensorDeclaration>& tensors, const Metadata& metadata,
                      const GgufSource* source) {
  switch (container) {
    case Container::Safetensors: return safetensors_header(path, tensors, metadata);
    case Container::Npy: return npy_header(path, tensors);
    case Container::Gguf: return gguf_header(path, tensors, metadata, source);
    case Container::Raw: break;
  }
  if (tensors.size() != 1)
    throw FileError(path, "a raw file holds one tensor, not " + std::to_string(tensors.size()));
  return {};
}

}  // namespace

TensorWriter::TensorWriter(const std::filesystem::path& path, const std::string& header,
                           std::vector<std::uint64_t> tensor_bytes, std::uint64_t alignment)
    : file_(path), tensor_bytes_(std::move(tensor_bytes)), alignment_(alignment) {
  file_.append(std::as_bytes(std::span(header)));
  finish_full_tensors();
}

// Moves past every tensor that is complete, empty ones included, padding the file behind each.
void TensorWriter::finish_full_tensors() {
  while (tensor_ < tensor_bytes_.size() && written_ == tensor_bytes_[tensor_]) {
    std::uint64_t padding = (alignment_ - file_.size() % alignment_) % alignment_;
    const std::vector<std::byte> zeros(static_cast<std::size_t>(std::min<std::uint64_t>(padding, 4096)));
    while (padding != 0) {
      const auto chunk =
          std::span(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(padding, zeros.size())));
      file_.append(chunk);
      padding -= chunk.size();
    }
    ++tensor_;
    written_ = 0;
  }
}

void TensorWriter::write(std::span<const std::byte> data) {
  while (!data.empty()) {
    if (tensor_ == tensor_bytes_.size())
      throw std::invalid_argument(std::to_string(data.size()) + " bytes more than the " +
                                  std::to_string(tensor_bytes_.size()) + " declared tensors hold");
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), tensor_bytes_[tensor_] - written_));
    file_.append(data.first(count));
    data = data.subspan(count);
    written_ += count;
    finish_full_tensors();
  }
}

void TensorWriter::commit() {
  if (tensor_ != tensor_bytes_.size())
    throw std::invalid_argument("tensor " + std::to_string(tensor_) + " has " + std::to_string(written_) +
                                " of its " + std::to_string(tensor_bytes_[tensor_]) + " bytes");
  file_.commit();
}

std::unique_ptr<TensorWriter> create_writer(const std::filesystem::path& path, Container container,
                                            const std::vector<TensorDeclaration>& tensors,
                                            const Metadata& metadata, const TensorFile* gguf_template) {
  auto sizes = checked_sizes(path, tensors);
  std::optional<GgufSource> source;
  if (gguf_template != nullptr && gguf_template->container() == Container::Gguf)
    source.emplace(GgufSource{gguf_template->file_bytes(), gguf_template->contents()});
  const std::string header = header_of(path, container, tensors, metadata, source ? &*source : nullptr);
  std::uint64_t alignment = 1;
  if (container == Container::Gguf) alignment = source ? source->contents.alignment : gguf_default_alignment;
  return std::make_unique<TensorWriter>(path, header, std::move(sizes), alignment);
}

}  // namespace mxemu::io
