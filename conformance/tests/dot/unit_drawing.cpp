// The patterns of unit_case.hpp.
#include "conformance/tests/dot/unit_case.hpp"

#include <algorithm>

namespace mxemu::dot_test {
namespace {

/// What drawing codes of a type takes.
struct CodeFormat {
  int mantissa_bits;
  int bias;
  int emin;
  int emax;
  std::uint32_t sign;
  std::uint32_t largest;
  std::vector<std::uint32_t> specials;
};

CodeFormat format_of_type(spec::OperandType type) {
  if (spec::is_element(type)) {
    const spec::ElementFormat& format = spec::element_format_of(type);
    CodeFormat result = {format.mantissa_bits,   format.bias, format.emin, format.emax, format.sign_mask,
                         format.max_normal_code, {}};
    for (std::uint32_t code = result.largest + 1; code < result.sign; ++code) result.specials.push_back(code);
    return result;
  }
  const spec::FloatFormat& format = spec::float_format_of(type);
  const auto infinity = static_cast<std::uint32_t>(format.infinity_bits());
  return {format.mantissa_bits,
          format.bias,
          format.emin,
          format.emax,
          static_cast<std::uint32_t>(format.sign_mask()),
          infinity - 1,
          {infinity, infinity, static_cast<std::uint32_t>(format.nan_bits()), infinity + 1}};
}

/// Fraction bits that terms are cut to, or that sums are rounded to.
int window_of(const spec::DotRequest& request) {
  const spec::Accumulator& row = request.row();
  return row.kind == spec::AccumulatorKind::Fused ? row.fused.fraction_bits : 24;
}

class Drawing {
 public:
  Drawing(std::mt19937_64& random, spec::OperandType type, const spec::DotRequest& request)
      : random_(random), format_(format_of_type(type)), window_(window_of(request)) {
    const spec::FloatFormat& output = spec::format_of(request.output);
    root_ = (output.emin - output.mantissa_bits) / 2;
  }

  std::vector<std::uint32_t> line(LineKind kind, std::size_t count) {
    std::vector<std::uint32_t> codes;
    top_ = between(format_.emin, format_.emax);
    line_sign_ = sign();
    while (codes.size() < count) codes.push_back(code(kind, codes));
    return codes;
  }
  std::uint32_t at_exponent(int exponent) { return sign() | magnitude(exponent); }

 private:
  int between(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1));
  }
  bool one_in(unsigned n) { return random_() % n == 0; }
  std::uint32_t sign() { return one_in(2) ? format_.sign : 0; }

  /// A number with this exponent, or the nearest that the format has, mantissa drawn.
  std::uint32_t magnitude(int exponent) {
    const std::uint32_t one = 1u << format_.mantissa_bits;
    const auto drawn = static_cast<std::uint32_t>(random_()) & (one - 1);
    const std::uint32_t mantissa = one_in(3) ? 0 : drawn;
    if (exponent < format_.emin) {
      const int shift = format_.emin - exponent;
      return shift > format_.mantissa_bits ? 1 : (one | mantissa) >> shift;
    }
    const int field = std::min(exponent, format_.emax) + format_.bias;
    return std::min(static_cast<std::uint32_t>(field) * one | mantissa, format_.largest);
  }
  std::uint32_t any() {
    const auto drawn = static_cast<std::uint32_t>(random_()) & (2 * format_.sign - 1);
    return (drawn & (format_.sign - 1)) > format_.largest ? drawn & format_.sign : drawn;
  }

  std::uint32_t code(LineKind kind, const std::vector<std::uint32_t>& before) {
    const bool second = before.size() % 2 == 1;
    const bool spot = before.size() % 8 == 5;
    switch (kind) {
      case LineKind::AnyCodes: return any();
      case LineKind::NearOne: return sign() | magnitude(between(-2, 2));
      case LineKind::Cancelling: return second ? before.back() ^ format_.sign : any();
      case LineKind::Paired: return second ? before.back() : any();
      case LineKind::LargeAmongTiny:
        return sign() | magnitude(one_in(16) ? top_ : top_ - window_ + between(-3, 3));
      case LineKind::WindowEdge:
        return sign() | magnitude(one_in(4) ? top_ : top_ - window_ + between(-1, 1));
      case LineKind::NegativeTails:
        return one_in(8) ? magnitude(top_) : format_.sign | magnitude(top_ - between(0, window_ + 2));
      case LineKind::Subnormals:
        return sign() | (static_cast<std::uint32_t>(random_()) & ((1u << format_.mantissa_bits) - 1));
      case LineKind::Largest: return line_sign_ | format_.largest;
      case LineKind::RootOfLargest:
        return sign() | magnitude(spot ? format_.emax / 2 + between(-1, 1) : between(-2, 2));
      case LineKind::RootOfSmallest: return line_sign_ | magnitude(root_ + between(-7, 5));
      case LineKind::ZeroSpots: return sign() | (spot ? 0 : magnitude(between(-window_, 2)));
      case LineKind::LargeSpots: return sign() | magnitude(spot ? format_.emax : between(-4, 2));
      case LineKind::Powers:
        return sign() | static_cast<std::uint32_t>(format_.bias) << format_.mantissa_bits;
      case LineKind::MostlyZero: return sign() | (one_in(8) ? magnitude(between(-3, 3)) : 0);
      case LineKind::Specials:
        if (one_in(12) && !format_.specials.empty())
          return sign() | format_.specials[random_() % format_.specials.size()];
        return any();
    }
    return 0;
  }

