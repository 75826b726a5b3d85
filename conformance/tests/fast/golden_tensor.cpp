#include "golden_tensor.hpp"

#include <algorithm>
#include <cstring>

#include "buffers.hpp"
#include "conformance/describe.hpp"
#include "conformance/staircase.hpp"
#include "floating_environment.hpp"
#include "random_source.hpp"
#include "reference/packing.hpp"

namespace mxemu::fast_tests {
namespace {

fast::Execution execution_of(const Settings& settings) {
  return {.isa = settings.isa,
          .threads = settings.threads,
          .stream_from = settings.stream ? 0 : std::size_t{1} << 40};
}

/// Calls the library inside the settings's floating-point environment.
template <class Call>
void call(const GoldenTensor& tensor, const Settings& settings, const Call& library) {
  bool unchanged = false;
  {
    const FloatingEnvironment environment(settings.control_word);
    library();
    unchanged = environment.unchanged();
  }
  EXPECT_TRUE(unchanged) << "the caller's MXCSR was changed\n  " << tensor.code_context(settings).setting();
}

GuardedBuffer source_of(const GoldenTensor& tensor, const Settings& settings) {
  GuardedBuffer source(tensor.given().source.size(), settings.source_offset);
  std::copy(tensor.given().source.begin(), tensor.given().source.end(), source.raw().begin());
  return source;
}

reference::QuantizedTensor quantize_on_all_cores(const GivenTensor& given) {
  reference::QuantizedTensor golden;
  golden.grid = reference::make_block_grid(given.shape, given.axis, given.request);
  golden.codes.resize(golden.grid.element_count());
  golden.scales.resize(golden.grid.block_count());
  constexpr std::size_t chunk = 256;
  const std::size_t blocks = golden.grid.block_count();
  const auto quantize = [&](std::uint64_t index) {
    reference::quantize_blocks(given.request, golden.grid, given.view(), index * chunk,
                               std::min(blocks, (index + 1) * chunk), golden.codes, golden.scales,
                               given.random_words);
  };
  if (blocks <= chunk)
    quantize(0);
  else
    conformance::on_all_cores((blocks + chunk - 1) / chunk, quantize);
  return golden;
}

}  // namespace

std::vector<std::byte> bytes_of(spec::FloatType type, const std::vector<std::uint64_t>& numbers) {
  std::vector<std::byte> bytes(numbers.size() * static_cast<std::size_t>(spec::format_of(type).bytes()));
  for (std::size_t i = 0; i < numbers.size(); ++i) reference::store_float(type, bytes, i, numbers[i]);
  return bytes;
}

GivenTensor random_tensor(Random& random, const spec::Request& request, const Shape& shape, int axis,
                          spec::FloatType type) {
  const auto grid = reference::make_block_grid(shape, axis, request);
  const std::size_t count = grid.element_count();
  GivenTensor given = {
      request, shape, axis, type,
      bytes_of(type, random_numbers(random, spec::format_of(type), count, 2 * grid.block_size * grid.inner))};
  if (request.rounding.mode == spec::RoundingMode::Stochastic && one_in(random, 2)) {
    given.random_words.resize(count);
    for (std::uint32_t& word : given.random_words) word = static_cast<std::uint32_t>(random());
  }
  return given;
}

GoldenTensor::GoldenTensor(GivenTensor given)
    : given_(std::move(given)), golden_(quantize_on_all_cores(given_)) {}

const std::vector<std::uint8_t>& GoldenTensor::packed_codes(spec::ElementPacking packing) const {
  if (packing == spec::ElementPacking::Bytes) return golden_.codes;
  if (packed_.empty())
    packed_ = reference::pack_codes(packing, request().element_format().bits, golden_.codes);
  return packed_;
}

const std::vector<std::byte>& GoldenTensor::values(spec::FloatType type) const {
  std::vector<std::byte>& values = values_[static_cast<std::size_t>(type)];
  if (values.empty() && !golden_.codes.empty())
    values = reference::dequantize_tensor(request(), golden_, type);
  return values;
}

fast::BlockGrid GoldenTensor::grid() const {
  return fast::make_block_grid(given_.shape, given_.axis, given_.request);
}

std::string GoldenTensor::setting(const Settings& settings) const {
  return describe(given_.request) + "\n  " + describe(settings) + " source=" + spec::name_of(given_.type) +
         " " + describe(given_.shape, given_.axis);
}

std::size_t GoldenTensor::block_of(std::size_t element) const {
  const reference::BlockGrid& grid = golden_.grid;
  const std::size_t line = element / grid.inner / grid.length;
  const std::size_t block = element / grid.inner % grid.length / grid.block_size;
  return (line * grid.blocks_per_line() + block) * grid.inner + element % grid.inner;
}

std::string GoldenTensor::input_of_element(std::size_t element) const {
  const spec::FloatFormat& format = spec::format_of(given_.type);
  const std::uint64_t bits = given_.view().bits_at(element);
  const std::size_t block = block_of(element);
  return conformance::hex(bits, format.bits / 4) + " " + conformance::hex_float(format, bits) + " of block " +
         std::to_string(block) + " with scale " + conformance::hex(golden_.scales[block], 2);
}

/// A block's numbers, largest magnitude bits first.
std::string GoldenTensor::input_of_block(std::size_t block) const {
  const spec::FloatFormat& format = spec::format_of(given_.type);
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < golden_.codes.size(); ++i)
    if (block_of(i) == block)
      largest = std::max(largest, given_.view().bits_at(i) & (format.sign_mask() - 1));
  return "largest magnitude " + conformance::hex(largest, format.bits / 4) + " " +
         conformance::hex_float(format, largest);
}

