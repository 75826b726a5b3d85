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

/// The tokenizer.model of Llama 3: lines of base64 bytes and a rank. The split expression and the 256 special
/// tokens after the ranks are Llama 3's; those are named as in Llama 3.1.
std::unique_ptr<Tokenizer> open_ranks(const std::filesystem::path& path, std::string_view text);

/// A SentencePiece model, such as Llama 2's tokenizer.model.
std::unique_ptr<Tokenizer> open_sentencepiece(const std::filesystem::path& path, std::string_view bytes);

/// tokenizer.json of Hugging Face's tokenizers, whose model is BPE, byte-level or with byte fallback. BOS and
/// EOS are told by tokenizer_config.json, if that lies beside it.
std::unique_ptr<Tokenizer> open_tokenizer_json(const std::filesystem::path& path, std::string_view text);

}  // namespace mxemu::llama
