// Error statistics of random arrays: equal to exact ones, the same bits for any tier, number of threads and
// environment.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "floating_environment.hpp"
#include "golden_errors.hpp"
#include "random_source.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

using fast::ErrorStatistics;

std::size_t width_of(spec::FloatType type) {
  return static_cast<std::size_t>(spec::format_of(type).bytes());
}

/// Blocks along the last axis, the first, a middle one; lines with tails; more columns than a unit has.
fast::BlockGrid random_grid(Random& random, const spec::Request& request) {
  const auto k = static_cast<std::size_t>(request.block_size);
  switch (below(random, 5)) {
    case 0: return {1, 1 + below(random, 900), 1, k};
    case 1: return {1 + below(random, 30), 1 + below(random, 70), 1, k};
    case 2: return {1, 1 + below(random, 80), 1 + below(random, 40), k};
    case 3: return {1 + below(random, 3), 1 + below(random, 70), 1 + below(random, 300), k};
    default: return {1, 1 + below(random, 3), 1000 + below(random, 60), k};
  }
}

Shape shape_of(const fast::BlockGrid& grid) {
  Shape shape;
  for (const std::size_t extent : {grid.outer, grid.length, grid.inner})
    shape.push_back(static_cast<std::int64_t>(extent));
  return shape;
}

/// Arrays of their own, none the conversion of another.
struct Arrays {
  spec::Request request;
  fast::BlockGrid grid;
  spec::FloatType source_type;
  spec::FloatType output_type;
  std::vector<std::byte> source;
  std::vector<std::byte> output;
  std::vector<std::uint8_t> scales;

  Arrays(Random& random, const spec::Request& what, const fast::BlockGrid& blocks, spec::FloatType from,
         spec::FloatType to)
      : request(what), grid(blocks), source_type(from), output_type(to), scales(grid.block_count()) {
    const auto numbers = [&](spec::FloatType type) {
      return bytes_of(type, random_numbers(random, spec::format_of(type), grid.element_count(), 100));
    };
    source = numbers(from);
    output = one_in(random, 4) && from == to ? source : numbers(to);
    for (std::uint8_t& scale : scales)
      scale = static_cast<std::uint8_t>(one_in(random, 3) ? 120 + below(random, 16) : below(random, 256));
  }

  ErrorStatistics measured(const fast::Execution& execution) const {
    return fast::error_statistics(request, grid, {source_type, source}, scales, {output_type, output},
                                  execution);
  }
  GoldenErrors golden() const {
    return golden_errors({request, grid, {source_type, source}, scales, {output_type, output}});
  }
};

TEST(ErrorsOfArrays, OfPartsAddUp) {
  Random random = golden::seeded_generator();
  const spec::Request request = spec::make_request(spec::BlockType::MXFP6_E3M2);
  const Arrays all(random, request, {.outer = 2, .length = 320}, spec::FloatType::BFloat16,
                   spec::FloatType::BFloat16);
  ErrorStatistics sum;
  for (std::size_t half = 0; half < 2; ++half)
    sum.add(fast::error_statistics(request, {.length = 320},
                                   {all.source_type, std::span(all.source).subspan(half * 640, 640)},
                                   std::span(all.scales).subspan(half * 10, 10),
                                   {all.output_type, std::span(all.output).subspan(half * 640, 640)}));
  GoldenErrors golden = all.golden();
  EXPECT_TRUE(same_errors(golden, sum));
}

class Errors : public EveryTier {};

/// Squares of every magnitude, alone in their sum.
TEST_P(Errors, OfSingleFloat64OfAnyMagnitudeAreTheExactOnes) {
  const spec::Request request = spec::make_request(spec::BlockType::MXFP8_E4M3);
  const std::vector<std::uint8_t> scales = {127};
  for (std::uint64_t field = 0; field < 2046; field += 3) {
    const std::uint64_t bits = field << 52 | 0x23456789abcdf;
    const std::vector<std::byte> source = bytes_of(spec::FloatType::Float64, {bits});
    const std::vector<std::byte> output = bytes_of(spec::FloatType::Float64, {bits + (1ull << 40)});
    const ErrorStatistics got =
        fast::error_statistics(request, {}, {spec::FloatType::Float64, source}, scales,
                               {spec::FloatType::Float64, output}, {.isa = GetParam()});
    EXPECT_TRUE(same_errors(
        golden_errors(
            {request, {}, {spec::FloatType::Float64, source}, scales, {spec::FloatType::Float64, output}}),
        got))
        << "exponent field " << field;
  }
}

