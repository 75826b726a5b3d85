// Blocks written as lists of machine numbers.
#pragma once

#include <cstdint>
#include <limits>
#include <ostream>
#include <span>
#include <vector>

#include "rational.hpp"
#include "reference/block.hpp"
#include "spec/request.hpp"

namespace mxemu::reference {

/// How GoogleTest prints a block.
inline void PrintTo(const Block& block, std::ostream* out) {
  *out << "scale " << int{block.scale} << " codes";
  for (const int code : block.codes) *out << ' ' << code;
}

}  // namespace mxemu::reference

namespace mxemu::golden {

inline constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

inline std::vector<reference::Value> values_of(std::span<const double> numbers) {
  std::vector<reference::Value> values;
  for (const double number : numbers) values.push_back(value_of(number));
  return values;
}

inline reference::Block quantized(const spec::Request& request, const std::vector<double>& numbers) {
  return reference::quantize_block(request, values_of(numbers));
}

/// The machine numbers of a block, dequantised to `type`.
inline std::vector<double> dequantized(const spec::Request& request, const reference::Block& block,
                                       spec::FloatType type = spec::FloatType::Float32) {
  std::vector<double> numbers;
  for (const std::uint64_t bits : reference::dequantize_block(request, block, spec::format_of(type)))
    numbers.push_back(hardware_value(type, bits));
  return numbers;
}

/// The request of a concrete format with one policy changed: `with(type, [](auto& p) { p.tail = …; })`.
template <class Change>
spec::Request with(spec::BlockType type, Change change) {
  spec::Request request = spec::make_request(type);
  change(request.policy);
  return request;
}

/// The concrete block format that holds an element type.
inline spec::BlockType block_of(spec::ElementType element) {
  for (const auto& row : spec::block_formats)
    if (row.element == element) return row.type;
  throw std::invalid_argument("no block format holds this element");
}

}  // namespace mxemu::golden
