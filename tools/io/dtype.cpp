#include "tools/io/dtype.hpp"

#include <algorithm>
#include <cstddef>

#include "tools/io/error.hpp"

namespace mxemu::io {
namespace {

constexpr DTypeFormat plain(DType type, const char* name, int bits, int ggml_type = -1,
                            const char* npy = nullptr) {
  return {type, name, 1, bits, true, ggml_type, npy};
}

constexpr DTypeFormat block(DType type, const char* name, int ggml_type, int elements, int bytes) {
  return {type, name, elements, 8 * bytes, false, ggml_type, nullptr};
}

/// Indexed by DType. Block sizes are those of ggml's structures, with QK_K = 256. (Its Python table counts
/// Q8_1 as 40 bytes; the structure, which no file is known to hold, has 36.)
constexpr DTypeFormat rows[] = {
    plain(DType::F64, "F64", 64, 28, "<f8"),
    plain(DType::F32, "F32", 32, 0, "<f4"),
    plain(DType::F16, "F16", 16, 1, "<f2"),
    plain(DType::BF16, "BF16", 16, 30),
    plain(DType::C64, "C64", 64, -1, "<c8"),
    plain(DType::I8, "I8", 8, 24, "|i1"),
    plain(DType::U8, "U8", 8, -1, "|u1"),
    plain(DType::I16, "I16", 16, 25, "<i2"),
    plain(DType::U16, "U16", 16, -1, "<u2"),
    plain(DType::I32, "I32", 32, 26, "<i4"),
    plain(DType::U32, "U32", 32, -1, "<u4"),
    plain(DType::I64, "I64", 64, 27, "<i8"),
    plain(DType::U64, "U64", 64, -1, "<u8"),
    plain(DType::BOOL, "BOOL", 8, -1, "|b1"),
    plain(DType::F8_E4M3, "F8_E4M3", 8),
    plain(DType::F8_E5M2, "F8_E5M2", 8),
    plain(DType::F8_E4M3FNUZ, "F8_E4M3FNUZ", 8),
    plain(DType::F8_E5M2FNUZ, "F8_E5M2FNUZ", 8),
    plain(DType::F8_E8M0, "F8_E8M0", 8),
    plain(DType::F6_E2M3, "F6_E2M3", 6),
    plain(DType::F6_E3M2, "F6_E3M2", 6),
    plain(DType::F4, "F4", 4),
    block(DType::GGML_MXFP4, "GGML_MXFP4", 39, 32, 1 + 16),
    block(DType::GGML_NVFP4, "GGML_NVFP4", 40, 64, 4 + 32),
    block(DType::GGML_Q4_0, "GGML_Q4_0", 2, 32, 2 + 16),
    block(DType::GGML_Q4_1, "GGML_Q4_1", 3, 32, 2 + 2 + 16),
    block(DType::GGML_Q5_0, "GGML_Q5_0", 6, 32, 2 + 4 + 16),
    block(DType::GGML_Q5_1, "GGML_Q5_1", 7, 32, 2 + 2 + 4 + 16),
    block(DType::GGML_Q8_0, "GGML_Q8_0", 8, 32, 2 + 32),
    block(DType::GGML_Q8_1, "GGML_Q8_1", 9, 32, 2 + 2 + 32),
    block(DType::GGML_Q2_K, "GGML_Q2_K", 10, 256, 2 + 2 + 16 + 64),
    block(DType::GGML_Q3_K, "GGML_Q3_K", 11, 256, 2 + 32 + 64 + 12),
    block(DType::GGML_Q4_K, "GGML_Q4_K", 12, 256, 2 + 2 + 12 + 128),
    block(DType::GGML_Q5_K, "GGML_Q5_K", 13, 256, 2 + 2 + 12 + 128 + 32),
    block(DType::GGML_Q6_K, "GGML_Q6_K", 14, 256, 2 + 16 + 128 + 64),
    block(DType::GGML_Q8_K, "GGML_Q8_K", 15, 256, 4 + 256 + 32),
    block(DType::GGML_IQ2_XXS, "GGML_IQ2_XXS", 16, 256, 2 + 64),
    block(DType::GGML_IQ2_XS, "GGML_IQ2_XS", 17, 256, 2 + 64 + 8),
    block(DType::GGML_IQ3_XXS, "GGML_IQ3_XXS", 18, 256, 2 + 64 + 32),
    block(DType::GGML_IQ1_S, "GGML_IQ1_S", 19, 256, 2 + 32 + 16),
    block(DType::GGML_IQ4_NL, "GGML_IQ4_NL", 20, 32, 2 + 16),
    block(DType::GGML_IQ3_S, "GGML_IQ3_S", 21, 256, 2 + 64 + 32 + 8 + 4),
    block(DType::GGML_IQ2_S, "GGML_IQ2_S", 22, 256, 2 + 64 + 16),
    block(DType::GGML_IQ4_XS, "GGML_IQ4_XS", 23, 256, 2 + 2 + 128 + 4),
    block(DType::GGML_IQ1_M, "GGML_IQ1_M", 29, 256, 32 + 16 + 8),
    block(DType::GGML_TQ1_0, "GGML_TQ1_0", 34, 256, 2 + 4 * 13),
    block(DType::GGML_TQ2_0, "GGML_TQ2_0", 35, 256, 2 + 64),
    block(DType::GGML_Q1_0, "GGML_Q1_0", 41, 128, 2 + 16),
    block(DType::GGML_Q2_0, "GGML_Q2_0", 42, 64, 2 + 16),
};

consteval bool rows_are_in_order() {
  int index = 0;
  for (const auto& row : rows)
    if (static_cast<int>(row.type) != index++) return false;
  return index == static_cast<int>(DType::GGML_Q2_0) + 1;
}
static_assert(rows_are_in_order(), "rows is indexed by DType");

char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

template <class Predicate>
std::optional<DType> first_row(Predicate matches) {
  const auto* row = std::ranges::find_if(rows, matches);
  return row == std::end(rows) ? std::nullopt : std::optional(row->type);
}

// Product of the dimensions, with zeros counted as one; nothing when it reaches 2^63.
std::optional<std::int64_t> nonzero_product(std::span<const std::int64_t> shape) {
  std::int64_t product = 1;
  for (const std::int64_t dimension : shape)
    if (dimension != 0 && __builtin_mul_overflow(product, dimension, &product)) return std::nullopt;
  return product;
}

}  // namespace

const DTypeFormat& format_of(DType type) {
  return rows[static_cast<std::size_t>(type)];
}

std::span<const DTypeFormat> all_dtypes() {
  return rows;
}

std::optional<DType> parse_dtype(std::string_view name) {
  return first_row([&](const DTypeFormat& row) {
    return std::ranges::equal(name, std::string_view(row.name), {}, upper);
  });
}

std::optional<DType> safetensors_dtype(std::string_view name) {
  return first_row([&](const DTypeFormat& row) { return row.safetensors && name == row.name; });
}

std::optional<DType> ggml_dtype(std::uint32_t ggml_type) {
  return first_row([&](const DTypeFormat& row) {
    return row.ggml_type >= 0 && static_cast<std::uint32_t>(row.ggml_type) == ggml_type;
  });
}

std::optional<spec::FloatType> float_type_of(DType type) {
  if (type == DType::F64) return spec::FloatType::Float64;
  if (type == DType::F32) return spec::FloatType::Float32;
  if (type == DType::F16) return spec::FloatType::Float16;
  if (type == DType::BF16) return spec::FloatType::BFloat16;
  return std::nullopt;
}

DType dtype_of(spec::FloatType type) {
  switch (type) {
    case spec::FloatType::Float64: return DType::F64;
    case spec::FloatType::Float32: return DType::F32;
    case spec::FloatType::Float16: return DType::F16;
    case spec::FloatType::BFloat16: return DType::BF16;
  }
  return DType::F32;
}

ByteSize byte_size_of(DType type, std::span<const std::int64_t> shape) {
  const DTypeFormat& format = format_of(type);
  const std::string named = "shape " + shape_text(shape) + " of " + format.name;
  if (std::ranges::any_of(shape, [](std::int64_t dimension) { return dimension < 0; }))
    return {0, "shape " + shape_text(shape) + " has a negative dimension"};
  const auto product = nonzero_product(shape);
  if (!product) return {0, "shape " + shape_text(shape) + " has 2^63 elements or more"};
  const std::int64_t last = shape.empty() ? 1 : shape.back();
  if (last % format.unit_elements != 0)
    return {0, named + " has a last dimension that is no multiple of its block size " +
                   std::to_string(format.unit_elements)};
  const bool empty = std::ranges::find(shape, 0) != shape.end();
  const std::int64_t units = empty ? 0 : *product / format.unit_elements;
  std::int64_t bits = 0;
  if (__builtin_mul_overflow(units, std::int64_t{format.unit_bits}, &bits))
    return {0, named + " has 2^60 bytes or more"};
  if (bits % 8 != 0) return {0, named + " does not fill whole bytes (" + std::to_string(bits) + " bits)"};
  return {static_cast<std::uint64_t>(bits / 8), {}};
}

}  // namespace mxemu::io
