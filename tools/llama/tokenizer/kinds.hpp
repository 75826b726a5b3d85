// The readers that open_tokenizer chooses from. All throw io::FileError, naming `path`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "tools/llama/tokenizer/tokenizer.hpp"

namespace mxemu::llama {

/// The tokenizer.bin of llama2.c: {int32 longest; {float32 score, int32 size, bytes}*}, little-endian, where
/// ids 0 to 2 are unknown, BOS and EOS, and 3 to 258 the bytes <0x00> to <0xFF>. Of two neighbours that
/// together are a piece, those of the highest score merge first.
std::unique_ptr<Tokenizer> open_llama2c(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace mxemu::llama
