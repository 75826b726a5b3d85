// The C ABI: dot products and matrix products under named accumulators.
#include "fast/c_call.hpp"
#include "fast/matmul.hpp"

struct mxemu_dot_request {
  mxemu::spec::DotRequest request;
};

namespace {

using namespace mxemu;
using namespace mxemu::c_api;

spec::OperandType operand_type(const char* what, const char* name) {
  const std::string word = &at(name, what);
  const auto type = spec::parse_operand(word);
  require(type.has_value(), std::string(what) + ": no operand type \"" + word + "\"");
  return *type;
}

void set(spec::DotRequest& request, const char* name, const std::string& value) {
  const std::string_view what = name;
  if (what == "output") {
    request.output = parse_word<spec::FloatType>(name, value);
  } else if (what == "tail") {
    request.tail = parse_word<spec::Tail>(name, value);
  } else if (what == "rounding") {
    request.rounding.mode = parse_word<spec::RoundingMode>(name, value);
  } else if (what == "random_bits") {
    request.rounding.random_bits = parse_integer(name, value, 1, 32);
  } else if (what == "seed") {
    request.rounding.seed =
        parse_integer<std::uint64_t>(name, value, 0, std::numeric_limits<std::uint64_t>::max());
  } else if (what == "block_size") {
    request.block_size = parse_integer(name, value, 1, std::numeric_limits<int>::max());
  } else {
    require(false, "a dot request has nothing called \"" + std::string(name) + "\"");
  }
}

fast::MatrixOperand operand_of(const char* name, const mxemu_matrix& matrix) {
  const std::string what = name;
  require(matrix.lines <= MXEMU_COLUMNS, what + ": unknown lines " + std::to_string(matrix.lines));
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::uint64_t extent : {matrix.rows, matrix.depth, matrix.row_stride, matrix.scale_stride})
    require(extent <= most, what + ": extent " + std::to_string(extent) + " is beyond 2^63 - 1");
  return {.codes = {static_cast<const std::uint8_t*>(matrix.codes), matrix.code_bytes},
          .scales = {matrix.scales, matrix.scale_bytes},
          .rows = matrix.rows,
          .depth = matrix.depth,
          .packing = element_packing(matrix.packing),
          .row_stride = matrix.row_stride,
          .scale_stride = matrix.scale_stride,
          .along_columns = matrix.lines == MXEMU_COLUMNS};
}

void multiply(const mxemu_dot_request* request, const mxemu_matrix* a, const mxemu_matrix* b,
              const fast::Factors& factors, const Buffer& c, const Buffer& output, void* written) {
  const spec::DotRequest& what = at(request, "request").request;
  const fast::MatrixOperand left = operand_of("a", at(a, "a"));
  const fast::MatrixOperand right = operand_of("b", at(b, "b"));
  require_buffers(5, {{"a codes", a->codes, a->code_bytes},
                      {"a scales", a->scales, a->scale_bytes},
                      {"b codes", b->codes, b->code_bytes},
                      {"b scales", b->scales, b->scale_bytes},
                      c,
                      output});
  fast::matmul(what, left, right, {bytes_of(written), output.bytes}, {bytes_of(c.data), c.bytes}, execution(),
               factors);
}

std::optional<spec::Request> request_of(const mxemu_request* request) {
  return request == nullptr ? std::nullopt : std::optional(request->request);
}

void multiply_bf16(const mxemu_request* request_a, const mxemu_matrix* a, const mxemu_request* request_b,
                   const mxemu_matrix* b, float* output, std::uint64_t output_bytes) {
  const fast::MatrixOperand left = operand_of("a", at(a, "a"));
  const fast::MatrixOperand right = operand_of("b", at(b, "b"));
  require_buffers(4, {{"a codes", a->codes, a->code_bytes},
                      {"a scales", a->scales, a->scale_bytes},
                      {"b codes", b->codes, b->code_bytes},
                      {"b scales", b->scales, b->scale_bytes},
                      {"output", output, output_bytes}});
  require(output_bytes % sizeof(float) == 0,
          "output: " + std::to_string(output_bytes) + " bytes are no whole number of float32");
  require(reinterpret_cast<std::uintptr_t>(output) % alignof(float) == 0,
          "output: float32 numbers at an address that is no multiple of 4");
  fast::matmul_bf16(request_of(request_a), left, request_of(request_b), right,
                    {output, output_bytes / sizeof(float)}, execution());
}

}  // namespace

extern "C" {

mxemu_status mxemu_dot_request_create(const char* accumulator, const char* type_a, const char* type_b,
                                      mxemu_dot_request** request) {
  return guarded([&] {
    at(request, "request") = nullptr;
    const std::string name = &at(accumulator, "accumulator");
    const auto type = spec::parse_accumulator(name);
    require(type.has_value(), "no accumulator \"" + name + "\"");
    *request = new mxemu_dot_request{
        {.accumulator = *type, .a = operand_type("type_a", type_a), .b = operand_type("type_b", type_b)}};
  });
}

void mxemu_dot_request_destroy(mxemu_dot_request* request) {
  delete request;
}

mxemu_status mxemu_dot_request_set(mxemu_dot_request* request, const char* name, const char* value) {
  return guarded([&] { set(at(request, "request").request, &at(name, "name"), &at(value, "value")); });
}

mxemu_status mxemu_matmul(const mxemu_dot_request* request, const mxemu_matrix* a, const mxemu_matrix* b,
                          const void* c, uint64_t c_bytes, void* output, uint64_t output_bytes) {
  return guarded([&] {
    multiply(request, a, b, {}, {"c", c, c_bytes}, {"output", output, output_bytes}, output);
  });
}

mxemu_status mxemu_matmul_factors(const mxemu_dot_request* request, const mxemu_matrix* a,
                                  const mxemu_matrix* b, float alpha, float beta, const void* c,
                                  uint64_t c_bytes, void* output, uint64_t output_bytes) {
  return guarded([&] {
    multiply(request, a, b, {alpha, beta}, {"c", c, c_bytes}, {"output", output, output_bytes}, output);
  });
}

mxemu_status mxemu_matmul_bf16(const mxemu_request* request_a, const mxemu_matrix* a,
                               const mxemu_request* request_b, const mxemu_matrix* b, float* output,
                               uint64_t output_bytes) {
  return guarded([&] { multiply_bf16(request_a, a, request_b, b, output, output_bytes); });
}

const char* mxemu_bf16_backend(void) {
  return fast::bf16_backend();
}

}  // extern "C"
