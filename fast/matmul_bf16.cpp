// bfloat16 products through a matrix library.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "fast/matmul.hpp"
#include "fast/matmul_require.hpp"
#include "fast/parallel.hpp"

#if defined(MXEMU_ONEDNN)
#include <dnnl.hpp>
#endif

namespace mxemu::fast {
namespace {

#if defined(MXEMU_ONEDNN)

/// The threads of the caller's next parallel regions, for as long as it lives.
class ThreadCount {
 public:
#ifdef _OPENMP
  explicit ThreadCount(int threads) : callers_(omp_get_max_threads()) {
    if (threads > 0) omp_set_num_threads(threads);
  }
  ~ThreadCount() {
    omp_set_num_threads(callers_);
  }

 private:
  int callers_;
#else
  explicit ThreadCount(int) {}
#endif

 public:
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;
};

void multiply(std::size_t rows, std::size_t columns, std::size_t depth, const std::uint16_t* a,
              const std::uint16_t* b, float* output, const Execution& execution) {
  using dnnl::memory;
  const ThreadCount threads(execution.threads);
  const auto m = static_cast<memory::dim>(rows);
  const auto n = static_cast<memory::dim>(columns);
  const auto k = static_cast<memory::dim>(depth);
  const memory::desc a_layout({m, k}, memory::data_type::bf16, memory::dims{k, 1});
  const memory::desc b_layout({k, n}, memory::data_type::bf16, memory::dims{1, k});
  const memory::desc c_layout({m, n}, memory::data_type::f32, memory::dims{n, 1});
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::matmul::primitive_desc what(engine, a_layout, b_layout, c_layout);
#else
  const dnnl::matmul::primitive_desc what(dnnl::matmul::desc(a_layout, b_layout, c_layout), engine);
#endif
  dnnl::matmul(what).execute(stream,
                             {{DNNL_ARG_SRC, memory(a_layout, engine, const_cast<std::uint16_t*>(a))},
                              {DNNL_ARG_WEIGHTS, memory(b_layout, engine, const_cast<std::uint16_t*>(b))},
                              {DNNL_ARG_DST, memory(c_layout, engine, output)}});
  stream.wait();
}

#else

void multiply(std::size_t rows, std::size_t columns, std::size_t depth, const std::uint16_t* a,
              const std::uint16_t* b, float* output, const Execution& execution) {
  const auto operand = [&](const std::uint16_t* numbers, std::size_t count) {
    return MatrixOperand{.codes = {reinterpret_cast<const std::uint8_t*>(numbers), count * depth * 2},
                         .rows = count,
                         .depth = depth};
  };
  matmul({.accumulator = spec::AccumulatorType::Float32Fma,
          .a = spec::OperandType::BFloat16,
          .b = spec::OperandType::BFloat16},
         operand(a, rows), operand(b, columns), std::as_writable_bytes(std::span(output, rows * columns)), {},
         execution);
}

#endif

/// The rows of an operand as bfloat16.
void dequantize_rows(const spec::Request& request, const MatrixOperand& operand, std::span<std::uint16_t> to,
                     const Execution& execution) {
  const BlockGrid grid = {.outer = operand.rows,
                          .length = operand.depth,
                          .block_size = static_cast<std::size_t>(request.block_size)};
  dequantize_tensor(request, grid, operand.codes, operand.scales,
                    {spec::FloatType::BFloat16, std::as_writable_bytes(to)}, operand.packing, execution);
}

void require_contiguous(const char* name, const MatrixOperand& operand) {
  if (operand.row_stride != 0 && operand.row_stride != operand.depth)
    refuse(std::string(name) + ": a row stride of " + std::to_string(operand.row_stride) + " where rows of " +
           std::to_string(operand.depth) + " must follow each other");
}

}  // namespace

const char* bf16_backend() {
#if defined(MXEMU_ONEDNN)
  return "oneDNN";
#else
  return "portable";
#endif
}

void matmul_bf16(std::size_t rows, std::size_t columns, std::size_t depth, std::span<const std::uint16_t> a,
                 std::span<const std::uint16_t> b, std::span<float> output, const Execution& execution) {
  require_count("numbers of a", a.size(), strided_count("a", rows, depth, depth));
  require_count("numbers of b", b.size(), strided_count("b", columns, depth, depth));
  require_count("numbers of the output", output.size(),
                rows == 0 ? 0 : strided_count("output", rows, columns, columns));
  if (output.empty()) return;
  if (depth == 0) {
    std::fill(output.begin(), output.end(), 0.0f);
    return;
  }
  multiply(rows, columns, depth, a.data(), b.data(), output.data(), execution);
}

void matmul_bf16(const spec::Request& request_a, const MatrixOperand& a, const spec::Request& request_b,
                 const MatrixOperand& b, std::span<float> output, const Execution& execution) {
  if (a.depth != b.depth)
    refuse("K of a is " + std::to_string(a.depth) + ", K of b is " + std::to_string(b.depth));
  require_contiguous("a", a);
  require_contiguous("b", b);
  const std::size_t count_a = strided_count("a", a.rows, a.depth, a.depth);
  const std::size_t count_b = strided_count("b", b.rows, b.depth, b.depth);
  // Not cleared: every number is written.
  const std::unique_ptr<std::uint16_t[]> numbers_a(new std::uint16_t[count_a]);
  const std::unique_ptr<std::uint16_t[]> numbers_b(new std::uint16_t[count_b]);
  dequantize_rows(request_a, a, {numbers_a.get(), count_a}, execution);
  dequantize_rows(request_b, b, {numbers_b.get(), count_b}, execution);
  matmul_bf16(a.rows, b.rows, a.depth, {numbers_a.get(), count_a}, {numbers_b.get(), count_b}, output,
              execution);
}

}  // namespace mxemu::fast
