#include "tools/llama/forward/session.hpp"

#include <algorithm>
#include <stdexcept>

namespace mxemu::llama {
namespace {

std::unique_ptr<Multiplier> make_multiplier(const SessionOptions& options) {
  if (!options.accumulators.empty())
    return std::make_unique<AccumulatorMultiplier>(options.accumulators, options.execution);
  return std::make_unique<LibraryMultiplier>(options.execution);
}

std::unique_ptr<Operands> or_plain(std::unique_ptr<Operands> operands, const SessionOptions& options) {
  return operands ? std::move(operands) : std::make_unique<PlainOperands>(options.compute, options.execution);
}

}  // namespace

Session::Session(const Checkpoint& checkpoint, const SessionOptions& options,
                 std::unique_ptr<Operands> operands)
    : chunk_(options.prefill_chunk),
      operands_(or_plain(std::move(operands), options)),
      multiplier_(make_multiplier(options)),
      products_(checkpoint, options.compute, *operands_, *multiplier_, options.execution),
      transformer_(checkpoint, products_),
      cache_(checkpoint.config(), options.compute) {
  if (chunk_ == 0) throw std::invalid_argument("a pass takes at least one token");
}

std::span<const float> Session::next(std::span<const int> tokens) {
  if (tokens.empty()) throw std::invalid_argument("there is no token to go on from");
  if (const std::size_t length = cache_.length() + tokens.size(); length > transformer_.longest_text())
    throw std::invalid_argument("a text of " + std::to_string(length) +
                                " tokens is longer than the context of " +
                                std::to_string(transformer_.longest_text()));
  Matrix states;
  for (std::size_t first = 0; first < tokens.size(); first += chunk_) {
    const NextTokens chunk{&cache_, tokens.subspan(first, std::min(chunk_, tokens.size() - first))};
    states = transformer_.forward({&chunk, 1});
  }
  const MutableMatrix logits = logits_.resize(1, transformer_.config().vocab_size);
  transformer_.logits(states.rows_from(states.rows - 1, 1), logits);
  return logits.row(0);
}

}  // namespace mxemu::llama
