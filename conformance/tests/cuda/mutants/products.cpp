#include "products.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "../matmul/device_product.hpp"
#include "conformance/tests/golden/seed.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::Placement;
using fast_tests::Product;
using fast_tests::Random;
using fast_tests::Terms;
using spec::AccumulatorType;
using spec::OperandType;

struct GoldenProduct {
  Product product;
  Placement placement;
  std::vector<std::uint32_t> codes;
};

struct Size {
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;
};

constexpr Placement bytes = {};
constexpr Placement stream = {.packing = spec::ElementPacking::BitStream};
constexpr Placement columns_of_memory = {.packing = spec::ElementPacking::BitStream, .a_along_columns = true};

class Products {
 public:
  Products() {
    add_small_integers();
    add_other_sums();
    add_units();
  }
  const std::deque<GoldenProduct>& all() const { return all_; }

 private:
  Product drawn(const spec::DotRequest& request, const Size& size, Terms terms) {
    Product product =
        fast_tests::make_product(random_, request, size.rows, size.columns, size.depth, terms, true);
    if (request.row().scale == spec::ScaleEntry::Unscaled) {
      product.a_scales.clear();
      product.b_scales.clear();
    }
    return product;
  }
  void add(const Product& product, const Placement& placement = bytes) {
    all_.push_back({product, placement, fast_tests::golden_product(product)});
  }
  void add(const spec::DotRequest& request, const Size& size, Terms terms,
           const Placement& placement = bytes) {
    add(drawn(request, size, terms), placement);
  }

  /// By tensor cores: tiles of 128 and blocks of 32, none of which the sizes are multiples of; more tiles
  /// than blocks of threads; whole chunks; one staging, two, and three.
  void add_small_integers() {
    const auto of = [](OperandType a, OperandType b) {
      return spec::DotRequest{.accumulator = AccumulatorType::BlockExact, .a = a, .b = b};
    };
    add(of(OperandType::E2M1, OperandType::E2M1), {130, 131, 33}, Terms::Numbers, stream);
    add(of(OperandType::INT8, OperandType::INT8), {33, 2200, 5}, Terms::Numbers);
    // Scales of A of every kind side by side, under those of B of which one multiplication is often right.
    Product wide = drawn(of(OperandType::INT8, OperandType::E2M1), {40, 20, 177}, Terms::WideScales);
    std::fill(wide.b_scales.begin(), wide.b_scales.end(), std::uint8_t{100});
    add(wide, stream);
    add(of(OperandType::E2M3, OperandType::E2M3), {20, 40, 96}, Terms::Numbers, stream);
    add(of(OperandType::E2M3, OperandType::E2M1), {20, 17, 81}, Terms::AnyCodes, columns_of_memory);
    // One less than the codes that one multiplication is right for.
    Product small = drawn(of(OperandType::INT8, OperandType::INT8), {32, 32, 32}, Terms::Numbers);
    std::fill(small.a_scales.begin(), small.a_scales.end(), std::uint8_t{69});
    small.b_scales = small.a_scales;
    small.c.clear();
    add(small);
  }

  /// Tiles of 16, more than blocks of threads, and stretches of 64.
  void add_other_sums() {
    add({.accumulator = AccumulatorType::BlockExact, .a = OperandType::E4M3, .b = OperandType::E5M2},
        {17, 40, 75}, Terms::RareScales);
    add({.accumulator = AccumulatorType::BlockExact,
         .a = OperandType::E3M2,
         .b = OperandType::E3M2,
         .block_size = 100},
        {5, 18, 210}, Terms::Numbers, stream);
    add({.accumulator = AccumulatorType::Float32Pairwise, .a = OperandType::E4M3, .b = OperandType::E4M3},
        {18, 33, 210}, Terms::Numbers);
    add({.accumulator = AccumulatorType::Float32Fma, .a = OperandType::E4M3, .b = OperandType::Float32},
        {35, 280, 5}, Terms::Numbers);
    Product scaled = drawn({.accumulator = AccumulatorType::Exact,
                            .a = OperandType::E4M3,
                            .b = OperandType::E2M1,
                            .output = spec::FloatType::BFloat16},
                           {5, 20, 70}, Terms::Numbers);
    scaled.factors = {0.3f, -1.7f};
    scaled.a_scales[0] = 0xff;  // NaN: the first row is
    add(scaled);
  }

  /// One of each way of summing in steps.
  void add_units() {
    const Size size = {17, 20, 150};
    const auto add_unit = [&](AccumulatorType unit, OperandType type) {
      add({.accumulator = unit, .a = type, .b = type}, size, Terms::Numbers);
    };
    add_unit(AccumulatorType::HopperFp8, OperandType::E4M3);
    add_unit(AccumulatorType::HopperFp8BlockScaled, OperandType::E4M3);
    add_unit(AccumulatorType::BlackwellMxf4, OperandType::E2M1);
    add_unit(AccumulatorType::Cdna2, OperandType::Float16);
    add_unit(AccumulatorType::Cdna3Fp8, OperandType::E4M3);
  }

  Random random_ = golden::seeded_generator();
  std::deque<GoldenProduct> all_;
};

}  // namespace

bool products_fail() {
  static const Products products;
  return std::any_of(products.all().begin(), products.all().end(), [](const GoldenProduct& golden) {
    const Product& product = golden.product;
    return fast_tests::product_by(multiply_on_device(product.request, 0, product.factors), product,
                                  golden.placement) != golden.codes ||
           testing::Test::HasFailure();
  });
}

}  // namespace mxemu::cuda_tests
