#include "conformance/vectors/batch_builder.hpp"

#include <algorithm>

namespace mxemu::conformance::vectors {
namespace {

/// Large enough for the arrays of a batch to be worth their set-up, small enough for the caches.
constexpr std::size_t most_elements = 16384;

}  // namespace

BatchBuilder::BatchBuilder(const Recipe& recipe, const TakeBatch& take)
    : recipe_(recipe),
      take_(take),
      random_words_(spec::format_of(recipe.type), ~recipe.seed),
      stochastic_(gives_codes(recipe.operation) &&
                  recipe.request.rounding.mode == spec::RoundingMode::Stochastic) {
  start_batch(0);
}

void BatchBuilder::start_batch(std::size_t elements) {
  batch_.notes.clear();
  batch_.cases = Cases{.operation = recipe_.operation,
                       .request = recipe_.request,
                       .elements = elements,
                       .numbers = Numbers(recipe_.type)};
}

void BatchBuilder::numbers(std::span<const std::uint64_t> numbers, const std::string& note) {
  end_case(numbers.size(), note);
  for (const std::uint64_t bits : numbers) batch_.cases.numbers.push_back(bits);
}

void BatchBuilder::scaled_numbers(std::uint8_t scale, std::span<const std::uint64_t> values,
                                  const std::string& note) {
  numbers(values, note);
  batch_.cases.scales.push_back(scale);
}

void BatchBuilder::codes(std::span<const std::uint8_t> codes, const std::string& note) {
  end_case(codes.size(), note);
  batch_.cases.codes.insert(batch_.cases.codes.end(), codes.begin(), codes.end());
}

void BatchBuilder::scaled_codes(std::uint8_t scale, std::span<const std::uint8_t> values,
                                const std::string& note) {
  codes(values, note);
  batch_.cases.scales.push_back(scale);
}

/// Closes the batch before a case of another shape, and before one too many.
void BatchBuilder::end_case(std::size_t elements, const std::string& note) {
  const bool fits = (batch_.notes.size() + 1) * elements <= std::max(most_elements, elements);
  if (batch_.cases.elements != elements || !fits) flush();
  if (batch_.notes.empty()) start_batch(elements);
  batch_.notes.push_back(note);
  if (!stochastic_) return;
  for (std::size_t i = 0; i < elements; ++i) batch_.cases.random_words.push_back(random_words_.word());
}

void BatchBuilder::flush() {
  if (!batch_.notes.empty()) take_(batch_);
  start_batch(0);
}

}  // namespace mxemu::conformance::vectors
