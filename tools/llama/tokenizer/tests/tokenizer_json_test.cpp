// tokenizer.json: each node on a small file of our own. Whole files beside other implementations:
// peers_test.py.
#include "tools/llama/tokenizer/tests/made_json.hpp"

namespace mxemu::llama::tests {
namespace {

using nlohmann::json;

class TokenizerJson : public TokenizerFiles {};

TEST_F(TokenizerJson, MergesByRankWithinWords) {
  const auto tokenizer = open(byte_level_document());
  EXPECT_EQ(plain_ids(*tokenizer, "hello wo"), (Ids{hello, space_w, 'o'}));
  EXPECT_EQ(plain_ids(*tokenizer, "hellhe"), (Ids{hell, he}));
  EXPECT_EQ(plain_ids(*tokenizer, "lll"), (Ids{ll, 'l'})) << "the leftmost pair of equals merges";
  EXPECT_EQ(plain_ids(*tokenizer, ""), Ids{});
}

TEST_F(TokenizerJson, IgnoreMergesTakesAWholeWordThatIsInTheVocabulary) {
  json document = byte_level_document();
  EXPECT_EQ(plain_ids(*open(document), "a zebra"), (Ids{'a', zebra}));
  document["model"]["ignore_merges"] = false;
  EXPECT_EQ(plain_ids(*open(document), "a zebra"), (Ids{'a', ' ', 'z', 'e', 'b', 'r', 'a'}));
}

TEST_F(TokenizerJson, MergesAsListsAreTheSame) {
  json document = byte_level_document();
  document["model"]["merges"] =
      json::parse(R"([["h", "e"], ["l", "l"], ["he", "ll"], ["hell", "o"], ["Ġ", "w"]])");
  EXPECT_EQ(plain_ids(*open(document), "hello wo"), (Ids{hello, space_w, 'o'}));
}

TEST_F(TokenizerJson, BosComesFromTheTemplate) {
  const auto tokenizer = open(byte_level_document());
  EXPECT_EQ(tokenizer->encode("he"), (Ids{bos, he}));
  EXPECT_EQ(tokenizer->encode(""), Ids{bos});
  EXPECT_EQ(tokenizer->special_ids().bos, bos);
  EXPECT_EQ(tokenizer->vocabulary_size(), 264u);
}

TEST_F(TokenizerJson, BosComesFromTheConfigurationWhereThereIsNoTemplate) {
  json document = byte_level_document();
  document["post_processor"] = nullptr;
  EXPECT_EQ(open(document)->encode("he"), Ids{he});
  write("tokenizer_config.json", R"({"bos_token": "<|bos|>", "eos_token": {"content": "<|eot|>"}})");
  const auto tokenizer = open(document);
  EXPECT_EQ(tokenizer->encode("he"), (Ids{bos, he}));
  EXPECT_EQ(tokenizer->special_ids().eos, eot);
  EXPECT_EQ(tokenizer->special_ids().end_of_generation, Ids{eot});
  write("tokenizer_config.json", R"({"bos_token": "<|bos|>", "add_bos_token": false})");
  EXPECT_EQ(open(document)->encode("he"), Ids{he});
}

TEST_F(TokenizerJson, SpecialTokensAreTextUnlessParsed) {
  const auto tokenizer = open(byte_level_document());
  const std::string text = "he<|eot|>he";
  EXPECT_EQ(tokenizer->encode(text, {.bos = false, .parse_special = true}), (Ids{he, eot, he}));
  const Ids as_text = plain_ids(*tokenizer, text);
  EXPECT_EQ(as_text.size(), 9u);
  EXPECT_EQ(tokenizer->decode(as_text), text);
}

TEST_F(TokenizerJson, AddedTokensThatAreNotSpecialAreAlwaysFound) {
  json document = byte_level_document();
  document["added_tokens"][1]["special"] = false;
  EXPECT_EQ(plain_ids(*open(document), "he<|eot|>"), (Ids{he, eot}));
}

TEST_F(TokenizerJson, AddedTokensTakeWhiteSpaceBesideThemWhenTold) {
  json document = byte_level_document();
  json& token = document["added_tokens"][1];
  token["special"] = false;
  token["lstrip"] = true;
  EXPECT_EQ(plain_ids(*open(document), "he \u3000\u00a0<|eot|> he"), (Ids{he, eot, ' ', he}));
  token["rstrip"] = true;
  EXPECT_EQ(plain_ids(*open(document), "he <|eot|>\n\u2003 he"), (Ids{he, eot, he}));
}

TEST_F(TokenizerJson, SingleWordTokensAreFoundOnlyBetweenWords) {
  json document = byte_level_document();
  document["added_tokens"][1] = {{"id", eot}, {"content", "hex"}, {"single_word", true}, {"special", false}};
  const auto tokenizer = open(document);
  EXPECT_EQ(plain_ids(*tokenizer, "hex"), Ids{eot});
  EXPECT_EQ(plain_ids(*tokenizer, "(hex)"), (Ids{'(', eot, ')'}));
  EXPECT_EQ(plain_ids(*tokenizer, "ahex"), (Ids{'a', he, 'x'}));
  EXPECT_EQ(plain_ids(*tokenizer, "hex_"), (Ids{he, 'x', '_'}));
}

TEST_F(TokenizerJson, NormalizedTokensAreFoundOnceTheTextIsNormalised) {
  json document = byte_level_document();
  document["normalizer"] = {{"type", "NFC"}};
  document["added_tokens"][1] = {
      {"id", eot}, {"content", "caf\u00e9"}, {"special", false}, {"normalized", true}};
  EXPECT_EQ(plain_ids(*open(document), "cafe\u0301"), Ids{eot});
  document["added_tokens"][1]["normalized"] = false;
  EXPECT_NE(plain_ids(*open(document), "cafe\u0301"), Ids{eot});
}

TEST_F(TokenizerJson, NfcComposesBeforeTheText) {
  json document = byte_level_document();
  EXPECT_EQ(plain_ids(*open(document), "e\u0301").size(), 3u);
  document["normalizer"] = {{"type", "NFC"}};
  EXPECT_EQ(plain_ids(*open(document), "e\u0301"), (Ids{0xC3, 0xA9}));
}

TEST_F(TokenizerJson, TheSplitExpressionIsTheFiles) {
  json document = byte_level_document();
  json& split = document["pre_tokenizer"]["pretokenizers"][0];
  split["pattern"]["Regex"] = "l";
  EXPECT_EQ(plain_ids(*open(document), "hello"), (Ids{he, 'l', 'l', 'o'}));
  split["pattern"] = {{"String", "."}};
  EXPECT_EQ(plain_ids(*open(document), "hel.lo"), (Ids{he, 'l', '.', 'l', 'o'}));
}

TEST_F(TokenizerJson, SplitBehaviorsKeepOrJoinWhatMatched) {
  json document =
      byte_level_document();  // whole words that are in the vocabulary show where the text was split
  for (const auto& [token, id] : {std::pair{"--", 264}, std::pair{"he-", 265}, std::pair{"-he", 266}})
    document["model"]["vocab"][token] = id;
  json& split = document["pre_tokenizer"]["pretokenizers"][0];
  split["pattern"] = {{"String", "-"}};
  const auto words = [&](const char* behavior, bool invert) {
    split["behavior"] = behavior;
    split["invert"] = invert;
    return plain_ids(*open(document), "he--he");
  };
  EXPECT_EQ(words("Isolated", false), (Ids{he, '-', '-', he}));
  EXPECT_EQ(words("Removed", false), (Ids{he, he}));
  EXPECT_EQ(words("Removed", true), (Ids{'-', '-'}));
  EXPECT_EQ(words("Contiguous", false), (Ids{he, 264, he}));
  EXPECT_EQ(words("MergedWithPrevious", false), (Ids{265, '-', he}));
  EXPECT_EQ(words("MergedWithNext", false), (Ids{he, '-', 266}));
}

TEST_F(TokenizerJson, ByteLevelSplitsAndPrependsASpaceWhenTold) {
  json document = byte_level_document();
  document["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"use_regex", true}};
  EXPECT_EQ(plain_ids(*open(document), "w w"), (Ids{space_w, space_w}));
  EXPECT_EQ(plain_ids(*open(document), " w"), Ids{space_w});
}

TEST_F(TokenizerJson, DigitsStandAloneOrTogether) {
  json document = byte_level_document();
  json& digits = document["pre_tokenizer"]["pretokenizers"][0];
  document["model"]["vocab"]["12"] = 264;
  digits = {{"type", "Digits"}, {"individual_digits", true}};
  EXPECT_EQ(plain_ids(*open(document), "12"), (Ids{'1', '2'}));
  digits = {{"type", "Digits"}, {"individual_digits", false}};
  EXPECT_EQ(plain_ids(*open(document), "a12"), (Ids{'a', 264}));
}

TEST_F(TokenizerJson, BytesStandForCharactersThatTheVocabularyLacks) {
  const auto tokenizer = open(byte_fallback_document());
  EXPECT_EQ(plain_ids(*tokenizer, "ab a"), (Ids{space_a, b, space_a}));
  EXPECT_EQ(plain_ids(*tokenizer, "\u00e9"), (Ids{space, 1 + 0xC3, 1 + 0xA9}));
  EXPECT_EQ(tokenizer->decode(Ids{space, 1 + 0xC3, 1 + 0xA9, space_a}), "\u00e9 a");
  EXPECT_EQ(tokenizer->decode(Ids{1 + 0xC3, ab}), "\uFFFDab");
}

TEST_F(TokenizerJson, UnknownCharactersFuseWhenTold) {
  json document = byte_fallback_document();
  document["model"]["byte_fallback"] = false;
  EXPECT_EQ(plain_ids(*open(document), "\u00e9\u00e8"), (Ids{space, 0}));
  document["model"]["fuse_unk"] = false;
  EXPECT_EQ(plain_ids(*open(document), "\u00e9\u00e8"), (Ids{space, 0, 0}));
  document["model"].erase("unk_token");
  EXPECT_THROW(plain_ids(*open(document), "\u00e9"), std::invalid_argument);
}

TEST_F(TokenizerJson, MetaspacePrependsToTheFirstPartOnly) {
  json document = byte_fallback_document();
  document["normalizer"] = nullptr;
  document["pre_tokenizer"] = {
      {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", false}};
  document["added_tokens"] = {{{"id", 262}, {"content", "<s>"}, {"special", true}, {"normalized", false}}};
  const auto ids = [&] { return open(document)->encode("ab<s>ab", {.bos = false, .parse_special = true}); };
  EXPECT_EQ(ids(), (Ids{space_a, b, 262, ab}));
  document["pre_tokenizer"]["prepend_scheme"] = "always";
  EXPECT_EQ(ids(), (Ids{space_a, b, 262, space_a, b}));
  document["pre_tokenizer"]["prepend_scheme"] = "never";
  EXPECT_EQ(ids(), (Ids{ab, 262, ab}));
}

TEST_F(TokenizerJson, RefusesTextThatIsNotUtf8AndIdsThatAreNotTokens) {
  const auto tokenizer = open(byte_level_document());
  EXPECT_THROW(tokenizer->encode("a\xC3"), std::invalid_argument);
  EXPECT_THROW(tokenizer->encode("\xED\xA0\x80"), std::invalid_argument) << "a surrogate";
  EXPECT_THROW(tokenizer->decode(Ids{264}), std::invalid_argument);
  EXPECT_THROW(tokenizer->decode(Ids{-1}), std::invalid_argument);
}

TEST_F(TokenizerJson, NulIsAByteLikeAnyOther) {
  const auto tokenizer = open(byte_level_document());
  const std::string text("he\0he", 5);
  EXPECT_EQ(plain_ids(*tokenizer, text), (Ids{he, 0, he}));
  EXPECT_EQ(tokenizer->decode(Ids{he, 0, he}), text);
}

}  // namespace
}  // namespace mxemu::llama::tests
