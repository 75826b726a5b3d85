// The kinds of checkpoint that Checkpoint::open chooses from.
#pragma once

#include <filesystem>
#include <memory>

#include "tools/llama/model/checkpoint.hpp"

namespace mxemu::llama {

/// The safetensors files of a directory: those that model.safetensors.index.json names, else
/// model.safetensors. Throws io::FileError on an index that names an absent shard or tensor.
std::unique_ptr<TensorStore> open_safetensors(const std::filesystem::path& directory);

/// llama2.c "v0": seven int32 {dim, hidden, layers, heads, kv_heads, vocabulary, positions}, little-endian,
/// then float32 tensors; a negative vocabulary: the head is not tied. Rows of q and k are put from
/// interleaved into half-split RoPE order, that of transformers, in memory.
Checkpoint open_llama2c_model(const std::filesystem::path& file);

}  // namespace mxemu::llama
