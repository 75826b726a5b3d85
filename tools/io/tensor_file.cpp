#include "tools/io/tensor_file.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "tools/io/gguf.hpp"
#include "tools/io/mapped_file.hpp"
#include "tools/io/npy.hpp"
#include "tools/io/raw.hpp"
#include "tools/io/safetensors.hpp"
#include "tools/io/transpose.hpp"

namespace mxemu::io {
namespace {

Container detect(const std::filesystem::path& path, std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  // Neither magic can start a safetensors file: as a header length both exceed its bound.
  if (text.starts_with(npy_magic)) return Container::Npy;
  if (text.starts_with(gguf_magic)) return Container::Gguf;
  const auto named = container_of_extension(path);
  if (named && *named != Container::Raw) return *named;
  if (text.size() > 8 && text[8] == '{') return Container::Safetensors;
  throw FileError(path, "is no safetensors, npy or GGUF file; raw data needs a dtype and a shape");
}

Contents parse(Container container, const std::filesystem::path& path, std::span<const std::byte> file) {
  switch (container) {
    case Container::Safetensors: return parse_safetensors(path, file);
    case Container::Npy: return parse_npy(path, file);
    case Container::Gguf: return parse_gguf(path, file);
    case Container::Raw: break;
  }
  throw std::logic_error("raw data is not parsed");
}

}  // namespace

struct TensorFile::State {
  explicit State(const std::filesystem::path& opened) : path(opened), file(opened) {}

  std::filesystem::path path;
  MappedFile file;
  Container container = Container::Raw;
  Contents contents;
  std::map<std::string_view, const TensorInfo*> by_name;
  std::once_flag transposed_once;
  std::vector<std::byte> transposed;
};

TensorFile::TensorFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
TensorFile::TensorFile(TensorFile&&) noexcept = default;
TensorFile& TensorFile::operator=(TensorFile&&) noexcept = default;
TensorFile::~TensorFile() = default;

TensorFile TensorFile::open(const std::filesystem::path& path, const std::optional<RawLayout>& layout) {
  auto state = std::make_unique<State>(path);
  const auto file = state->file.bytes();
  if (layout) {
    state->contents = raw_contents(path, *layout, file.size());
  } else {
    state->container = detect(path, file);
    state->contents = parse(state->container, path, file);
  }
  for (const TensorInfo& tensor : state->contents.tensors) state->by_name.emplace(tensor.name, &tensor);
  return TensorFile(std::move(state));
}

const std::filesystem::path& TensorFile::path() const {
  return state_->path;
}
Container TensorFile::container() const {
  return state_->container;
}
const std::vector<TensorInfo>& TensorFile::tensors() const {
  return state_->contents.tensors;
}
const Metadata& TensorFile::metadata() const {
  return state_->contents.metadata;
}
std::span<const std::byte> TensorFile::file_bytes() const {
  return state_->file.bytes();
}
const Contents& TensorFile::contents() const {
  return state_->contents;
}

const TensorInfo* TensorFile::find(std::string_view name) const {
  const auto found = state_->by_name.find(name);
  return found == state_->by_name.end() ? nullptr : found->second;
}

std::span<const std::byte> TensorFile::bytes(const TensorInfo& tensor) const {
  const auto file = state_->file.bytes();
  if (tensor.byte_offset > file.size() || tensor.byte_size > file.size() - tensor.byte_offset)
    throw std::invalid_argument("bytes of a tensor of another file: offset " +
                                std::to_string(tensor.byte_offset) + ", file of " +
                                std::to_string(file.size()) + " bytes");
  const auto stored = file.subspan(tensor.byte_offset, tensor.byte_size);
  if (!state_->contents.fortran_order) return stored;
  std::call_once(state_->transposed_once, [&] {
    const auto element_bytes = static_cast<std::size_t>(format_of(tensor.dtype).unit_bits / 8);
    state_->transposed = row_major(stored, tensor.shape, element_bytes);
  });
  return state_->transposed;
}

void TensorFile::release(const TensorInfo& tensor) const {
  state_->file.release(tensor.byte_offset, tensor.byte_size);
}

}  // namespace mxemu::io
