// Gathers cases of one shape and hands them over in batches.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "conformance/vectors/batches.hpp"
#include "conformance/vectors/numbers.hpp"

namespace mxemu::conformance::vectors {

class BatchBuilder {
 public:
  BatchBuilder(const Recipe& recipe, const TakeBatch& take);

  const spec::ElementFormat& element() const { return recipe_.request.element_format(); }
  const spec::ScaleFormat& scale() const { return recipe_.request.scale_format(); }
  const spec::FloatFormat& type() const { return spec::format_of(recipe_.type); }
  std::size_t block_size() const { return static_cast<std::size_t>(recipe_.request.block_size); }

  /// One case; all cases since the last flush() have as many elements.
  void numbers(std::span<const std::uint64_t> numbers, const std::string& note = {});
  void scaled_numbers(std::uint8_t scale, std::span<const std::uint64_t> numbers,
                      const std::string& note = {});
  void codes(std::span<const std::uint8_t> codes, const std::string& note = {});
  void scaled_codes(std::uint8_t scale, std::span<const std::uint8_t> codes, const std::string& note = {});

  /// Hands over what has gathered.
  void flush();

 private:
  void end_case(std::size_t elements, const std::string& note);
  void start_batch(std::size_t elements);

  Recipe recipe_;
  const TakeBatch& take_;
  RandomNumbers random_words_;
  bool stochastic_;
  Batch batch_;
};

}  // namespace mxemu::conformance::vectors
