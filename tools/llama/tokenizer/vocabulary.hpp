// What every token stands for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mxemu::llama {

using TokenId = std::int32_t;

enum class PieceKind : std::uint8_t {
  Absent,   ///< no token has this id
  Text,     ///< a piece of text, or of a character's bytes
  Byte,     ///< one byte of a character that the vocabulary does not have
  Unknown,  ///< what is written where nothing stands for the text
  Special,  ///< control: BOS, EOS, the frame of a chat
};

struct Piece {
  std::string bytes;  ///< what decoding writes: not always whole characters
  PieceKind kind = PieceKind::Absent;
};

/// The pieces by id; ids are 0 to size() - 1, some of which may be absent.
class Vocabulary {
 public:
  /// No file may name an id beyond this: memory grows with the largest.
  static constexpr TokenId largest_id = (1 << 24) - 1;

  /// Throws std::invalid_argument, without the file's name, for an id out of range or taken.
  void add(TokenId id, std::string_view bytes, PieceKind kind);
  /// A piece of the same id becomes another kind with other bytes.
  void replace(TokenId id, std::string_view bytes, PieceKind kind);

  std::size_t size() const { return pieces_.size(); }
  bool contains(TokenId id) const;
  /// Throws std::invalid_argument when no token has this id.
  const Piece& at(TokenId id) const;

 private:
  Piece& slot(TokenId id);

  std::vector<Piece> pieces_;
};

}  // namespace mxemu::llama
