#include "product.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "buffers.hpp"
#include "reference/dot.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr std::uint8_t scale_of_one = 127;

bool is_number(const spec::ElementFormat& format, int code) {
  return (code & format.magnitude_mask) <= format.max_normal_code ||
         format.encoding == spec::Encoding::TwosComplement;
}

std::uint8_t random_code(Random& random, const spec::ElementFormat& format, bool any) {
  for (;;) {
    const auto code = static_cast<std::uint8_t>(below(random, static_cast<std::size_t>(format.code_count())));
    if (any || is_number(format, code)) return code;
  }
}

std::uint8_t negated(const spec::ElementFormat& format, std::uint8_t code) {
  if (format.encoding == spec::Encoding::TwosComplement) return static_cast<std::uint8_t>(-code);
  return code ^ format.sign_mask;
}

/// The code of the power of two nearest to 2^exponent.
std::uint8_t power_code(const spec::ElementFormat& format, int exponent) {
  const int bounded = std::clamp(exponent, format.emin, format.emax);
  if (format.encoding == spec::Encoding::TwosComplement) return format.min_normal_code;
  return static_cast<std::uint8_t>((bounded + format.bias) << format.mantissa_bits);
}

/// Elements whose products are far apart: of E5M2 2^30, 2^6, half an ulp of that in float32, and 2^-32.
std::uint8_t tie_code(Random& random, const spec::ElementFormat& format, std::size_t place,
                      bool first_operand) {
  if (place == 0) return power_code(format, format.emax);
  if (place == 1) return power_code(format, format.emax - 12);
  if (place > 2) return 0;
  const std::uint8_t least = 1;
  return first_operand && below(random, 2) != 0 ? negated(format, least) : least;
}

std::uint8_t random_scale(Random& random, Terms terms) {
  const auto near = [&](std::size_t from, std::size_t count) {
    return static_cast<std::uint8_t>(from + below(random, count));
  };
  switch (terms) {
    case Terms::Numbers:
    case Terms::AnyCodes:
    case Terms::Zeros: return near(120, 14);
    case Terms::Cancelling:
    case Terms::Ties:
    case Terms::OneLarge: return near(126, 2);
    case Terms::WideScales: return near(0, 256);
    case Terms::LargeScales: return near(180, 75);
    case Terms::SmallScales: return near(40, 25);
    case Terms::RareScales: return below(random, 60) == 0 ? near(0, 256) : near(120, 14);
  }
  return scale_of_one;
}

/// The codes of one row. Cancelling needs both operands: the other one repeats its first half.
std::vector<std::uint8_t> random_row(Random& random, const spec::ElementFormat& format, std::size_t depth,
                                     std::size_t block_size, Terms terms, bool first_operand) {
  std::vector<std::uint8_t> row(depth);
  for (std::size_t i = 0; i < depth; ++i) {
    const std::size_t start = i / block_size * block_size;
    const std::size_t half = std::min(block_size, depth - start) / 2;
    const std::size_t place = i - start;
    if (terms == Terms::Cancelling && half != 0 && place >= half && place < 2 * half)
      row[i] = first_operand ? negated(format, row[i - half]) : row[i - half];
    else if (terms == Terms::OneLarge)
      row[i] = place == 0 ? format.max_normal_code : static_cast<std::uint8_t>(below(random, 3));
    else if (terms == Terms::Ties)
      row[i] = tie_code(random, format, place, first_operand);
    else if (terms == Terms::Zeros && below(random, 8) != 0)
      row[i] = format.has_negative_zero() && below(random, 2) != 0 ? format.sign_mask : std::uint8_t{0};
    else
      row[i] = random_code(random, format, terms == Terms::AnyCodes && below(random, 16) == 0);
  }
  return row;
}

void fill_operand(Random& random, const Product& product, spec::OperandType type, std::size_t rows,
                  Terms terms, bool first_operand, std::vector<std::uint8_t>& codes,
                  std::vector<std::uint8_t>& scales) {
  const auto block_size = static_cast<std::size_t>(product.request.block_size);
  const std::size_t blocks = (product.depth + block_size - 1) / block_size;
  for (std::size_t row = 0; row < rows; ++row) {
    if (spec::is_element(type)) {
      const auto line =
          random_row(random, spec::element_format_of(type), product.depth, block_size, terms, first_operand);
      codes.insert(codes.end(), line.begin(), line.end());
      for (std::size_t block = 0; block < blocks; ++block) scales.push_back(random_scale(random, terms));
    } else {
      // Any bits, exponents near the middle mostly.
      for (std::size_t i = 0; i < product.depth; ++i) {
        const auto width = static_cast<std::size_t>(spec::code_bytes(type));
        const bool wild = terms == Terms::AnyCodes && below(random, 16) == 0;
        for (std::size_t byte = 0; byte < width; ++byte) {
          auto bits = static_cast<std::uint8_t>(below(random, 256));
          if (byte + 1 == width && !wild) bits = static_cast<std::uint8_t>((bits & 0x83) | 0x3c);
          codes.push_back(bits);
        }
      }
    }
  }
}

