// Matrices of float32 in somebody else's memory.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace mxemu::llama {

template <class Number>
struct MatrixView {
  Number* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;  ///< numbers from a row to the next

  std::span<Number> row(std::size_t index) const { return {data + index * stride, columns}; }
  MatrixView rows_from(std::size_t first, std::size_t count) const {
    return {data + first * stride, count, columns, stride};
  }
  MatrixView columns_from(std::size_t first, std::size_t count) const {
    return {data + first, rows, count, stride};
  }
  operator MatrixView<const Number>() const requires(!std::is_const_v<Number>) {
    return {data, rows, columns, stride};
  }
};

using Matrix = MatrixView<const float>;
using MutableMatrix = MatrixView<float>;

/// A matrix that keeps its memory when it shrinks.
class MatrixBuffer {
 public:
  MutableMatrix resize(std::size_t rows, std::size_t columns) {
    if (numbers_.size() < rows * columns) numbers_.resize(rows * columns);
    return {numbers_.data(), rows, columns, columns};
  }

 private:
  std::vector<float> numbers_;
};

}  // namespace mxemu::llama
