#include <stdexcept>
#include <string>

#include "tools/llama/forward/multiplier.hpp"

#if defined(MXEMU_ONEDNN)
#include <dnnl.hpp>

#include "fast/thread_count.hpp"
#endif

namespace mxemu::llama {
namespace {

void require_same_floats(const Place& place, const Operand& a, const Operand& b) {
  if (a.type == b.type && (a.type == spec::OperandType::Float32 || a.type == spec::OperandType::BFloat16))
    return;
  throw std::invalid_argument("the matrix library cannot multiply " + name_of(place) + ", " +
                              spec::name_of(a.type) + " x " + spec::name_of(b.type));
}

}  // namespace

#if defined(MXEMU_ONEDNN)

void LibraryMultiplier::multiply(const Place& place, const Operand& a, const Operand& b,
                                 MutableMatrix output) {
  using dnnl::memory;
  require_same_floats(place, a, b);
  const fast::ThreadCount threads(execution_.threads);
  const auto dim = [](std::size_t count) { return static_cast<memory::dim>(count); };
  const auto type = a.type == spec::OperandType::BFloat16 ? memory::data_type::bf16 : memory::data_type::f32;
  const memory::desc a_layout({dim(a.rows), dim(a.depth)}, type, {dim(a.row_stride), dim(a.step)});
  const memory::desc b_layout({dim(b.depth), dim(b.rows)}, type, {dim(b.step), dim(b.row_stride)});
  const memory::desc c_layout({dim(a.rows), dim(b.rows)}, memory::data_type::f32,
                              memory::dims{dim(output.stride), 1});
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::matmul::primitive_desc what(engine, a_layout, b_layout, c_layout);
#else
  const dnnl::matmul::primitive_desc what(dnnl::matmul::desc(a_layout, b_layout, c_layout), engine);
#endif
  const auto memory_of = [&](const memory::desc& layout, const void* data) {
    return memory(layout, engine, const_cast<void*>(data));
  };
  dnnl::matmul(what).execute(stream, {{DNNL_ARG_SRC, memory_of(a_layout, a.codes)},
                                      {DNNL_ARG_WEIGHTS, memory_of(b_layout, b.codes)},
                                      {DNNL_ARG_DST, memory_of(c_layout, output.data)}});
  stream.wait();
}

#else

void LibraryMultiplier::multiply(const Place& place, const Operand& a, const Operand& b,
                                 MutableMatrix output) {
  require_same_floats(place, a, b);
  AccumulatorMultiplier({spec::AccumulatorType::Float32Fma}, execution_).multiply(place, a, b, output);
}

#endif

}  // namespace mxemu::llama
