// What a subject is asked and what it answers: batches of cases of one operation under one request. Floats
// cross as their bits, codes and scales as bytes, one per element and one per case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "spec/float_format.hpp"
#include "spec/request.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance {

enum class Operation : std::uint8_t { Encode, Decode, Scale, EncodeScaled, Quantize, Dequantize };

}  // namespace mxemu::conformance

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Operation>
    mxemu::spec::words<mxemu::conformance::Operation>[] = {
        {mxemu::conformance::Operation::Encode, "encode",
         "numbers to element codes, each by itself (scale 1)"},
        {mxemu::conformance::Operation::Decode, "decode", "element codes to numbers (scale 1)"},
        {mxemu::conformance::Operation::Scale, "scale", "a block of numbers to its shared scale"},
        {mxemu::conformance::Operation::EncodeScaled, "encode_scaled",
         "numbers to element codes under a scale that is given"},
        {mxemu::conformance::Operation::Quantize, "quantize", "a block of numbers to its scale and codes"},
        {mxemu::conformance::Operation::Dequantize, "dequantize", "a scale and codes to numbers"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Operation>());

namespace mxemu::conformance {

constexpr bool takes_numbers(Operation operation) {
  return operation != Operation::Decode && operation != Operation::Dequantize;
}
constexpr bool takes_scale(Operation operation) {
  return operation == Operation::EncodeScaled || operation == Operation::Dequantize;
}
constexpr bool gives_scale(Operation operation) {
  return operation == Operation::Scale || operation == Operation::Quantize;
}
constexpr bool gives_codes(Operation operation) {
  return operation == Operation::Encode || operation == Operation::EncodeScaled ||
         operation == Operation::Quantize;
}
constexpr bool takes_codes(Operation operation) {
  return !takes_numbers(operation);
}
constexpr bool gives_numbers(Operation operation) {
  return !takes_numbers(operation);
}

/// Bits of floating-point numbers, little-endian, each in the bytes of its type.
class Numbers {
 public:
  explicit Numbers(spec::FloatType type = spec::FloatType::Float32, std::size_t count = 0)
      : type_(type), bytes_(count * width()) {}

  spec::FloatType type() const { return type_; }
  std::size_t size() const { return bytes_.size() / width(); }
  std::uint64_t at(std::size_t index) const;
  void set(std::size_t index, std::uint64_t bits);
  void push_back(std::uint64_t bits);
  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte>& bytes() { return bytes_; }

  bool operator==(const Numbers&) const = default;

 private:
  std::size_t width() const { return static_cast<std::size_t>(spec::format_of(type_).bytes()); }

  spec::FloatType type_;
  std::vector<std::byte> bytes_;
};

/// Cases of one operation under one request, all of `elements` elements (block operations: at most the
/// request's block size; fewer are the short block at the end of a line). Case i owns elements
/// i * elements … of each array; arrays that the operation does not take are empty.
struct Cases {
  Operation operation = Operation::Quantize;
  spec::Request request = {};
  std::size_t elements = 32;
  Numbers numbers = Numbers();  ///< taken; of no elements, but of the wanted type, where numbers are given
  std::vector<std::uint8_t> codes = {};
  std::vector<std::uint8_t> scales = {};         ///< one per case
  std::vector<std::uint32_t> random_words = {};  ///< one per number under stochastic rounding, else empty

  spec::FloatType type() const { return numbers.type(); }
  std::size_t count() const;
};

/// Answers in the order of the cases. Arrays that the operation does not give are empty; what stands in them
/// for an unsupported case means nothing.
struct Answers {
  Numbers numbers = Numbers();
  std::vector<std::uint8_t> codes = {};
  std::vector<std::uint8_t> scales = {};
  std::vector<bool> unsupported = {};  ///< empty: all are supported

  bool is_supported(std::size_t index) const { return unsupported.empty() || !unsupported[index]; }
};

/// Room for the answers to `cases`.
Answers make_answers(const Cases& cases);

}  // namespace mxemu::conformance