Context GoldenTensor::code_context(const Settings& settings) const {
  return {[this, settings] { return setting(settings); },
          [this, settings](std::size_t index) {
            if (settings.packing == spec::ElementPacking::Bytes) return input_of_element(index);
            const auto bits = static_cast<std::size_t>(request().element_format().bits);
            const std::size_t first = index * 8 / bits;
            return "from element " + std::to_string(first) + ", " + input_of_element(first);
          }};
}

Context GoldenTensor::scale_context(const Settings& settings) const {
  return {[this, settings] { return setting(settings); },
          [this](std::size_t block) { return input_of_block(block); }};
}

Context GoldenTensor::value_context(const Settings& settings, spec::FloatType output) const {
  return {[this, settings, output] { return setting(settings) + " output=" + spec::name_of(output); },
          [this](std::size_t element) {
            return input_of_element(element) + ", code " + conformance::hex(golden_.codes[element], 2);
          }};
}

void expect_quantized(const GoldenTensor& tensor, const Settings& settings) {
  const std::vector<std::uint8_t>& expected = tensor.packed_codes(settings.packing);
  GuardedBuffer source = source_of(tensor, settings);
  GuardedBuffer codes(expected.size(), settings.output_offset);
  GuardedBuffer scales(tensor.scales().size(), settings.output_offset);
  const fast::BlockGrid grid = tensor.grid();
  call(tensor, settings, [&] {
    fast::quantize_tensor(tensor.request(), grid, {tensor.given().type, source.raw()}, codes.bytes(),
                          scales.bytes(), settings.packing, tensor.given().random_words,
                          execution_of(settings));
  });
  EXPECT_TRUE(same_bytes("scales", tensor.scales(), scales.bytes(), tensor.scale_context(settings)));
  EXPECT_TRUE(same_bytes("codes", expected, codes.bytes(), tensor.code_context(settings)));
  EXPECT_TRUE(source.canaries_live() && codes.canaries_live() && scales.canaries_live())
      << "written beyond a buffer\n  " << tensor.code_context(settings).setting();
}

void expect_scales(const GoldenTensor& tensor, const Settings& settings) {
  GuardedBuffer source = source_of(tensor, settings);
  GuardedBuffer scales(tensor.scales().size(), settings.output_offset);
  const fast::BlockGrid grid = tensor.grid();
  call(tensor, settings, [&] {
    fast::shared_scales(tensor.request(), grid, {tensor.given().type, source.raw()}, scales.bytes(),
                        execution_of(settings));
  });
  EXPECT_TRUE(same_bytes("scales alone", tensor.scales(), scales.bytes(), tensor.scale_context(settings)));
  EXPECT_TRUE(scales.canaries_live())
      << "written beyond the scales\n  " << tensor.scale_context(settings).setting();
}

void expect_dequantized(const GoldenTensor& tensor, const Settings& settings, spec::FloatType output) {
  const std::vector<std::byte>& expected = tensor.values(output);
  const std::vector<std::uint8_t>& packed = tensor.packed_codes(settings.packing);
  GuardedBuffer codes(packed.size(), settings.source_offset);
  GuardedBuffer scales(tensor.scales().size(), settings.source_offset);
  std::copy(packed.begin(), packed.end(), codes.bytes().begin());
  std::copy(tensor.scales().begin(), tensor.scales().end(), scales.bytes().begin());
  GuardedBuffer values(expected.size(), settings.output_offset);
  const fast::BlockGrid grid = tensor.grid();
  call(tensor, settings, [&] {
    fast::dequantize_tensor(tensor.request(), grid, codes.bytes(), scales.bytes(), {output, values.raw()},
                            settings.packing, execution_of(settings));
  });
  const auto width = static_cast<std::size_t>(spec::format_of(output).bytes());
  EXPECT_TRUE(same_records("values", expected, values.raw(), width, tensor.value_context(settings, output)));
  EXPECT_TRUE(values.canaries_live())
      << "written beyond the values\n  " << tensor.value_context(settings, output).setting();
}

void expect_round_trip(const GoldenTensor& tensor, const Settings& settings, spec::FloatType output) {
  const std::vector<std::byte>& expected = tensor.values(output);
  GuardedBuffer source = source_of(tensor, settings);
  GuardedBuffer values(expected.size(), settings.output_offset);
  const fast::BlockGrid grid = tensor.grid();
  call(tensor, settings, [&] {
    fast::roundtrip_tensor(tensor.request(), grid, {tensor.given().type, source.raw()},
                           {output, values.raw()}, tensor.given().random_words, execution_of(settings));
  });
  const auto width = static_cast<std::size_t>(spec::format_of(output).bytes());
  EXPECT_TRUE(
      same_records("round trip", expected, values.raw(), width, tensor.value_context(settings, output)));
  EXPECT_TRUE(values.canaries_live())
      << "written beyond the values\n  " << tensor.value_context(settings, output).setting();
}

void expect_everything(const GoldenTensor& tensor, const Settings& settings, spec::FloatType output) {
  expect_quantized(tensor, settings);
  expect_scales(tensor, settings);
  expect_dequantized(tensor, settings, output);
  expect_round_trip(tensor, settings, output);
}

Settings any_settings(Random& random, fast::Isa isa) {
  Settings settings{.isa = isa};
  settings.packing = one_in(random, 2) ? spec::ElementPacking::Bytes : spec::ElementPacking::BitStream;
  settings.threads = 1 + static_cast<int>(below(random, 3));
  settings.stream = one_in(random, 2);
  settings.source_offset = one_in(random, 2) ? 0 : below(random, 65);
  settings.output_offset = one_in(random, 2) ? 0 : below(random, 65);
  settings.control_word = hostile_environments[below(random, hostile_environments.size())];
  return settings;
}

}  // namespace mxemu::fast_tests
