#include "tools/llama/tokenizer/vocabulary.hpp"

#include <stdexcept>

#include "tools/io/error.hpp"

namespace mxemu::llama {

Piece& Vocabulary::slot(TokenId id) {
  if (id < 0 || id > largest_id)
    throw std::invalid_argument("the id " + std::to_string(id) + " is not between 0 and " +
                                std::to_string(largest_id));
  const auto index = static_cast<std::size_t>(id);
  if (index >= pieces_.size()) pieces_.resize(index + 1);
  return pieces_[index];
}

void Vocabulary::add(TokenId id, std::string_view bytes, PieceKind kind) {
  Piece& piece = slot(id);
  if (piece.kind != PieceKind::Absent)
    throw std::invalid_argument("the id " + std::to_string(id) + " is given to both " +
                                io::in_quotes(piece.bytes) + " and " + io::in_quotes(bytes));
  piece = {.bytes = std::string(bytes), .kind = kind};
}

void Vocabulary::replace(TokenId id, std::string_view bytes, PieceKind kind) {
  slot(id) = {.bytes = std::string(bytes), .kind = kind};
}

bool Vocabulary::contains(TokenId id) const {
  return id >= 0 && static_cast<std::size_t>(id) < pieces_.size() &&
         pieces_[static_cast<std::size_t>(id)].kind != PieceKind::Absent;
}

const Piece& Vocabulary::at(TokenId id) const {
  if (!contains(id))
    throw std::invalid_argument("no token has the id " + std::to_string(id) +
                                "; this vocabulary's are 0 to " + std::to_string(pieces_.size() - 1));
  return pieces_[static_cast<std::size_t>(id)];
}

}  // namespace mxemu::llama
