// What `mxemu matmul` computed and compared, and the ways of showing it.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/matrix.hpp"
#include "reference/value.hpp"
#include "spec/dot_request.hpp"
#include "tools/mxemu/matrix_comparison.hpp"

namespace mxemu::cli {

/// What is multiplied: C = c + A B.
struct MatmulOperands {
  conformance::MatrixLines a;
  conformance::MatrixLines b;
  std::vector<std::uint32_t> c = {};  ///< codes of the output type, or empty for +0
  std::string a_description;
  std::string b_description;
  std::string c_description = {};

  std::uint32_t c_at(std::size_t row, std::size_t column) const {
    return c.empty() ? 0 : c[row * b.lines + column];
  }
};

/// A comparison, and the exact values of the cells that it shows, where nothing multiplies the sums.
struct ComparedProduct {
  MatrixComparison comparison;
  std::string right_subject;  ///< what multiplied the right one
  std::optional<reference::Value> exact_first = {};
  std::optional<reference::Value> exact_worst = {};
};

struct MatmulResult {
  spec::DotRequest request;  ///< of the result
  std::string subject;       ///< what multiplied
  std::string factors = {};  ///< `1/3 A B + 2 c`, or empty
  std::string output;        ///< the file written, or empty
  std::vector<ComparedProduct> compared = {};
};

void print_text(const MatmulOperands& operands, const MatmulResult& result, std::ostream& out);
nlohmann::json to_json(const MatmulOperands& operands, const MatmulResult& result);
/// One self-contained HTML page of the comparisons.
std::string to_html(const MatmulOperands& operands, const MatmulResult& result);

/// `[64, 96] = [64, 128] x [128, 96]`.
std::string shapes_text(const MatmulOperands& operands);

/// `812 of 6144 cells differ, by 1310 ulp at most`.
std::string verdict_text(const MatrixComparison& comparison);

/// Rows of a histogram: what differs how, and in how many cells; the identical first.
std::vector<std::pair<std::string, std::size_t>> histogram_rows(const MatrixComparison& comparison);

}  // namespace mxemu::cli
