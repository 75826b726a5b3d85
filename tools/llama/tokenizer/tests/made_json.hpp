// A small tokenizer.json of our own making, to change one thing of.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tools/llama/tokenizer/tokenizer.hpp"

namespace mxemu::llama::tests {

/// Byte-level: 256 bytes (ids are the bytes), the merges h+e, l+l, he+ll, hell+o, space+w, the word " zebra"
/// that no merge leads to, and the special tokens <|bos|> and <|eot|>.
nlohmann::json byte_level_document();
inline constexpr TokenId he = 256, ll = 257, hell = 258, hello = 259, space_w = 260, zebra = 261, bos = 262,
                         eot = 263;

/// Characters with byte fallback, as a converted SentencePiece model: <unk> 0, bytes 1 to 256, then U+2581,
/// a, b, U+2581 a, ab.
nlohmann::json byte_fallback_document();
inline constexpr TokenId space = 257, a = 258, b = 259, space_a = 260, ab = 261;

/// A directory of its own for each test.
class TokenizerFiles : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(const std::string& name, std::string_view content) const;
  std::unique_ptr<Tokenizer> open(const nlohmann::json& document) const;
  std::unique_ptr<Tokenizer> open_content(const std::string& name, std::string_view content) const;

  /// Opening must throw one sentence that names the file and contains every part.
  void expect_fault(std::string_view content, const std::vector<std::string>& parts) const;

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

using Ids = std::vector<TokenId>;

/// The ids of the text alone: neither BOS nor special tokens.
Ids plain_ids(const Tokenizer& tokenizer, std::string_view text);

/// A path below $MXEMU_DATA or ../shared/data; empty where it is absent.
std::filesystem::path data_path(const std::string& name);

}  // namespace mxemu::llama::tests
