// One element of a matrix product, step by step: what was multiplied, aligned, cut, summed and rounded.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/matrix.hpp"
#include "reference/dot.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::cli {

/// An element and everything that led to it.
class DotStory {
 public:
  /// Row `row` of A and column `column` of B, from `c` (a code of the output type). The operands must outlive
  /// it.
  DotStory(const spec::DotRequest& request, const conformance::MatrixLines& a,
           const conformance::MatrixLines& b, std::size_t row, std::size_t column, std::uint32_t c);

  const spec::DotRequest& request() const { return request_; }
  std::size_t row() const { return row_; }
  std::size_t column() const { return column_; }
  std::size_t length() const { return a_.length; }
  std::uint32_t code() const { return explanation_.code; }
  const reference::Value& exact() const { return exact_; }        ///< c + A B, never rounded
  std::uint32_t rounded_exact() const { return rounded_exact_; }  ///< that, rounded once to nearest even
  const std::vector<reference::DotStep>& steps() const { return explanation_.steps; }

  /// The exact sum of the products that a step takes.
  reference::Value products(std::size_t step) const;
  /// What a step took from or added to the exact sum of c and its products: that less the new c.
  reference::Value lost(std::size_t step) const;
  /// The step that lost most.
  std::size_t worst_step() const;

  /// Whether a step adds a finished, scaled block to c (ScaleEntry::AfterRounding).
  bool adds_block(std::size_t step) const;
  /// Whether the terms of part `part` are products of one pair of elements each.
  bool has_single_products(std::size_t step, std::size_t part) const;

  /// "0x38 1"; "padding" beyond the end.
  std::string operand_text(const conformance::MatrixLines& lines, std::size_t line, std::size_t k) const;
  std::string a_text(std::size_t k) const { return operand_text(a_, row_, k); }
  std::string b_text(std::size_t k) const { return operand_text(b_, column_, k); }
  bool has_scales() const { return !a_.scales.empty() || !b_.scales.empty(); }
  /// Both scales of element k: "2^-3 2^1".
  std::string scales_text(std::size_t k) const;

 private:
  spec::DotRequest request_;
  const conformance::MatrixLines& a_;
  const conformance::MatrixLines& b_;
  std::size_t row_;
  std::size_t column_;
  reference::DotExplanation explanation_;
  reference::Value exact_;
  std::uint32_t rounded_exact_ = 0;
};

/// c + A B of one element under the request's operands, never rounded.
reference::Value exact_element(const spec::DotRequest& request, const conformance::MatrixLines& a,
                               const conformance::MatrixLines& b, std::size_t row, std::size_t column,
                               std::uint32_t c);

/// The exact a - b; NaN where one of them is not finite.
reference::Value exact_difference(const reference::Value& a, const reference::Value& b);

/// Indices of at most `most` of the losses, the largest ones, in rising order.
std::vector<std::size_t> largest_losses(const std::vector<reference::Value>& losses, std::size_t most);

/// "0x3f800000  1", the code and its exact value.
std::string code_text(spec::FloatType type, std::uint32_t code);

/// `step`: the one whose terms are shown; nothing: the one that lost most. Throws BadInput when there is no
/// such step.
void print_text(const DotStory& story, std::optional<std::size_t> step, std::ostream& out);
nlohmann::json to_json(const DotStory& story);

}  // namespace mxemu::cli
