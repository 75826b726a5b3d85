// Operands whose lines along K are the columns of a row-major matrix, as kernels store weights (K x N):
// turned into rows a stripe at a time, codes as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mxemu::fast {

/// A row-major matrix of depth x lines codes. Code (k, line) is number k * stride + line, the scale of its
/// block stands at k / block_size * scale_stride + line.
struct CodeColumns {
  const std::uint8_t* codes;
  int bits;                    ///< of a code
  bool packed;                 ///< codes are a stream of bits
  const std::uint8_t* scales;  ///< or null
  std::size_t depth;
  std::size_t blocks;
  std::size_t stride;
  std::size_t scale_stride;
};

/// Of both operands; null where one is rows already.
struct OperandColumns {
  const CodeColumns* a = nullptr;
  const CodeColumns* b = nullptr;
};

/// Some lines of such a matrix, one after the other.
class Stripe {
 public:
  explicit Stripe(const CodeColumns* columns) : columns_(columns) {}

  /// `rows`, or in its place lines first … first + count - 1 where the operand is columns. Rows is BlockRows
  /// or UnitRows. The same lines again cost nothing; others replace these.
  template <class Rows>
  Rows lines(Rows rows, std::size_t first, std::size_t count) {
    if (columns_ == nullptr) return rows;
    if (first != first_ || count != count_) turn(first, count);
    rows.codes = codes_.data();
    rows.packed = false;
    rows.scales = columns_->scales == nullptr ? nullptr : scales_.data();
    rows.stride = stride_;
    rows.scale_stride = columns_->blocks;
    rows.first = first;
    return rows;
  }

 private:
  void turn(std::size_t first, std::size_t count);
  template <class Code>
  void turn_codes(std::size_t first, std::size_t count);

  const CodeColumns* columns_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::size_t stride_ = 0;
  std::vector<std::uint8_t> codes_;
  std::vector<std::uint8_t> scales_;
};

}  // namespace mxemu::fast