/// Each small square alone is lost beside the large one, all of them together are not.
TEST_P(Errors, OfManySmallNumbersBesideALargeOneDoNotLoseThem) {
  std::vector<float> source(std::size_t{1} << 18, 0x1p-31f);
  source[0] = 1;
  const ErrorStatistics s = fast::error_statistics(
      spec::make_request(spec::BlockType::MXFP4_E2M1), {.length = source.size()},
      {spec::FloatType::Float32, std::as_bytes(std::span(source))},
      std::vector<std::uint8_t>(source.size() / 32, 127),
      {spec::FloatType::Float32, std::as_bytes(std::span(source))}, {.isa = GetParam()});
  const double exact = 1 + 0x1p-62 * ((1 << 18) - 1);
  EXPECT_NEAR(s.signal.value, exact, 0x1p-51);
}

TEST_P(Errors, OfArbitraryArraysAreTheExactOnes) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 150; ++i) {
    const spec::Request request = arbitrary_request(random);
    const Arrays arrays(random, request, random_grid(random, request), any_word<spec::FloatType>(random),
                        any_word<spec::FloatType>(random));
    const FloatingEnvironment environment(hostile_environments[below(random, hostile_environments.size())]);
    const ErrorStatistics got = arrays.measured({.isa = GetParam()});
    EXPECT_TRUE(environment.unchanged());
    const FloatingEnvironment usual(hostile_environments[0]);
    EXPECT_TRUE(same_errors(arrays.golden(), got))
        << describe(request) << "\n  " << describe(shape_of(arrays.grid), 1) << " "
        << spec::name_of(arrays.source_type) << " to " << spec::name_of(arrays.output_type);
  }
}

/// The pass that converts says the same as the pass over what it made, and converts to the same values.
TEST_P(Errors, OfARoundTripAreTheExactOnesInThePassItself) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const auto& type : spec::float_formats)
      for (int i = 0; i < 4; ++i) {
        spec::Request request = i % 2 ? arbitrary_request(random) : common_request(random);
        request.format = format.type;
        const fast::BlockGrid grid = random_grid(random, request);
        const GoldenTensor tensor(random_tensor(random, request, shape_of(grid), 1, type.type));
        const auto output = any_word<spec::FloatType>(random);
        const std::vector<std::byte>& expected = tensor.values(output);
        std::vector<std::byte> values(expected.size());
        ErrorStatistics got;
        {
          const FloatingEnvironment environment(
              hostile_environments[below(random, hostile_environments.size())]);
          fast::roundtrip_tensor(request, grid, {type.type, tensor.given().source}, {output, values}, got,
                                 tensor.given().random_words, {.isa = GetParam()});
          EXPECT_TRUE(environment.unchanged());
        }
        const Context context = tensor.value_context({.isa = GetParam()}, output);
        EXPECT_TRUE(same_records("values", expected, values, width_of(output), context));
        EXPECT_TRUE(same_errors(
            golden_errors({request, grid, tensor.given().view(), tensor.scales(), {output, expected}}), got))
            << context.setting();
        EXPECT_TRUE(
            same_statistics(fast::error_statistics(request, grid, {type.type, tensor.given().source},
                                                   tensor.scales(), {output, values}, {.isa = GetParam()}),
                            got))
            << context.setting();
      }
}

