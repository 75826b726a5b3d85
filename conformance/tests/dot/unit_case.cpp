#include "conformance/tests/dot/unit_case.hpp"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "fast/matrix_unit.hpp"
#include "reference/dot.hpp"
#include "reference/packing.hpp"

namespace mxemu::dot_test {
namespace {

/// Rows of `length` things of `width` bytes with `gap` things of 0xa5 after each.
std::vector<std::uint8_t> with_gaps(const std::vector<std::uint8_t>& rows, std::size_t length,
                                    std::size_t gap, std::size_t width) {
  std::vector<std::uint8_t> result;
  for (std::size_t row = 0; length > 0 && row * length * width < rows.size(); ++row) {
    const auto from = rows.begin() + static_cast<std::ptrdiff_t>(row * length * width);
    result.insert(result.end(), from, from + static_cast<std::ptrdiff_t>(length * width));
    result.insert(result.end(), gap * width, 0xa5);
  }
  return result;
}

/// An operand as its caller has it: rows apart, elements in bytes or as a bit stream.
class Rows {
 public:
  Rows(const UnitCase& product, spec::OperandType type, const std::vector<std::uint8_t>& codes,
       const std::vector<std::uint8_t>& scales, const UnitLayout& layout)
      : stride_(product.depth + layout.gap),
        packed_(layout.packed && spec::is_element(type) && spec::element_format_of(type).bits < 8) {
    const auto block_size = static_cast<std::size_t>(product.request.block_size);
    const std::size_t blocks = (product.depth + block_size - 1) / block_size;
    scale_stride_ = blocks + layout.gap;
    codes_ = with_gaps(codes, product.depth, layout.gap, static_cast<std::size_t>(spec::code_bytes(type)));
    scales_ = with_gaps(scales, blocks, layout.gap, 1);
    if (packed_) {
      const int bits = spec::element_format_of(type).bits;
      for (std::uint8_t& code : codes_) code = static_cast<std::uint8_t>(code & ((1 << bits) - 1));
      codes_ = reference::pack_codes(spec::ElementPacking::BitStream, bits, codes_);
    }
  }

  fast::UnitRows view() const {
    return {.codes = codes_.data(),
            .packed = packed_,
            .scales = scales_.empty() ? nullptr : scales_.data(),
            .stride = stride_,
            .scale_stride = scale_stride_};
  }

 private:
  std::vector<std::uint8_t> codes_;
  std::vector<std::uint8_t> scales_;
  std::size_t stride_;
  std::size_t scale_stride_ = 0;
  bool packed_;
};

/// Numbers of the output's type, each row followed by `gap` of them.
std::vector<std::uint8_t> output_rows(const UnitCase& product, const std::vector<std::uint32_t>& codes,
                                      std::size_t gap) {
  const auto width = static_cast<std::size_t>(spec::format_of(product.request.output).bytes());
  std::vector<std::uint8_t> bytes(codes.size() * width);
  for (std::size_t i = 0; i < codes.size(); ++i) std::memcpy(&bytes[i * width], &codes[i], width);
  return with_gaps(bytes, product.columns, gap, width);
}

}  // namespace

std::vector<std::uint32_t> expected_of(const UnitCase& product) {
  const auto operand = [&](spec::OperandType type, const std::vector<std::uint8_t>& codes,
                           const std::vector<std::uint8_t>& scales, std::size_t lines) {
    return reference::lines_along_rows({type, std::as_bytes(std::span(codes))}, scales, lines, product.depth,
                                       product.request.block_size);
  };
  return reference::matmul(
      product.request, operand(product.request.a, product.a, product.a_scales, product.rows),
      operand(product.request.b, product.b, product.b_scales, product.columns), product.c);
}

std::vector<std::uint32_t> answer_of(const UnitCase& product, fast::Isa isa, const UnitLayout& layout) {
  const spec::DotRequest& request = product.request;
  const auto width = static_cast<std::size_t>(spec::format_of(request.output).bytes());
  const Rows a(product, request.a, product.a, product.a_scales, layout);
  const Rows b(product, request.b, product.b, product.b_scales, layout);
  const std::vector<std::uint8_t> initial = output_rows(product, product.c, layout.gap);
  std::vector<std::uint32_t> codes(product.rows * product.columns, 0xa5a5a5a5);
  std::vector<std::uint8_t> output = output_rows(product, codes, layout.gap);
  fast::multiply_as_matrix_unit(
      {.request = request,
       .a = a.view(),
       .b = b.view(),
       .depth = product.depth,
       .padded_depth = spec::padded_length(request, product.depth),
       .initial = initial.empty() ? nullptr : reinterpret_cast<const std::byte*>(initial.data()),
       .output = reinterpret_cast<std::byte*>(output.data()),
       .output_stride = product.columns + layout.gap},
      product.rows, product.columns, {.isa = isa, .threads = 1});
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = 0;
    std::memcpy(&codes[i],
                &output[(i / product.columns * (product.columns + layout.gap) + i % product.columns) * width],
                width);
  }
  if (output_rows(product, codes, layout.gap) != output)
    throw std::logic_error("something was written between the rows of the output");
  return codes;
}

std::string first_difference(const UnitCase& product, const std::vector<std::uint32_t>& expected,
                             const std::vector<std::uint32_t>& got) {
  const auto differing = std::mismatch(expected.begin(), expected.end(), got.begin(), got.end());
  if (differing.first == expected.end()) return {};
  const auto index = static_cast<std::size_t>(differing.first - expected.begin());
  std::ostringstream text;
  text << "row " << index / product.columns << ", column " << index % product.columns << std::hex
       << ": expected 0x" << *differing.first << ", got 0x" << *differing.second;
  if (!product.c.empty()) text << ", c 0x" << product.c[index];
  return text.str();
}

}  // namespace mxemu::dot_test
