// Token ids to text, one id at a time: characters whose bytes several tokens share come out when whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/llama/tokenizer/vocabulary.hpp"

namespace mxemu::llama {

/// Whether decoding writes special tokens ("<|eot_id|>").
enum class SpecialText : std::uint8_t { Omitted, Written };

/// What becomes of a space that starts the text: encoding put one there.
enum class FirstSpace : std::uint8_t {
  Kept,
  Dropped,          ///< whichever token it came from
  DroppedFromText,  ///< unless a byte token wrote it
};

/// How many U+FFFD bytes become that form no character.
enum class IllFormed : std::uint8_t {
  EachMaximalSubpart,  ///< one per longest start of a character (Unicode 15 section 3.9, U+FFFD substitution)
  EachByte,
};

struct DecodeRule {
  FirstSpace first_space = FirstSpace::Kept;
  IllFormed ill_formed = IllFormed::EachMaximalSubpart;
};

class StreamingDecoder {
 public:
  StreamingDecoder(const Vocabulary& vocabulary, DecodeRule rule, SpecialText special)
      : vocabulary_(&vocabulary), rule_(rule), special_(special) {}

  /// What `id` adds to the text: always whole characters. Throws std::invalid_argument for an id that no
  /// token has.
  std::string push(TokenId id);

  /// What an unfinished character at the end adds (U+FFFD); the next text may begin.
  std::string finish();

 private:
  std::string take(bool at_end);

  const Vocabulary* vocabulary_;
  DecodeRule rule_;
  SpecialText special_;
  bool at_start_ = true;
  std::string held_;  // bytes that may still become a character
};

}  // namespace mxemu::llama