  std::mt19937_64& random_;
  CodeFormat format_;
  int window_;
  int root_;  ///< half the exponent of the output's smallest number
  int top_ = 0;
  std::uint32_t line_sign_ = 0;
};

void append(std::vector<std::uint8_t>& to, spec::OperandType type, const std::vector<std::uint32_t>& codes) {
  for (const std::uint32_t code : codes)
    for (int byte = 0; byte < spec::code_bytes(type); ++byte)
      to.push_back(static_cast<std::uint8_t>(code >> 8 * byte));
}

std::vector<std::uint8_t> drawn_codes_of(std::mt19937_64& random, const spec::DotRequest& request,
                                         spec::OperandType type, std::size_t lines, std::size_t depth) {
  std::vector<std::uint8_t> codes;
  Drawing drawing(random, type, request);
  const std::size_t first_kind = random() % line_kind_count;
  for (std::size_t line = 0; line < lines; ++line) {
    const auto kind = static_cast<LineKind>((first_kind + line) % static_cast<std::size_t>(line_kind_count));
    append(codes, type, drawing.line(kind, depth));
  }
  return codes;
}

/// Of one line: close to 1, anywhere, a window apart, or at both ends of the range; NaN now and then.
void append_scales(std::vector<std::uint8_t>& scales, std::mt19937_64& random, int window,
                   std::size_t blocks) {
  const auto style = random() % 4;
  for (std::size_t block = 0; block < blocks; ++block) {
    const unsigned near = 126 + static_cast<unsigned>(random() % 4);
    const unsigned apart =
        random() % 2 ? 150 : 150 - static_cast<unsigned>(window) + static_cast<unsigned>(random() % 3);
    const unsigned end =
        random() % 2 ? static_cast<unsigned>(random() % 3) : 252 + static_cast<unsigned>(random() % 3);
    const unsigned scale = style == 0   ? near
                           : style == 1 ? static_cast<unsigned>(random() % 255)
                           : style == 2 ? apart
                                        : end;
    scales.push_back(static_cast<std::uint8_t>(random() % 64 == 0 ? 255 : scale));
  }
}

/// c of one cell: of some kind, or such that it cancels the products, or that it lies at an edge of the
/// window that they span. `products`: the result from +0.
std::uint32_t drawn_accumulator(std::mt19937_64& random, const spec::DotRequest& request,
                                std::uint32_t products) {
  constexpr LineKind kinds[] = {LineKind::AnyCodes, LineKind::NearOne,    LineKind::Subnormals,
                                LineKind::Largest,  LineKind::MostlyZero, LineKind::Specials};
  const spec::OperandType as_operand =
      request.output == spec::FloatType::Float16 ? spec::OperandType::Float16 : spec::OperandType::Float32;
  Drawing drawing(random, as_operand, request);
  const auto style = random() % 4;
  if (style == 0) return drawing.line(kinds[random() % std::size(kinds)], 1)[0];
  const spec::FloatFormat& format = spec::format_of(request.output);
  const int window = window_of(request);
  if (style == 1) return products ^ static_cast<std::uint32_t>(format.sign_mask());
  const int field = static_cast<int>((products & ~format.sign_mask()) >> format.mantissa_bits);
  const int distance = (random() % 2 ? window : -window) + static_cast<int>(random() % 7) - 3;
  return drawing.at_exponent(field - format.bias + distance);
}

}  // namespace

UnitCase drawn_case(std::mt19937_64& random, const spec::DotRequest& request, std::size_t rows,
                    std::size_t columns, std::size_t depth) {
  const spec::Accumulator& row = request.row();
  const int window = window_of(request);
  UnitCase product = {.request = request, .rows = rows, .columns = columns, .depth = depth};
  product.a = drawn_codes_of(random, request, request.a, rows, depth);
  product.b = drawn_codes_of(random, request, request.b, columns, depth);
  const auto block_size = static_cast<std::size_t>(request.block_size);
  const std::size_t blocks = (depth + block_size - 1) / block_size;
  if (row.scale != spec::ScaleEntry::Unscaled) {
    if (spec::is_element(request.a) && random() % 8 != 0)
      for (std::size_t line = 0; line < rows; ++line) append_scales(product.a_scales, random, window, blocks);
    if (spec::is_element(request.b) && random() % 8 != 0)
      for (std::size_t line = 0; line < columns; ++line)
        append_scales(product.b_scales, random, window, blocks);
  }
  const auto style = random() % 8;
  if (style == 0)
    product.c.assign(rows * columns, static_cast<std::uint32_t>(spec::format_of(request.output).sign_mask()));
  else if (style > 1)
    for (const std::uint32_t products : expected_of(product))
      product.c.push_back(drawn_accumulator(random, request, products));
  return product;
}

}  // namespace mxemu::dot_test