TEST_P(Errors, OfARoundTripInPlaceAreThoseBesideIt) {
  Random random = golden::seeded_generator();
  for (const auto type : {spec::FloatType::Float32, spec::FloatType::BFloat16})
    for (const fast::BlockGrid& grid : {fast::BlockGrid{7, 77, 1}, fast::BlockGrid{2, 45, 150}}) {
      const spec::Request request = spec::make_request(any_format(random));
      const GivenTensor given = random_tensor(random, request, shape_of(grid), 1, type);
      std::vector<std::byte> values = given.source, beside(given.source.size());
      ErrorStatistics in_place, expected;
      fast::roundtrip_tensor(request, grid, {type, given.source}, {type, beside}, expected, {},
                             {.isa = GetParam()});
      fast::roundtrip_tensor(request, grid, {type, values}, {type, values}, in_place, {},
                             {.isa = GetParam()});
      EXPECT_EQ(values, beside);
      EXPECT_TRUE(same_statistics(expected, in_place));
    }
}

/// Numbers of like magnitude, whose every sum is rounded: another order of additions would show.
std::vector<std::byte> ordinary_numbers(Random& random, spec::FloatType type, std::size_t count, Fill fill) {
  const spec::FloatFormat& format = spec::format_of(type);
  std::vector<std::uint64_t> numbers(count);
  for (std::uint64_t& number : numbers) number = random_number(random, format, fill, format.bias);
  return bytes_of(type, numbers);
}

/// In so few additions another order would show.
TEST_P(Errors, OfFewNumbersAreTheSameBitsInEveryTier) {
  Random random = golden::seeded_generator();
  const spec::Request request = spec::make_request(spec::BlockType::MXINT8);
  const auto type = spec::FloatType::Float64;
  const std::vector<std::uint8_t> scales(7, 127);
  for (int i = 0; i < 300; ++i) {
    const std::vector<std::byte> source = ordinary_numbers(random, type, 200, Fill::Narrow);
    const std::vector<std::byte> output = ordinary_numbers(random, type, 200, Fill::Narrow);
    const auto measured = [&](fast::Isa isa) {
      return fast::error_statistics(request, {.length = 200}, {type, source}, scales, {type, output},
                                    {.isa = isa});
    };
    EXPECT_TRUE(same_statistics(measured(fast::Isa::Portable), measured(GetParam())));
  }
}

/// Long enough for threads to be used; tails and columns.
TEST_P(Errors, AreTheSameBitsForEveryNumberOfThreadsAndTheExactOnes) {
  Random random = golden::seeded_generator();
  for (const fast::BlockGrid& grid :
       {fast::BlockGrid{1, 271'828, 1}, fast::BlockGrid{1000, 263, 1}, fast::BlockGrid{3, 97, 1100}}) {
    const auto type = grid.outer == 3 ? spec::FloatType::Float64 : spec::FloatType::Float32;
    Arrays arrays(random, spec::make_request(any_format(random)), grid, type, type);
    arrays.source = ordinary_numbers(random, type, grid.element_count(), Fill::NonFinite);
    arrays.output = ordinary_numbers(random, type, grid.element_count(), Fill::Narrow);
    std::vector<std::byte> values(arrays.source.size());
    const auto round_trip = [&](const fast::Execution& execution) {
      ErrorStatistics statistics;
      fast::roundtrip_tensor(arrays.request, grid, {type, arrays.source}, {type, values}, statistics, {},
                             execution);
      return statistics;
    };
    const fast::Execution simplest = {.isa = fast::Isa::Portable, .threads = 1};
    const ErrorStatistics measured = arrays.measured(simplest), converted = round_trip(simplest);
    EXPECT_TRUE(same_errors(arrays.golden(), measured));
    for (const int threads : {1, 2, 3, 7}) {
      const fast::Execution execution = {.isa = GetParam(), .threads = threads};
      EXPECT_TRUE(same_statistics(measured, arrays.measured(execution))) << threads << " threads";
      EXPECT_TRUE(same_statistics(converted, round_trip(execution))) << threads << " threads";
    }
  }
}

MXEMU_ON_EVERY_TIER(Errors);

}  // namespace
}  // namespace mxemu::fast_tests
