// Dot products as a subject is asked for them: batches of cases of one pair of operands, the answer to each
// one number. A case is one dot product (MX 6.1, 6.2) of `elements` elements, added to c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/float_format.hpp"
#include "spec/operand.hpp"

namespace mxemu::conformance {

/// What a case has on one side: elements of blocks under E8M0 scales, elements without scales, or plain
/// floating-point numbers.
struct DotOperand {
  spec::OperandType type = spec::OperandType::E4M3;
  bool scaled = true;  ///< elements only

  bool operator==(const DotOperand&) const = default;
};

/// MXFP8_E4M3 under scales; E4M3 without; bf16, f16, f32.
const char* name_of(DotOperand operand);
/// The operand called `name`, or nothing.
std::optional<DotOperand> parse_dot_operand(std::string_view name);
/// Under scales, without, plain.
std::vector<DotOperand> every_dot_operand();

/// One pair of operands whose dot products a subject says it computes, and how it says it sums them.
struct DotCapability {
  DotOperand a = {};
  DotOperand b = {};
  spec::FloatType output = spec::FloatType::Float32;  ///< of the result and of c; never f64
  std::string accumulator = {};  ///< a row of spec/accumulator.hpp, or "": it does not say

  bool operator==(const DotCapability&) const = default;
};

/// "MXFP8_E4M3 MXFP4_E2M1 f32": the words that a declaration, a case and a report have for the pair.
std::string describe(const DotCapability& pair);
/// "MXFP8_E4M3,MXFP4_E2M1,f32": the same as one word of a command, and the pair that such a word names.
std::string operands_text(const DotCapability& pair);
std::optional<DotCapability> parse_operands(std::string_view text);

/// The codes and scales of one operand, case after case: codes little-endian in spec::code_bytes(type) bytes.
struct DotCodes {
  std::vector<std::byte> codes = {};
  std::vector<std::uint8_t> scales = {};  ///< E8M0, one per block; empty where the operand has none
};

/// Cases of `elements` elements each. Blocks start at element 0; the last one of a case may be short.
struct DotCases {
  DotOperand a_operand = {};
  DotOperand b_operand = {};
  spec::FloatType output = spec::FloatType::Float32;
  int block_size = 32;
  std::size_t elements = 32;
  DotCodes a = {};
  DotCodes b = {};
  std::vector<std::uint32_t> c = {};  ///< one code of the output type per case

  std::size_t count() const { return c.size(); }
  std::size_t blocks() const;  ///< of one case
  DotCapability pair() const { return {a_operand, b_operand, output, {}}; }
};

/// Results in the order of the cases, each a code of the output type.
struct DotAnswers {
  std::vector<std::uint32_t> results = {};
  std::vector<bool> unsupported = {};  ///< empty: all are supported

  bool is_supported(std::size_t index) const { return unsupported.empty() || !unsupported[index]; }
};

/// Throws std::invalid_argument when an array is not as long as cases, elements and blocks say, or a code has
/// bits beyond its width.
void require_sizes(const DotCases& cases);

/// Appends a case of the batch's shape: codes of its elements, scales of its blocks.
struct DotLine {
  std::vector<std::uint32_t> codes = {};
  std::vector<std::uint8_t> scales = {};
};
void append(DotCases& cases, const DotLine& a, const DotLine& b, std::uint32_t c);

/// One operand of case `index`.
DotLine line_of(const DotCases& cases, const DotCodes& codes, DotOperand operand, std::size_t index);

/// Cases `first` to `first + count - 1` as a batch of their own.
DotCases part_of(const DotCases& cases, std::size_t first, std::size_t count);

}  // namespace mxemu::conformance
