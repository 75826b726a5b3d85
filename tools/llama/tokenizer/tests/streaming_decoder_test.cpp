// Decoding id by id: what comes out when, and what is no character.
#include "tools/llama/tokenizer/streaming_decoder.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tools/io/utf8.hpp"

namespace mxemu::llama::tests {
namespace {

Vocabulary bytes_as_tokens() {
  Vocabulary vocabulary;
  for (int byte = 0; byte < 256; ++byte)
    vocabulary.add(byte, std::string(1, static_cast<char>(byte)), PieceKind::Byte);
  vocabulary.add(256, "<s>", PieceKind::Special);
  vocabulary.add(257, " a", PieceKind::Text);
  return vocabulary;
}

std::vector<std::string> pushed(const Vocabulary& vocabulary, DecodeRule rule, const std::string& bytes) {
  StreamingDecoder decoder(vocabulary, rule, SpecialText::Omitted);
  std::vector<std::string> out;
  for (const char byte : bytes) out.push_back(decoder.push(static_cast<unsigned char>(byte)));
  out.push_back(decoder.finish());
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

TEST(StreamingDecoder, HoldsACharacterBackUntilItIsWhole) {
  const Vocabulary vocabulary = bytes_as_tokens();
  EXPECT_EQ(pushed(vocabulary, {}, "a\u00e9\u4f60\U0001F600"),
            (std::vector<std::string>{"a", "", "\u00e9", "", "", "\u4f60", "", "", "", "\U0001F600", ""}));
}

TEST(StreamingDecoder, LetsGoOfWhatCannotBecomeACharacter) {
  const Vocabulary vocabulary = bytes_as_tokens();
  EXPECT_EQ(pushed(vocabulary, {},
                   "\xE4"
                   "a"),
            (std::vector<std::string>{"", "\uFFFDa", ""}));
  EXPECT_EQ(pushed(vocabulary, {}, "\xF0\x9F"), (std::vector<std::string>{"", "", "\uFFFD"}));
  EXPECT_EQ(pushed(vocabulary, {}, "\xC0"), (std::vector<std::string>{"\uFFFD", ""}));
}

// The table of Unicode 15 section 3.9 (U+FFFD substitution of maximal subparts), tables 3-8 to 3-11.
TEST(StreamingDecoder, ReplacesMaximalSubpartsAsUnicodeShowsIt) {
  const Vocabulary vocabulary = bytes_as_tokens();
  const auto text = [&](const std::string& bytes) { return joined(pushed(vocabulary, {}, bytes)); };
  const std::string r = "\uFFFD";
  EXPECT_EQ(text("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(text("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(text("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(text("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
}

TEST(StreamingDecoder, ReplacesEachByteWhereTheModelFallsBackToBytes) {
  const Vocabulary vocabulary = bytes_as_tokens();
  const DecodeRule rule{.first_space = FirstSpace::Kept, .ill_formed = IllFormed::EachByte};
  EXPECT_EQ(joined(pushed(vocabulary, rule,
                          "\xE1\x80"
                          "A")),
            "\uFFFD\uFFFDA");
}

TEST(StreamingDecoder, DropsOneSpaceAtTheStartByItsRule) {
  const Vocabulary vocabulary = bytes_as_tokens();
  const auto text = [&](FirstSpace first_space, const std::vector<TokenId>& ids) {
    StreamingDecoder decoder(vocabulary, {.first_space = first_space, .ill_formed = IllFormed::EachByte},
                             SpecialText::Omitted);
    std::string out;
    for (const TokenId id : ids) out += decoder.push(id);
    return out + decoder.finish();
  };
  EXPECT_EQ(text(FirstSpace::Kept, {256, 257, 257}), " a a");
  EXPECT_EQ(text(FirstSpace::Dropped, {256, 257, 257}), "a a")
      << "special tokens that are not written do not count";
  EXPECT_EQ(text(FirstSpace::Dropped, {' ', ' '}), " ");
  EXPECT_EQ(text(FirstSpace::DroppedFromText, {' ', 257}), "  a");
  EXPECT_EQ(text(FirstSpace::DroppedFromText, {257}), "a");
}

TEST(StreamingDecoder, WritesSpecialTokensWhenTold) {
  const Vocabulary vocabulary = bytes_as_tokens();
  StreamingDecoder decoder(vocabulary, {}, SpecialText::Written);
  EXPECT_EQ(decoder.push(256), "<s>");
  EXPECT_THROW(decoder.push(258), std::invalid_argument);
}

TEST(StreamingDecoder, RandomBytesComeOutAsUtf8AndUtf8AsItself) {
  const Vocabulary vocabulary = bytes_as_tokens();
  std::mt19937_64 random(1);  // seed
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (std::uint64_t n = random() % 12; n > 0; --n) {
      constexpr unsigned char interesting[] = {0x41, 0x80, 0xBF, 0xC2, 0xDF, 0xE0, 0xED,
                                               0xEF, 0xF0, 0xF4, 0x9F, 0xA0, 0x8F, 0x90};
      bytes += static_cast<char>(random() % 4 == 0 ? random() & 0xFF
                                                   : interesting[random() % std::size(interesting)]);
    }
    const std::string text = joined(pushed(vocabulary, {}, bytes));
    EXPECT_TRUE(io::is_utf8(text));
    if (io::is_utf8(bytes)) {
      EXPECT_EQ(text, bytes);
    }
  }
}

}  // namespace
}  // namespace mxemu::llama::tests
