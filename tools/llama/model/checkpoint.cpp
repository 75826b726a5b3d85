#include "tools/llama/model/checkpoint.hpp"

#include "tools/io/error.hpp"
#include "tools/llama/model/stores.hpp"

namespace mxemu::llama {
namespace {

/// "a, b and 3 more".
std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 8;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < shown; ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() <= shown ? text : text + " and " + std::to_string(names.size() - shown) + " more";
}

std::vector<std::int64_t> shape_of(const Weight& weight, const ModelTensor& expected) {
  if (expected.shape.size() == 1 && weight.rows == 1) return {static_cast<std::int64_t>(weight.columns)};
  return {static_cast<std::int64_t>(weight.rows), static_cast<std::int64_t>(weight.columns)};
}

}  // namespace

Checkpoint Checkpoint::open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) throw io::FileError(path, "there is no such model");
  if (!std::filesystem::is_directory(path, ignored)) return open_llama2c_model(path);
  Config config = read_config(path / "config.json");
  return {path, std::move(config), open_safetensors(path)};
}

Checkpoint::Checkpoint(std::filesystem::path path, Config config, std::unique_ptr<TensorStore> store)
    : path_(std::move(path)), config_(std::move(config)), store_(std::move(store)) {
  require_tensors();
  for (const ModelTensor& tensor : model_tensors(config_)) bytes_ += weight(tensor.name).bytes.size();
}

void Checkpoint::require_tensors() const {
  std::vector<std::string> missing;
  for (const ModelTensor& tensor : model_tensors(config_)) {
    const Weight* found = store_->find(tensor.name);
    if (found == nullptr) {
      missing.push_back(tensor.name);
      continue;
    }
    if (const auto shape = shape_of(*found, tensor); shape != tensor.shape)
      throw io::FileError(store_->file_of(tensor.name),
                          io::tensor_prefix(tensor.name) + "shape " + io::shape_text(shape) + " is not " +
                              io::shape_text(tensor.shape) + ", which the configuration asks for");
  }
  if (!missing.empty())
    throw io::FileError(path_,
                        std::to_string(missing.size()) +
                            " tensor(s) that the configuration asks for are missing: " + list_of(missing));
}

const Weight& Checkpoint::weight(std::string_view name) const {
  const Weight* found = store_->find(name);
  if (found == nullptr) throw io::FileError(path_, "there is no tensor " + io::in_quotes(name));
  return *found;
}

void Checkpoint::require_finite(const Weight& part, std::size_t first_row,
                                const fast::Execution& execution) const {
  const std::size_t index = first_not_finite(part, execution);
  if (index == part.rows * part.columns) return;
  throw io::FileError(store_->file_of(part.name), io::tensor_prefix(part.name) + "element " +
                                                      std::to_string(first_row * part.columns + index) +
                                                      " is NaN or infinite");
}

}  // namespace mxemu::llama
