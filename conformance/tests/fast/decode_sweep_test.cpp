// Every code under each of the 256 scale bytes, to every output type, bytes and bit streams, under every word
// of every freedom of decoding.
#include <gtest/gtest.h>

#include "buffers.hpp"
#include "comparison.hpp"
#include "conformance/describe.hpp"
#include "fast/mxemu.hpp"
#include "reference/packing.hpp"
#include "reference/tensor.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

/// All codes under all scales in whole blocks of 32. Neighbouring blocks have scales far from each other, so
/// that ordinary blocks and those of NaN, of subnormal and of overflowing products stand in one group.
reference::QuantizedTensor all_codes_under_all_scales(const spec::Request& request) {
  const std::size_t codes = static_cast<std::size_t>(request.element_format().code_count());
  const std::size_t blocks_per_scale = codes < 32 ? 1 : codes / 32;
  reference::QuantizedTensor tensor;
  tensor.grid = {.length = 256 * blocks_per_scale * 32};
  for (std::size_t s = 0; s < 256; ++s)
    for (std::size_t b = 0; b < blocks_per_scale; ++b) {
      tensor.scales.push_back(static_cast<std::uint8_t>(s * 101));
      for (std::size_t i = 0; i < 32; ++i)
        tensor.codes.push_back(static_cast<std::uint8_t>((32 * b + i + s) % codes));
    }
  return tensor;
}

/// The default, and each other word of each freedom of decoding.
std::vector<spec::Request> requests_of(spec::BlockType format) {
  std::vector<spec::Request> requests(5, spec::make_request(format));
  requests[1].policy.decode_overflow = spec::DecodeOverflow::Saturate;
  requests[2].policy.decode_subnormal = spec::DecodeSubnormal::FlushToZero;
  requests[3].policy.lowest_scale_decode = spec::LowestScaleDecode::Zero;
  requests[3].policy.nan_scale_decode = spec::NanScaleDecode::PowerOfTwo;
  requests[4].policy.nan_scale_decode = spec::NanScaleDecode::Zero;
  return requests;
}

struct GoldenDecode {
  spec::Request request;
  spec::FloatType output;
  reference::QuantizedTensor tensor;
  std::vector<std::uint8_t> packed;
  std::vector<std::byte> values;
};

const std::vector<GoldenDecode>& goldens() {
  static const std::vector<GoldenDecode> made = [] {
    std::vector<GoldenDecode> list;
    for (const auto& format : spec::block_formats)
      for (const spec::Request& request : requests_of(format.type))
        for (const auto& output : spec::float_formats) {
          const auto tensor = all_codes_under_all_scales(request);
          list.push_back({request, output.type, tensor,
                          reference::pack_codes(spec::ElementPacking::BitStream,
                                                request.element_format().bits, tensor.codes),
                          reference::dequantize_tensor(request, tensor, output.type)});
        }
    return list;
  }();
  return made;
}

void expect_values(const GoldenDecode& golden, const Settings& settings) {
  const bool packed = settings.packing == spec::ElementPacking::BitStream;
  const fast::BlockGrid grid = {.length = golden.tensor.grid.length};
  GuardedBuffer values(golden.values.size(), settings.output_offset);
  fast::dequantize_tensor(golden.request, grid, packed ? golden.packed : golden.tensor.codes,
                          golden.tensor.scales, {golden.output, values.raw()}, settings.packing,
                          {.isa = settings.isa, .stream_from = settings.stream ? 0 : std::size_t{1} << 40});
  const Context context = {[&] {
                             return describe(golden.request) + "\n  " + describe(settings) +
                                    " output=" + spec::name_of(golden.output);
                           },
                           [&](std::size_t i) {
                             return "code " + conformance::hex(golden.tensor.codes[i], 2) + " under scale " +
                                    conformance::hex(golden.tensor.scales[i / 32], 2);
                           }};
  const auto width = static_cast<std::size_t>(spec::format_of(golden.output).bytes());
  EXPECT_TRUE(same_records("values", golden.values, values.raw(), width, context));
  EXPECT_TRUE(values.canaries_live()) << context.setting();
}

class DecodeSweep : public EveryTier {};

TEST_P(DecodeSweep, OfEveryCodeUnderEveryScaleToEveryType) {
  for (const GoldenDecode& golden : goldens())
    for (const auto packing : {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream})
      for (const bool stream : {false, true}) {
        Settings settings{.isa = GetParam(), .packing = packing, .stream = stream};
        settings.output_offset = stream ? 0 : 2;
        expect_values(golden, settings);
      }
}

TEST_P(DecodeSweep, OfEveryCodeByItselfUnderEveryScale) {
  for (const GoldenDecode& golden : goldens()) {
    const auto width = static_cast<std::size_t>(spec::format_of(golden.output).bytes());
    std::vector<std::byte> values(golden.values.size());
    for (std::size_t b = 0; b < golden.tensor.scales.size(); ++b)
      fast::decode_elements(golden.request, std::span(golden.tensor.codes).subspan(32 * b, 32),
                            {golden.output, std::span(values).subspan(32 * b * width, 32 * width)},
                            golden.tensor.scales[b], {.isa = GetParam()});
    EXPECT_EQ(values, golden.values) << describe(golden.request) << " tier=" << spec::name_of(GetParam())
                                     << " output=" << spec::name_of(golden.output);
  }
}

MXEMU_ON_EVERY_TIER(DecodeSweep);

}  // namespace
}  // namespace mxemu::fast_tests
