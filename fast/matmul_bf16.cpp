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

/// Lines of bfloat16 numbers without gaps: rows of memory, or its columns.
struct Numbers {
  const std::uint16_t* at;
  bool along_columns = false;
};

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

void multiply(std::size_t rows, std::size_t columns, std::size_t depth, const Numbers& a, const Numbers& b,
              float* output, const Execution& execution) {
  using dnnl::memory;
  const ThreadCount threads(execution.threads);
  const auto m = static_cast<memory::dim>(rows);
  const auto n = static_cast<memory::dim>(columns);
  const auto k = static_cast<memory::dim>(depth);
  const memory::desc a_layout({m, k}, memory::data_type::bf16,
                              a.along_columns ? memory::dims{1, m} : memory::dims{k, 1});
  const memory::desc b_layout({k, n}, memory::data_type::bf16,
                              b.along_columns ? memory::dims{n, 1} : memory::dims{1, k});
  const memory::desc c_layout({m, n}, memory::data_type::f32, memory::dims{n, 1});
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::matmul::primitive_desc what(engine, a_layout, b_layout, c_layout);
#else
  const dnnl::matmul::primitive_desc what(dnnl::matmul::desc(a_layout, b_layout, c_layout), engine);
#endif
  dnnl::matmul(what).execute(stream,
                             {{DNNL_ARG_SRC, memory(a_layout, engine, const_cast<std::uint16_t*>(a.at))},
                              {DNNL_ARG_WEIGHTS, memory(b_layout, engine, const_cast<std::uint16_t*>(b.at))},
                              {DNNL_ARG_DST, memory(c_layout, engine, output)}});
  stream.wait();
}

#else

void multiply(std::size_t rows, std::size_t columns, std::size_t depth, const Numbers& a, const Numbers& b,
              float* output, const Execution& execution) {
  const auto operand = [&](const Numbers& numbers, std::size_t count) {
    return MatrixOperand{.codes = {reinterpret_cast<const std::uint8_t*>(numbers.at), count * depth * 2},
                         .rows = count,
                         .depth = depth,
                         .along_columns = numbers.along_columns};
  };
  matmul({.accumulator = spec::AccumulatorType::Float32Fma,
          .a = spec::OperandType::BFloat16,
          .b = spec::OperandType::BFloat16},
         operand(a, rows), operand(b, columns), std::as_writable_bytes(std::span(output, rows * columns)), {},
         execution);
}

#endif

void require_no_gaps(const std::string& what, const RowsInMemory& memory) {
  if (memory.stride != memory.length)
    refuse(what + ": a stride of " + std::to_string(memory.stride) + " where rows of " +
           std::to_string(memory.length) + " must follow each other");
}

/// An operand as bfloat16 numbers, made for as long as this lives where it has others.
class Bfloat16Operand {
 public:
  /// Checks sizes only.
  Bfloat16Operand(const char* name, const std::optional<spec::Request>& request, const MatrixOperand& operand)
      : request_(request), operand_(operand) {
    const std::string what = name;
    count_ = strided_count(what + " codes", code_rows(operand));
    require_no_gaps(what + " codes", code_rows(operand));
    if (request) {
      require_no_gaps(what + " scales", scale_rows(operand, static_cast<std::size_t>(request->block_size)));
      return;
    }
    require_count((what + " bytes of numbers").c_str(), operand.codes.size(), count_ * sizeof(std::uint16_t));
    if (!operand.scales.empty()) refuse(what + ": plain numbers have no scales");
    if (reinterpret_cast<std::uintptr_t>(operand.codes.data()) % alignof(std::uint16_t) != 0)
      refuse(what + ": bfloat16 numbers at an odd address");
  }

  Numbers numbers(const Execution& execution) {
    if (!request_)
      return {reinterpret_cast<const std::uint16_t*>(operand_.codes.data()), operand_.along_columns};
    // Not cleared: every number is written.
    dequantized_.reset(new std::uint16_t[count_]);
    const BlockGrid grid = {.outer = operand_.along_columns ? 1 : operand_.rows,
                            .length = operand_.depth,
                            .inner = operand_.along_columns ? operand_.rows : 1,
                            .block_size = static_cast<std::size_t>(request_->block_size)};
    dequantize_tensor(
        *request_, grid, operand_.codes, operand_.scales,
        {spec::FloatType::BFloat16, std::as_writable_bytes(std::span(dequantized_.get(), count_))},
        operand_.packing, execution);
    return {dequantized_.get(), operand_.along_columns};
  }

 private:
  const std::optional<spec::Request>& request_;
  const MatrixOperand& operand_;
  std::size_t count_;
  std::unique_ptr<std::uint16_t[]> dequantized_;
};

void require_output(std::size_t rows, std::size_t columns, std::span<const float> output) {
  require_count("numbers of the output", output.size(),
                rows == 0 ? 0 : strided_count("output", rows, columns, columns));
}

void multiply_or_clear(std::size_t rows, std::size_t columns, std::size_t depth, const Numbers& a,
                       const Numbers& b, std::span<float> output, const Execution& execution) {
  if (output.empty()) return;
  if (depth == 0)
    std::fill(output.begin(), output.end(), 0.0f);
  else
    multiply(rows, columns, depth, a, b, output.data(), execution);
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
  require_output(rows, columns, output);
  multiply_or_clear(rows, columns, depth, {a.data()}, {b.data()}, output, execution);
}

void matmul_bf16(const std::optional<spec::Request>& request_a, const MatrixOperand& a,
                 const std::optional<spec::Request>& request_b, const MatrixOperand& b,
                 std::span<float> output, const Execution& execution) {
  if (a.depth != b.depth)
    refuse("K of a is " + std::to_string(a.depth) + ", K of b is " + std::to_string(b.depth));
  Bfloat16Operand left("a", request_a, a);
  Bfloat16Operand right("b", request_b, b);
  require_output(a.rows, b.rows, output);
  multiply_or_clear(a.rows, b.rows, a.depth, left.numbers(execution), right.numbers(execution), output,
                    execution);
}

}  // namespace mxemu::fast
