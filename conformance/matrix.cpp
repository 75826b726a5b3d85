#include "conformance/matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "conformance/chunks.hpp"
#include "fast/matmul.hpp"
#include "reference/dot.hpp"

namespace mxemu::conformance {
namespace {

/// Rows that share one decoding of B.
constexpr std::size_t rows_of_an_item = 8;

/// Rows first <= m < last of A alone.
reference::Operand rows_of(reference::Operand a, std::size_t first, std::size_t last) {
  const auto width = static_cast<std::size_t>(spec::code_bytes(a.codes.type));
  a.codes.bytes =
      a.codes.bytes.subspan(first * a.line_stride * width, (last - first) * a.line_stride * width);
  if (!a.scales.empty())
    a.scales = a.scales.subspan(first * a.scale_line_stride, (last - first) * a.scale_line_stride);
  a.lines = last - first;
  return a;
}

/// The reference, rows shared among all cores. Stochastic rounding counts cells from the first one of a call,
/// so its product is one call.
std::vector<std::uint32_t> multiply_by_reference(const spec::DotRequest& request, const MatrixLines& a,
                                                 const MatrixLines& b, std::span<const std::uint32_t> c,
                                                 const Tick& tick, const reference::Factors& factors) {
  const reference::Operand rows = a.operand(request.block_size);
  const reference::Operand columns = b.operand(request.block_size);
  std::vector<std::uint32_t> result(a.lines * b.lines);
  const bool whole = request.rounding.mode == spec::RoundingMode::Stochastic;
  const std::size_t item = whole ? a.lines : std::min(a.lines, rows_of_an_item);
  if (item == 0) return result;
  const std::size_t items = (a.lines + item - 1) / item;
  for_each_chunk(items, item * b.lines * b.length, tick, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first * item;
    const std::size_t end = std::min(last * item, a.lines);
    const auto part =
        reference::matmul(request, rows_of(rows, begin, end), columns,
                          c.empty() ? c : c.subspan(begin * b.lines, (end - begin) * b.lines), factors);
    std::copy(part.begin(), part.end(), result.begin() + static_cast<std::ptrdiff_t>(begin * b.lines));
  });
  return result;
}

fast::MatrixOperand fast_operand(const MatrixLines& lines) {
  return {.codes = {reinterpret_cast<const std::uint8_t*>(lines.codes.data()), lines.codes.size()},
          .scales = lines.scales,
          .rows = lines.lines,
          .depth = lines.length};
}

/// The float32 number that a ratio is, if it is one.
std::optional<float> as_float32(const reference::Rational& ratio) {
  if (ratio.numerator == 0) return ratio.negative ? -0.0f : 0.0f;
  const reference::Integer common = gcd(ratio.numerator, ratio.denominator);
  const reference::Integer denominator = ratio.denominator / common;
  reference::Integer significand = ratio.numerator / common;
  if (lsb(denominator) != msb(denominator)) return std::nullopt;
  const auto trailing = lsb(significand);
  significand >>= trailing;
  const int exponent = static_cast<int>(trailing) - static_cast<int>(msb(denominator));
  const int top = exponent + static_cast<int>(msb(significand));
  const spec::FloatFormat& format = spec::format_of(spec::FloatType::Float32);
  if (msb(significand) > static_cast<unsigned>(format.mantissa_bits) || top > format.bias ||
      exponent < format.emin - format.mantissa_bits)
    return std::nullopt;
  const float magnitude = std::ldexp(significand.convert_to<float>(), exponent);
  return ratio.negative ? -magnitude : magnitude;
}

std::optional<fast::Factors> fast_factors(const reference::Factors& factors) {
  const auto alpha = as_float32(factors.alpha), beta = as_float32(factors.beta);
  return alpha && beta ? std::optional(fast::Factors{*alpha, *beta}) : std::nullopt;
}

/// The fast library, all rows at once. Codes cross as numbers of the output type.
std::vector<std::uint32_t> multiply_fast(const spec::DotRequest& request, const MatrixLines& a,
                                         const MatrixLines& b, std::span<const std::uint32_t> c,
                                         const fast::Factors& factors) {
  const auto width = static_cast<std::size_t>(spec::format_of(request.output).bytes());
  std::vector<std::byte> initial(c.size() * width);
  for (std::size_t i = 0; i < c.size(); ++i) std::memcpy(&initial[i * width], &c[i], width);
  std::vector<std::byte> output(a.lines * b.lines * width);
  fast::matmul(request, fast_operand(a), fast_operand(b), output, initial, {}, factors);
  std::vector<std::uint32_t> result(a.lines * b.lines);
  for (std::size_t i = 0; i < result.size(); ++i) std::memcpy(&result[i], &output[i * width], width);
  return result;
}

}  // namespace

reference::Operand MatrixLines::operand(int block_size) const {
  return reference::lines_along_rows({type, codes}, scales, lines, length, block_size);
}

std::string multiplying_subject(std::string_view subject, const spec::DotRequest& request,
                                const reference::Factors& factors) {
  if (subject == "fast" && fast::has_matmul(request) && fast_factors(factors)) return "fast";
  if (subject == "fast" || subject == "reference") return "reference";
  throw std::invalid_argument("no matrix products by the subject \"" + std::string(subject) +
                              "\"; there is: fast, reference");
}

std::vector<std::uint32_t> multiply(std::string_view subject, const spec::DotRequest& request,
                                    const MatrixLines& a, const MatrixLines& b,
                                    std::span<const std::uint32_t> c, const Tick& tick,
                                    const reference::Factors& factors) {
  const std::string multiplies = multiplying_subject(subject, request, factors);
  if (!c.empty() && c.size() != a.lines * b.lines)
    throw std::invalid_argument(std::to_string(c.size()) + " elements of c where " + std::to_string(a.lines) +
                                " x " + std::to_string(b.lines) + " are needed");
  if (multiplies == "fast") {
    std::vector<std::uint32_t> result = multiply_fast(request, a, b, c, *fast_factors(factors));
    if (tick) tick(a.lines * b.lines * a.length);
    return result;
  }
  return multiply_by_reference(request, a, b, c, tick, factors);
}

}  // namespace mxemu::conformance
