// What a subject is asked and what it answers: batches of cases of one operation under one request. Floats
// cross as their bits, codes and scales as bytes, one per element and one per case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/storage.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance {

enum class Operation : std::uint8_t {
  Encode,
  Decode,
  Scale,
  EncodeScaled,
  Quantize,
  Dequantize,
  QuantizeTensor,
  DequantizeTensor,
  Pack,
  Unpack
};

}  // namespace mxemu::conformance

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Operation> mxemu::spec::words<
    mxemu::conformance::Operation>[] = {
    {mxemu::conformance::Operation::Encode, "encode", "numbers to element codes, each by itself (scale 1)"},
    {mxemu::conformance::Operation::Decode, "decode", "element codes to numbers (scale 1)"},
    {mxemu::conformance::Operation::Scale, "scale", "a block of numbers to its shared scale"},
    {mxemu::conformance::Operation::EncodeScaled, "encode_scaled",
     "numbers to element codes under a scale that is given"},
    {mxemu::conformance::Operation::Quantize, "quantize", "a block of numbers to its scale and codes"},
    {mxemu::conformance::Operation::Dequantize, "dequantize", "a scale and codes to numbers"},
    {mxemu::conformance::Operation::QuantizeTensor, "quantize_tensor",
     "a tensor of numbers to scales and codes as they stand in memory"},
    {mxemu::conformance::Operation::DequantizeTensor, "dequantize_tensor",
     "scales and codes as they stand in memory to a tensor of numbers"},
    {mxemu::conformance::Operation::Pack, "pack", "scales and codes of a tensor to their bytes in memory"},
    {mxemu::conformance::Operation::Unpack, "unpack", "the bytes of a tensor in memory to scales and codes"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Operation>());

namespace mxemu::conformance {

/// What a case is: numbers or codes of one block at most, or a whole tensor with its storage.
inline constexpr Operation block_operations[] = {Operation::Encode,   Operation::Decode,
                                                 Operation::Scale,    Operation::EncodeScaled,
                                                 Operation::Quantize, Operation::Dequantize};
inline constexpr Operation tensor_operations[] = {Operation::QuantizeTensor, Operation::DequantizeTensor,
                                                  Operation::Pack, Operation::Unpack};

constexpr bool is_tensor(Operation operation) {
  return operation >= Operation::QuantizeTensor;
}
/// Codes go in and come out; neither numbers nor rules take part.
constexpr bool only_moves(Operation operation) {
  return operation == Operation::Pack || operation == Operation::Unpack;
}
constexpr bool gives_numbers(Operation operation) {
  return operation == Operation::Decode || operation == Operation::Dequantize ||
         operation == Operation::DequantizeTensor;
}
constexpr bool takes_codes(Operation operation) {
  return gives_numbers(operation) || only_moves(operation);
}
constexpr bool takes_numbers(Operation operation) {
  return !takes_codes(operation);
}
constexpr bool takes_scale(Operation operation) {
  return operation == Operation::EncodeScaled || operation == Operation::Dequantize ||
         operation == Operation::DequantizeTensor || only_moves(operation);
}
constexpr bool gives_scale(Operation operation) {
  return operation == Operation::Scale || operation == Operation::Quantize ||
         operation == Operation::QuantizeTensor || only_moves(operation);
}
constexpr bool gives_codes(Operation operation) {
  return operation == Operation::Encode || operation == Operation::EncodeScaled ||
         operation == Operation::Quantize || operation == Operation::QuantizeTensor || only_moves(operation);
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

/// How many of each belong to one case.
struct ArraySizes {
  std::size_t numbers = 0;
  std::size_t codes = 0;
  std::size_t scales = 0;

  bool operator==(const ArraySizes&) const = default;
};

/// Cases of one operation under one request, all of `elements` elements (block operations: at most the
/// request's block size; fewer are the short block at the end of a line). Case i owns elements
/// i * elements … of each array; arrays that the operation does not take are empty. A case of a tensor
/// operation is a tensor of `elements` elements; its codes and scales are as many bytes as taken() says.
struct Cases {
  Operation operation = Operation::Quantize;
  spec::Request request = {};
  std::size_t elements = 32;
  Numbers numbers = Numbers();  ///< taken; of no elements, but of the wanted type, where numbers are given
  std::vector<std::uint8_t> codes = {};
  std::vector<std::uint8_t> scales = {};         ///< one per case
  std::vector<std::uint32_t> random_words = {};  ///< one per number under stochastic rounding, else empty
  Storage storage = {};                          ///< of tensor operations

  spec::FloatType type() const { return numbers.type(); }
  std::size_t count() const;
  /// What one case takes and what its answer gives.
  ArraySizes taken() const;
  ArraySizes given() const;
  /// Elements of the shortest block of a case.
  std::size_t shortest_block() const;
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
