#include "conformance/cuda_dot.hpp"

#include <algorithm>

#include "conformance/dot/dot_emulation.hpp"
#include "cuda/matmul.hpp"
#include "cuda/memory.hpp"

namespace mxemu::conformance {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

cuda::Buffer device_copy(std::span<const std::byte> host) {
  cuda::Buffer buffer(host.size());
  cuda::copy_to_device(host, buffer.data());
  return buffer;
}

/// One operand of every case, a row each.
struct DotRows {
  cuda::Buffer codes;
  cuda::Buffer scales;
  std::size_t rows;
  std::size_t depth;

  DotRows(const DotCases& cases, const DotCodes& operand)
      : codes(device_copy(operand.codes)),
        scales(device_copy(std::as_bytes(std::span(operand.scales)))),
        rows(cases.count()),
        depth(cases.elements) {}

  cuda::MatrixOperand view() const {
    return {.codes = codes.words(), .scales = scales.words(), .rows = rows, .depth = depth};
  }
};

spec::DotRequest request_of(const DotCases& cases) {
  const bool blocks =
      cases.a_operand.scaled && cases.b_operand.scaled && cases.output == spec::FloatType::Float32;
  return {.accumulator = blocks ? spec::AccumulatorType::BlockExact : spec::AccumulatorType::Exact,
          .a = cases.a_operand.type,
          .b = cases.b_operand.type,
          .output = cases.output,
          .block_size = cases.block_size};
}

/// Codes of the output type, the narrower ones two bytes apart.
std::vector<std::byte> packed(spec::FloatType type, const std::vector<std::uint32_t>& codes) {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  std::vector<std::byte> bytes(codes.size() * width);
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t byte = 0; byte < width; ++byte)
      bytes[i * width + byte] = static_cast<std::byte>(codes[i] >> 8 * byte);
  return bytes;
}

std::vector<std::uint32_t> unpacked(spec::FloatType type, const std::vector<std::byte>& bytes) {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  std::vector<std::uint32_t> codes(bytes.size() / width);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    codes[i / width] |= std::to_integer<std::uint32_t>(bytes[i]) << 8 * (i % width);
  return codes;
}

}  // namespace

std::vector<DotCapability> cuda_dot_capabilities() {
  std::vector<DotCapability> all;
  for (const auto accumulator : {spec::AccumulatorType::BlockExact, spec::AccumulatorType::Exact})
    for (const DotCapability& pair : pairs_of(spec::row_of(accumulator))) {
      const auto is_same = [&](const DotCapability& other) {
        return other.a == pair.a && other.b == pair.b && other.output == pair.output;
      };
      if (std::none_of(all.begin(), all.end(), is_same)) all.push_back(pair);
    }
  return all;
}

DotAnswers cuda_dot_answers(const DotCases& cases) {
  const DotRows a(cases, cases.a);
  const DotRows b(cases, cases.b);
  std::vector<std::byte> results = packed(cases.output, cases.c);
  cuda::Buffer sums = device_copy(results);
  cuda::dot(request_of(cases), a.view(), b.view(), sums.bytes(), sums.bytes());
  cuda::copy_to_host(sums.data(), results);
  cuda::synchronize();
  return {unpacked(cases.output, results), {}};
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::conformance
