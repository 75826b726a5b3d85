// A model's files, opened and checked: every tensor that the model needs is there in its shape.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tools/llama/model/config.hpp"
#include "tools/llama/model/tensors.hpp"
#include "tools/llama/model/weight.hpp"

namespace mxemu::llama {

/// Where the tensors of a checkpoint lie.
class TensorStore {
 public:
  virtual ~TensorStore() = default;
  /// The tensor called `name`, or nothing.
  virtual const Weight* find(std::string_view name) const = 0;
  /// Where a tensor that `find` found is, for messages.
  virtual std::filesystem::path file_of(std::string_view name) const = 0;
  /// Gives the memory of a tensor back to the system; reading it again fetches it from the file.
  virtual void release(std::string_view name) const = 0;
};

/// The configuration and the weights of a model. Weights live as long as the Checkpoint.
class Checkpoint {
 public:
  /// A directory as transformers writes it (config.json; model.safetensors, or its shards and their index;
  /// F32, F16 or BF16), or a llama2.c "v0" .bin. Throws io::FileError: one sentence on what is missing or
  /// contradicts the configuration. Tensors that the model does not need are ignored.
  static Checkpoint open(const std::filesystem::path& path);

  Checkpoint(std::filesystem::path path, Config config, std::unique_ptr<TensorStore> store);

  const std::filesystem::path& path() const { return path_; }
  const Config& config() const { return config_; }
  /// Bytes of all the tensors that the model needs.
  std::uint64_t bytes() const { return bytes_; }

  bool has(std::string_view name) const { return store_->find(name) != nullptr; }
  /// Throws io::FileError where there is none.
  const Weight& weight(std::string_view name) const;
  /// Throws io::FileError where a number of a tensor of this checkpoint is NaN or infinite. `part` may be a
  /// slice, whose first row is `first_row` of the tensor.
  void require_finite(const Weight& part, std::size_t first_row = 0,
                      const fast::Execution& execution = {}) const;
  void release(std::string_view name) const { store_->release(name); }

 private:
  void require_tensors() const;

  std::filesystem::path path_;
  Config config_;
  std::unique_ptr<TensorStore> store_;
  std::uint64_t bytes_ = 0;
};

}  // namespace mxemu::llama
