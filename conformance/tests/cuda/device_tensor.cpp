#include "device_tensor.hpp"

#include "device_array.hpp"
#include "reference/element.hpp"
#include "reference/packing.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::Context;
using fast_tests::same_bytes;
using fast_tests::same_records;

std::size_t width_of(spec::FloatType type) {
  return static_cast<std::size_t>(spec::format_of(type).bytes());
}

fast_tests::Settings settings_of(const Setting& setting) {
  return {.packing = setting.storage.packing,
          .source_offset = setting.source_offset,
          .output_offset = setting.codes_offset};
}

/// The scales of the reference as they stand in memory.
std::vector<std::uint8_t> stored_scales(const GoldenTensor& tensor, const Setting& setting) {
  const fast::BlockGrid grid = tensor.grid();
  const std::size_t columns = grid.inner == 1 ? grid.blocks_per_line() : grid.inner;
  const std::size_t rows = columns == 0 ? 0 : grid.block_count() / columns;
  return reference::arrange_scales(setting.storage.scales, rows, columns, tensor.scales());
}

DeviceArray source_of(const GoldenTensor& tensor, const Setting& setting) {
  const auto& given = tensor.given();
  return {given.source, setting.source_offset * width_of(given.type)};
}

DeviceArray random_words_of(const GoldenTensor& tensor) {
  return {std::as_bytes(std::span(tensor.given().random_words)), 4};
}

template <class T>
DeviceArray on_device(const std::vector<T>& content, std::size_t offset) {
  return {std::as_bytes(std::span(content)), offset};
}

void expect_canaries(const char* what, const DeviceArray& array, const Context& context) {
  EXPECT_TRUE(array.canaries_live()) << "written beyond " << what << "\n  " << context.setting();
}

}  // namespace

void expect_quantized(const GoldenTensor& tensor, const Setting& setting) {
  const std::vector<std::uint8_t>& codes = tensor.packed_codes(setting.storage.packing);
  const std::vector<std::uint8_t> scales = stored_scales(tensor, setting);
  const fast::BlockGrid grid = tensor.grid();
  ASSERT_EQ(cuda::code_bytes(tensor.request(), grid, setting.storage), codes.size());
  ASSERT_EQ(cuda::scale_bytes(grid, setting.storage), scales.size());
  DeviceArray source = source_of(tensor, setting);
  DeviceArray words = random_words_of(tensor);
  DeviceArray got_codes(codes.size(), setting.codes_offset);
  DeviceArray got_scales(scales.size(), setting.codes_offset);
  cuda::quantize_tensor(tensor.request(), grid, {tensor.given().type, source.bytes()}, got_codes.codes(),
                        got_scales.codes(), setting.storage, words.words());
  const auto settings = settings_of(setting);
  EXPECT_TRUE(same_bytes("scales", scales, got_scales.read_codes(), tensor.code_context(settings)));
  EXPECT_TRUE(same_bytes("codes", codes, got_codes.read_codes(), tensor.code_context(settings)));
  expect_canaries("the codes", got_codes, tensor.code_context(settings));
  expect_canaries("the scales", got_scales, tensor.code_context(settings));
}

void expect_scales(const GoldenTensor& tensor, const Setting& setting) {
  const std::vector<std::uint8_t> scales = stored_scales(tensor, setting);
  DeviceArray source = source_of(tensor, setting);
  DeviceArray got(scales.size(), setting.codes_offset);
  cuda::shared_scales(tensor.request(), tensor.grid(), {tensor.given().type, source.bytes()}, got.codes(),
                      setting.storage);
  const Context context = tensor.code_context(settings_of(setting));
  EXPECT_TRUE(same_bytes("scales alone", scales, got.read_codes(), context));
  expect_canaries("the scales", got, context);
}

void expect_dequantized(const GoldenTensor& tensor, const Setting& setting, spec::FloatType output) {
  DeviceArray codes = on_device(tensor.packed_codes(setting.storage.packing), setting.codes_offset);
  DeviceArray scales = on_device(stored_scales(tensor, setting), setting.codes_offset);
  const std::size_t width = width_of(output);
  const std::vector<std::byte>& expected = tensor.values(output);
  DeviceArray got(expected.size(), setting.source_offset * width);
  cuda::dequantize_tensor(tensor.request(), tensor.grid(), codes.codes(), scales.codes(),
                          {output, got.bytes()}, setting.storage);
  const Context context = tensor.value_context(settings_of(setting), output);
  EXPECT_TRUE(same_records("values", expected, got.read(), width, context));
  expect_canaries("the values", got, context);
}

void expect_round_trip(const GoldenTensor& tensor, const Setting& setting, spec::FloatType output) {
  DeviceArray source = source_of(tensor, setting);
  DeviceArray words = random_words_of(tensor);
  const std::size_t width = width_of(output);
  const std::vector<std::byte>& expected = tensor.values(output);
  DeviceArray got(expected.size(), setting.source_offset * width);
  cuda::roundtrip_tensor(tensor.request(), tensor.grid(), {tensor.given().type, source.bytes()},
                         {output, got.bytes()}, words.words());
  const Context context = tensor.value_context(settings_of(setting), output);
  EXPECT_TRUE(same_records("round trip", expected, got.read(), width, context));
  expect_canaries("the values", got, context);
}

void expect_round_trip_in_place(const GoldenTensor& tensor, const Setting& setting) {
  const spec::FloatType type = tensor.given().type;
  DeviceArray source = source_of(tensor, setting);
  DeviceArray words = random_words_of(tensor);
  cuda::roundtrip_tensor(tensor.request(), tensor.grid(), {type, source.bytes()}, {type, source.bytes()},
                         words.words());
  const Context context = tensor.value_context(settings_of(setting), type);
  EXPECT_TRUE(
      same_records("round trip in place", tensor.values(type), source.read(), width_of(type), context));
  expect_canaries("the values", source, context);
}

void expect_everything(const GoldenTensor& tensor, const Setting& setting, spec::FloatType output) {
  expect_quantized(tensor, setting);
  expect_scales(tensor, setting);
  expect_dequantized(tensor, setting, output);
  expect_round_trip(tensor, setting, output);
  expect_round_trip_in_place(tensor, setting);
}

std::uint8_t golden_element(const spec::Request& request, const spec::FloatFormat& format, std::uint64_t bits,
                            int exponent, std::uint32_t word) {
  spec::Policy policy = request.policy;
  policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
  policy.inf_in_block = spec::NonFiniteInBlock::ElementOnly;
  reference::Value value = reference::decode_float(format, bits);
  if (policy.subnormal_input == spec::SubnormalInput::FlushToZero && reference::is_subnormal(format, value))
    value.magnitude = {};
  return reference::encode_element(request.element_format(), value, reference::power_of_two(exponent),
                                   request.rounding, policy, word);
}

Setting any_setting(Random& random) {
  Setting setting;
  setting.storage.packing =
      fast_tests::one_in(random, 2) ? spec::ElementPacking::Bytes : spec::ElementPacking::BitStream;
  setting.storage.scales = fast_tests::any_word<spec::ScaleLayout>(random);
  if (fast_tests::one_in(random, 2)) setting.source_offset = fast_tests::below(random, 33);
  if (fast_tests::one_in(random, 2)) setting.codes_offset = fast_tests::below(random, 33);
  return setting;
}

}  // namespace mxemu::cuda_tests