/// Lines of things of `width` bytes as rows of memory with gaps between them, or as its columns.
std::vector<std::uint8_t> spread(const std::vector<std::uint8_t>& things, std::size_t lines,
                                 std::size_t length, std::size_t width, bool along_columns, std::size_t gap) {
  const std::size_t rows = along_columns ? length : lines;
  const std::size_t columns = along_columns ? lines : length;
  if (rows * columns == 0) return {};
  const std::size_t stride = columns + gap;
  std::vector<std::uint8_t> memory(((rows - 1) * stride + columns) * width, std::uint8_t{1});
  for (std::size_t line = 0; line < lines; ++line)
    for (std::size_t i = 0; i < length; ++i)
      std::memcpy(&memory[(along_columns ? i * stride + line : line * stride + i) * width],
                  &things[(line * length + i) * width], width);
  return memory;
}

/// Lines with gaps between rows of memory, packed, somewhere in a buffer.
struct Placed {
  Placed(const Product& product, spec::OperandType type, const std::vector<std::uint8_t>& codes,
         const std::vector<std::uint8_t>& scales, std::size_t lines, const Placement& placement,
         bool along_columns)
      : code_buffer(0, 0), scale_buffer(0, 0) {
    const std::size_t blocks = lines == 0 ? 0 : scales.size() / lines;
    operand = {.codes = {},
               .rows = lines,
               .depth = product.depth,
               .row_stride = (along_columns ? lines : product.depth) + placement.gap,
               .along_columns = along_columns};
    const std::vector<std::uint8_t> memory =
        spread(codes, lines, product.depth, static_cast<std::size_t>(spec::code_bytes(type)), along_columns,
               placement.gap);
    if (spec::is_element(type) && placement.packing == spec::ElementPacking::BitStream) {
      const int bits = spec::element_format_of(type).bits;
      code_buffer =
          GuardedBuffer(fast::packed_size(placement.packing, bits, memory.size()), placement.offset);
      fast::pack_codes(placement.packing, bits, memory, code_buffer.bytes());
      operand.packing = placement.packing;
    } else {
      code_buffer = GuardedBuffer(memory.size(), placement.offset);
      std::copy(memory.begin(), memory.end(), code_buffer.bytes().begin());
    }
    operand.codes = code_buffer.bytes();
    if (scales.empty()) return;
    operand.scale_stride = (along_columns ? lines : blocks) + placement.gap;
    const auto scale_memory = spread(scales, lines, blocks, 1, along_columns, placement.gap);
    scale_buffer = GuardedBuffer(scale_memory.size(), placement.offset);
    std::copy(scale_memory.begin(), scale_memory.end(), scale_buffer.bytes().begin());
    operand.scales = scale_buffer.bytes();
  }

  GuardedBuffer code_buffer;
  GuardedBuffer scale_buffer;
  fast::MatrixOperand operand;
};

reference::Operand golden_operand(const Product& product, spec::OperandType type,
                                  const std::vector<std::uint8_t>& codes,
                                  const std::vector<std::uint8_t>& scales, std::size_t rows) {
  return reference::lines_along_rows({type, std::as_bytes(std::span(codes))}, scales, rows, product.depth,
                                     product.request.block_size);
}

reference::Factors golden_factors(const Product& product) {
  return {rational_of(product.factors.alpha), rational_of(product.factors.beta)};
}

/// One line alone.
void keep_line(reference::Operand& operand, std::size_t line) {
  const auto width = static_cast<std::size_t>(spec::code_bytes(operand.codes.type));
  operand.codes.bytes =
      operand.codes.bytes.subspan(line * operand.line_stride * width, operand.length * width);
  if (!operand.scales.empty()) {
    const std::size_t blocks = operand.scales.size() / operand.lines;
    operand.scales = operand.scales.subspan(line * operand.scale_line_stride, blocks);
  }
  operand.lines = 1;
}

}  // namespace

