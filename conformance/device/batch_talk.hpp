// A batch of whatever a device is asked, as the lines and bytes that cross its pipe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "conformance/cases.hpp"
#include "conformance/device/answer_text.hpp"
#include "conformance/device/request_text.hpp"
#include "conformance/dot/dot_cases.hpp"

namespace mxemu::conformance {

class BatchTalk {
 public:
  virtual ~BatchTalk() = default;

  virtual std::size_t count() const = 0;
  virtual std::size_t elements() const = 0;  ///< of one case

  /// The line of case `index`, with its end appended to `out`; and without it.
  virtual void append(std::size_t index, std::string& out) const = 0;
  virtual std::string line(std::size_t index) const = 0;
  /// Takes the answer to case `index` from a line. Returns what is wrong with it, or "".
  virtual std::string parse(std::string_view line, std::size_t index) = 0;
  virtual std::size_t longest_line() const = 0;

  /// The same as bytes: cases first <= i < last (conformance/PROTOCOL.md, "Binary batches").
  virtual std::string header(std::size_t first, std::size_t last, std::size_t bytes) const = 0;
  virtual std::string bytes(std::size_t first, std::size_t last) const = 0;
  virtual std::size_t answer_bytes(std::size_t first, std::size_t last) const = 0;
  virtual std::string take(std::size_t first, std::size_t last, std::string_view bytes) = 0;
};

/// Conversions.
class CaseTalk final : public BatchTalk {
 public:
  CaseTalk(const Cases& cases, Answers& answers);
  std::size_t count() const override;
  std::size_t elements() const override;
  void append(std::size_t index, std::string& out) const override;
  std::string line(std::size_t index) const override;
  std::string parse(std::string_view line, std::size_t index) override;
  std::size_t longest_line() const override;
  std::string header(std::size_t first, std::size_t last, std::size_t bytes) const override;
  std::string bytes(std::size_t first, std::size_t last) const override;
  std::size_t answer_bytes(std::size_t first, std::size_t last) const override;
  std::string take(std::size_t first, std::size_t last, std::string_view bytes) override;

 private:
  const Cases& cases_;
  Answers& answers_;
  CaseWriter writer_;
  AnswerParser parser_;
};

/// Hexadecimal digits of one code of an operand: 1 for FP4, 2 for other elements, 4 or 8.
std::size_t operand_digits(spec::OperandType type);

/// "dot MXFP8_E4M3 MXFP4_E2M1 f32 block_size=16": the request of a batch of dot products.
std::string dot_request_text(const DotCases& cases);

/// Dot products.
class DotTalk final : public BatchTalk {
 public:
  /// Throws std::invalid_argument when the arrays of the batch are not of the right sizes.
  DotTalk(const DotCases& cases, DotAnswers& answers);
  std::size_t count() const override;
  std::size_t elements() const override;
  void append(std::size_t index, std::string& out) const override;
  std::string line(std::size_t index) const override;
  std::string parse(std::string_view line, std::size_t index) override;
  std::size_t longest_line() const override;
  std::string header(std::size_t first, std::size_t last, std::size_t bytes) const override;
  std::string bytes(std::size_t first, std::size_t last) const override;
  std::size_t answer_bytes(std::size_t first, std::size_t last) const override;
  std::string take(std::size_t first, std::size_t last, std::string_view bytes) override;

 private:
  std::size_t width() const;

  const DotCases& cases_;
  DotAnswers& answers_;
};

}  // namespace mxemu::conformance
