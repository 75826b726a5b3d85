#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/io/tensor_file.hpp"
#include "tools/llama/model/stores.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

class SafetensorsStore final : public TensorStore {
 public:
  explicit SafetensorsStore(std::vector<io::TensorFile> files) : files_(std::move(files)) {
    for (std::size_t file = 0; file < files_.size(); ++file)
      for (const io::TensorInfo& info : files_[file].tensors()) add(file, info);
  }

  const Weight* find(std::string_view name) const override {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? nullptr : &found->second.weight;
  }

  std::filesystem::path file_of(std::string_view name) const override {
    return files_[tensors_.find(name)->second.file].path();
  }

  void release(std::string_view name) const override {
    const auto found = tensors_.find(name);
    if (found != tensors_.end()) files_[found->second.file].release(*found->second.info);
  }

 private:
  struct Entry {
    std::size_t file;
    const io::TensorInfo* info;
    Weight weight;
  };

  /// Tensors of other types or ranks are none of a model's: they count as absent.
  void add(std::size_t file, const io::TensorInfo& info) {
    const auto type = io::float_type_of(info.dtype);
    if (!type || *type == spec::FloatType::Float64 || info.shape.empty() || info.shape.size() > 2) return;
    const std::size_t rows = info.shape.size() == 1 ? 1 : static_cast<std::size_t>(info.shape[0]);
    Weight weight{.name = info.name,
                  .type = *type,
                  .rows = rows,
                  .columns = static_cast<std::size_t>(info.shape.back()),
                  .bytes = files_[file].bytes(info)};
    const auto [there, added] = tensors_.emplace(info.name, Entry{file, &info, std::move(weight)});
    if (!added)
      throw io::FileError(files_[file].path(), io::tensor_prefix(info.name) + "is in " +
                                                   files_[there->second.file].path().string() + " as well");
  }

  std::vector<io::TensorFile> files_;
  std::map<std::string, Entry, std::less<>> tensors_;
};

json read_index(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const json document = json::parse(text, nullptr, false);
  const auto map = document.is_object() ? document.find("weight_map") : document.end();
  if (!document.is_object() || map == document.end() || !map->is_object())
    throw io::FileError(path, "is no JSON object with a \"weight_map\"");
  for (const auto& [tensor, shard] : map->items())
    if (!shard.is_string())
      throw io::FileError(path, "weight_map: " + io::in_quotes(tensor) + " is in no file's name");
  return *map;
}

/// A shard is beside its index: a name with a folder in it could be any file of the machine.
io::TensorFile open_shard(const std::filesystem::path& index, const std::string& name) {
  const std::filesystem::path shard = index.parent_path() / name;
  if (std::filesystem::path(name).filename() != std::filesystem::path(name) || name == "..")
    throw io::FileError(index, "weight_map: " + io::in_quotes(name) + " is no name of a file beside it");
  if (!std::filesystem::exists(shard))
    throw io::FileError(index, "weight_map names " + io::in_quotes(name) + ", which is not there");
  return io::TensorFile::open(shard);
}

std::vector<io::TensorFile> open_shards(const std::filesystem::path& index) {
  const json map = read_index(index);
  std::map<std::string, std::vector<std::string>> tensors_of;
  for (const auto& [tensor, shard] : map.items()) tensors_of[shard.get<std::string>()].push_back(tensor);
  std::vector<io::TensorFile> files;
  for (const auto& [shard, tensors] : tensors_of) {
    files.push_back(open_shard(index, shard));
    for (const std::string& tensor : tensors)
      if (files.back().find(tensor) == nullptr)
        throw io::FileError(files.back().path(), "there is no tensor " + io::in_quotes(tensor) + ", which " +
                                                     index.filename().string() + " says is here");
  }
  return files;
}

}  // namespace

std::unique_ptr<TensorStore> open_safetensors(const std::filesystem::path& directory) {
  const auto index = directory / "model.safetensors.index.json";
  const auto single = directory / "model.safetensors";
  std::vector<io::TensorFile> files;
  if (std::filesystem::exists(index)) {
    files = open_shards(index);
  } else if (std::filesystem::exists(single)) {
    files.push_back(io::TensorFile::open(single));
  } else {
    throw io::FileError(directory, "there is neither model.safetensors nor model.safetensors.index.json");
  }
  return std::make_unique<SafetensorsStore>(std::move(files));
}

}  // namespace mxemu::llama
