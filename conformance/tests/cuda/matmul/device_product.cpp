#include "device_product.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "cuda/memory.hpp"
#include "reference/packing.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::Multiply;
using Function = std::function<void(const cuda::MatrixOperand& a, const cuda::MatrixOperand& b,
                                    std::span<std::byte> output, std::span<const std::byte> c)>;

/// Bytes on the device that are all of their buffer but the offset.
class Copied {
 public:
  Copied(std::span<const std::byte> host, std::size_t offset)
      : offset_(offset), buffer_(offset + host.size()) {
    cuda::copy_to_device(host, buffer_.data() + offset);
  }
  std::span<const std::uint8_t> words() const { return buffer_.words().subspan(offset_); }
  std::span<const std::byte> bytes() const { return buffer_.bytes().subspan(offset_); }

 private:
  std::size_t offset_;
  cuda::Buffer buffer_;
};

struct CopiedOperand {
  CopiedOperand(const fast::MatrixOperand& host, spec::OperandType type, std::size_t offset)
      : codes(std::as_bytes(host.codes), spec::is_element(type) ? offset : 0),
        scales(std::as_bytes(host.scales), offset),
        operand(host) {
    operand.codes = codes.words();
    operand.scales = scales.words();
  }
  Copied codes;
  Copied scales;
  cuda::MatrixOperand operand;
};

/// The output stands between guards.
Multiply on_device(const Function& function, const spec::DotRequest& request, std::size_t offset,
                   bool in_place) {
  return [=](const fast::MatrixOperand& a, const fast::MatrixOperand& b, std::span<std::byte> output,
             std::span<const std::byte> c) {
    constexpr std::size_t guard = 256;
    constexpr std::uint8_t guard_byte = 0xa5;
    const CopiedOperand device_a(a, request.a, offset);
    const CopiedOperand device_b(b, request.b, offset);
    const Copied device_c(c, 0);
    cuda::Buffer buffer(output.size() + 2 * guard);
    cuda::fill_bytes(buffer.data(), guard_byte, buffer.size());
    const std::span<std::byte> device_output = buffer.bytes().subspan(guard, output.size());
    if (in_place) cuda::copy_to_device(c, device_output.data());
    function(device_a.operand, device_b.operand, device_output, in_place ? device_output : device_c.bytes());
    std::vector<std::byte> all(buffer.size());
    cuda::copy_to_host(buffer.data(), all);
    cuda::synchronize();
    for (std::size_t i = 0; i < guard; ++i)
      EXPECT_TRUE(all[i] == std::byte{guard_byte} && all[guard + output.size() + i] == std::byte{guard_byte});
    if (!output.empty()) std::memcpy(output.data(), all.data() + guard, output.size());
  };
}

/// An operand of a case, packed where its depth is even.
class CaseRows {
 public:
  CaseRows(const dot_test::UnitCase& product, spec::OperandType type, const std::vector<std::uint8_t>& codes,
           const std::vector<std::uint8_t>& scales, std::size_t rows)
      : codes_(codes) {
    const bool packs =
        spec::is_element(type) && spec::element_format_of(type).bits < 8 && product.depth % 2 == 0;
    if (packs) {
      const int bits = spec::element_format_of(type).bits;
      for (std::uint8_t& code : codes_) code = static_cast<std::uint8_t>(code & ((1 << bits) - 1));
      codes_ = reference::pack_codes(spec::ElementPacking::BitStream, bits, codes_);
    }
    operand = {.codes = codes_,
               .scales = scales,
               .rows = rows,
               .depth = product.depth,
               .packing = packs ? spec::ElementPacking::BitStream : spec::ElementPacking::Bytes};
  }
  fast::MatrixOperand operand;

 private:
  std::vector<std::uint8_t> codes_;
};

std::vector<std::uint32_t> answers(const Multiply& multiply, const dot_test::UnitCase& product,
                                   std::size_t count) {
  const auto width = static_cast<std::size_t>(spec::format_of(product.request.output).bytes());
  const CaseRows a(product, product.request.a, product.a, product.a_scales, product.rows);
  const CaseRows b(product, product.request.b, product.b, product.b_scales, product.columns);
  std::vector<std::byte> c(product.c.empty() ? 0 : count * width);
  for (std::size_t i = 0; i < c.size() / width; ++i) std::memcpy(&c[i * width], &product.c[i], width);
  std::vector<std::byte> output(count * width);
  multiply(a.operand, b.operand, output, c);
  std::vector<std::uint32_t> codes(count);
  for (std::size_t i = 0; i < count; ++i) std::memcpy(&codes[i], &output[i * width], width);
  return codes;
}

}  // namespace

Multiply multiply_on_device(const spec::DotRequest& request, std::size_t offset,
                            const fast::Factors& factors) {
  const Function function = [=](const auto& a, const auto& b, auto output, auto c) {
    cuda::matmul(request, a, b, output, c, {}, factors);
  };
  return on_device(function, request, offset, false);
}

Multiply multiply_in_place(const spec::DotRequest& request) {
  const Function function = [=](const auto& a, const auto& b, auto output, auto c) {
    cuda::matmul(request, a, b, output, c);
  };
  return on_device(function, request, 0, true);
}

Multiply dot_on_device(const spec::DotRequest& request, std::size_t offset) {
  const Function function = [=](const auto& a, const auto& b, auto output, auto c) {
    cuda::dot(request, a, b, output, c);
  };
  return on_device(function, request, offset, false);
}

std::vector<std::uint32_t> product_on_device(const dot_test::UnitCase& product) {
  return answers(multiply_on_device(product.request), product, product.rows * product.columns);
}

std::vector<std::uint32_t> dots_on_device(const dot_test::UnitCase& product) {
  return answers(dot_on_device(product.request), product, product.rows);
}

}  // namespace mxemu::cuda_tests
