// What `mxemu matmul` is asked to do, and the files that it reads for that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reference/dot.hpp"
#include "tools/mxemu/matmul.hpp"
#include "tools/mxemu/matrix_operand.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {

/// As --compare: every accumulator that takes the operands.
inline constexpr const char* every_accumulator = "all";

struct MatmulOptions {
  OperandOptions a = {.letter = "a", .path = {}, .tensor = {}, .format = {}};
  OperandOptions b = {.letter = "b", .path = {}, .tensor = {}, .format = {}};
  bool transpose_b = false;
  std::filesystem::path c;
  std::string tensor_c;
  std::string alpha = "1";
  std::string beta = "1";
  std::string accumulator = spec::name_of(spec::AccumulatorType::BlockExact);
  std::string output_type = spec::name_of(spec::FloatType::Float32);
  std::string rounding_out;
  std::optional<std::uint64_t> seed_out;
  std::vector<std::string> compare;
  std::filesystem::path got;
  std::string tensor_got;
  std::string explain;
  std::optional<std::size_t> step;
  std::filesystem::path output;
  std::filesystem::path report;
  bool list = false;
  bool json_output = false;
  RequestOptions conversion;
};

/// As --explain: a cell of the first comparison that has a difference, rather than ROW,COLUMN.
inline bool names_cell_of_comparison(const std::string& text) {
  return text == "first" || text == "worst";
}

/// What the command does. 1 when what was got is not the accumulator's.
int run_matmul(const MatmulOptions& options);

/// A matrix of numbers that a file holds, as codes of `type`.
struct NumberMatrix {
  std::vector<std::uint32_t> codes;
  std::string description;
};

/// The operands, found and checked, and what is multiplied how. Files are held open, so that no output can
/// replace one. The options must outlive it.
class Multiplication {
 public:
  /// Throws BadInput: sizes that do not fit, an accumulator that there is not or that does not take the
  /// operands.
  explicit Multiplication(const MatmulOptions& options);

  const spec::DotRequest& main() const { return main_; }  ///< of --accumulator
  std::size_t rows() const { return a_.lines(); }
  std::size_t columns() const { return b_.lines(); }

  /// What --compare asks for, in its order.
  const std::vector<spec::DotRequest>& compared() const { return compared_; }

  MatmulOperands read(const conformance::Tick& tick) const;

  /// What the product and c are multiplied by.
  const reference::Factors& factors() const { return factors_; }
  bool has_factors() const { return has_factors_; }
  /// `3/2 A B - 1/4 c`, as far as there are factors; else empty.
  std::string factors_text() const;

  /// The matrix of --got, if there is one.
  const std::optional<NumberMatrix>& got() const { return got_; }

 private:
  std::string mismatch() const;
  int chosen_block_size() const;
  spec::DotRequest request(spec::AccumulatorType accumulator) const;
  std::string refusal_of(const spec::DotRequest& request) const;
  spec::DotRequest required(const std::string& flag, const std::string& name) const;

  const MatmulOptions& options_;
  reference::Factors factors_;
  bool has_factors_ = false;  ///< other than alpha = 1 and beta = 1 or 0
  FoundMatrix a_;
  FoundMatrix b_;
  std::optional<io::TensorFile> c_file_;
  std::optional<io::TensorFile> got_file_;
  int block_size_ = 0;
  spec::DotRequest main_;
  std::vector<spec::DotRequest> compared_;
  std::optional<NumberMatrix> got_;
};

}  // namespace mxemu::cli