std::string Product::describe() const {
  std::ostringstream text;
  text << request.row().name << " " << spec::name_of(request.a) << " x " << spec::name_of(request.b) << " to "
       << spec::name_of(request.output) << " " << spec::name_of(request.rounding.mode)
       << " k=" << request.block_size << " " << rows << "x" << depth << "x" << columns
       << (c.empty() ? "" : " + c") << std::hexfloat << " alpha=" << factors.alpha
       << " beta=" << factors.beta;
  return text.str();
}

Product make_product(Random& random, const spec::DotRequest& request, std::size_t rows, std::size_t columns,
                     std::size_t depth, Terms terms, bool with_c) {
  Product product = {.request = request, .rows = rows, .columns = columns, .depth = depth};
  fill_operand(random, product, request.a, rows, terms, true, product.a, product.a_scales);
  fill_operand(random, product, request.b, columns, terms, false, product.b, product.b_scales);
  if (with_c) {
    const spec::FloatFormat format = spec::format_of(request.output);
    for (std::size_t i = 0; i < rows * columns; ++i)
      product.c.push_back(static_cast<std::uint32_t>(random() & ((std::uint64_t{1} << format.bits) - 1)));
  }
  return product;
}

std::vector<std::uint32_t> product_by(const Multiply& multiply, const Product& product,
                                      const Placement& placement) {
  const std::size_t count = product.rows * product.columns;
  const auto width = static_cast<std::size_t>(spec::format_of(product.request.output).bytes());
  const Placed a(product, product.request.a, product.a, product.a_scales, product.rows, placement,
                 placement.a_along_columns);
  const Placed b(product, product.request.b, product.b, product.b_scales, product.columns, placement,
                 placement.b_along_columns);
  std::vector<std::uint8_t> c(product.c.size() * width);
  for (std::size_t i = 0; i < product.c.size(); ++i) std::memcpy(&c[i * width], &product.c[i], width);
  GuardedBuffer output(count * width, placement.offset);
  multiply(a.operand, b.operand, output.raw(), std::as_bytes(std::span(c)));
  EXPECT_TRUE(output.canaries_live()) << product.describe();
  std::vector<std::uint32_t> codes(count);
  for (std::size_t i = 0; i < count; ++i) std::memcpy(&codes[i], &output.bytes()[i * width], width);
  return codes;
}

reference::Rational rational_of(float number) {
  int exponent = 0;
  const auto significand = static_cast<int>(std::ldexp(std::frexp(std::fabs(number), &exponent), 24));
  const int shift = exponent - 24;
  return {.negative = std::signbit(number),
          .numerator = reference::Integer(significand) << std::max(shift, 0),
          .denominator = reference::Integer(1) << std::max(-shift, 0)};
}

std::vector<std::uint32_t> fast_product(const Product& product, const Placement& placement,
                                        const fast::Execution& execution) {
  return product_by(
      [&](const fast::MatrixOperand& a, const fast::MatrixOperand& b, std::span<std::byte> output,
          std::span<const std::byte> c) {
        fast::matmul(product.request, a, b, output, c, execution, product.factors);
      },
      product, placement);
}

std::vector<std::uint32_t> golden_product(const Product& product) {
  return reference::matmul(
      product.request, golden_operand(product, product.request.a, product.a, product.a_scales, product.rows),
      golden_operand(product, product.request.b, product.b, product.b_scales, product.columns), product.c,
      golden_factors(product));
}

std::uint32_t golden_cell(const Product& product, std::size_t row, std::size_t column) {
  const std::size_t cell = row * product.columns + column;
  // Only a whole product counts its random words.
  if (product.request.rounding.mode == spec::RoundingMode::Stochastic) return golden_product(product)[cell];
  auto a = golden_operand(product, product.request.a, product.a, product.a_scales, product.rows);
  auto b = golden_operand(product, product.request.b, product.b, product.b_scales, product.columns);
  keep_line(a, row);
  keep_line(b, column);
  std::span<const std::uint32_t> c = product.c;
  if (!c.empty()) c = c.subspan(cell, 1);
  return reference::matmul(product.request, a, b, c, golden_factors(product))[0];
}

std::vector<std::size_t> sample_cells(Random& random, const Product& product, std::size_t count) {
  const std::size_t all = product.rows * product.columns;
  std::vector<std::size_t> cells;
  if (all == 0) return cells;
  cells = {0, product.columns - 1, all - product.columns, all - 1};
  while (cells.size() < count) cells.push_back(below(random, all));
  if (all <= count) {
    cells.clear();
    for (std::size_t i = 0; i < all; ++i) cells.push_back(i);
  }
  return cells;
}

}  // namespace mxemu::fast_tests
