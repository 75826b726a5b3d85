// Probes of decoding: scale codes 0x00 and 0xff, products beyond the output's range and below its normals.
#include <algorithm>
#include <initializer_list>

#include "conformance/identify/probe_list.hpp"
#include "reference/element.hpp"

namespace mxemu::conformance {
namespace {

/// The code of 2^exponent.
std::uint8_t code_of_power(const spec::ElementFormat& element, int exponent) {
  std::uint8_t code = 0;
  while (!(reference::decode_element(element, code).magnitude == reference::power_of_two(exponent))) ++code;
  return code;
}

/// Codes from the main lane on, every other one zero and not compared.
void add_codes(ProbeList& list, std::string_view freedom, std::string_view scope, int scale_code,
               std::initializer_list<int> codes) {
  Probe probe = list.about(freedom, scope, Operation::Dequantize);
  probe.scale = static_cast<std::uint8_t>(scale_code);
  probe.codes.assign(list.block_size(), 0);
  for (const int code : codes) {
    const std::size_t lane = main_lane + probe.lanes.size();
    probe.codes.at(lane) = static_cast<std::uint8_t>(code);
    probe.lanes.push_back(lane);
  }
  list.add(std::move(probe));
}

}  // namespace

void add_decode_probes(ProbeList& list) {
  const spec::ElementFormat& element = list.element();
  const spec::ScaleFormat& scale = list.request().scale_format();
  const spec::FloatFormat& type = list.type();
  const int largest = element.max_normal_code;
  const bool two_complement = element.encoding == spec::Encoding::TwosComplement;
  // The last bit of max_normal * 2^-127, which binary16 does not reach.
  const bool reaches_lowest =
      type.emin - type.mantissa_bits <= scale.emin + element.emax - element.mantissa_bits;
  // max_normal * 2^-127 is a normal binary32, except that of INT8.
  const bool normal = type.emin <= scale.emin + element.emax;
  if (reaches_lowest)
    add_codes(list, "lowest_scale_decode",
              normal ? "lowest_scale_decode" : "lowest_scale_decode decode_subnormal", scale.min_code,
              {largest});
  add_codes(list, "nan_scale_decode", "nan_scale_decode decode_overflow", scale.nan_code,
            {code_of_power(element, 0), largest, code_of_power(element, -1)});
  if (type.emin >= scale.emin)
    add_codes(list, "decode_subnormal", "decode_subnormal", type.emin + scale.bias,
              {code_of_power(element, -1)});
  // -2 is the only INT8 number that leaves binary32.
  const int beyond = std::min(type.emax, scale.emax) + scale.bias;
  if (type.emax <= scale.emax) {
    if (two_complement)
      add_codes(list, "decode_overflow", "decode_overflow", beyond, {element.sign_mask});
    else
      add_codes(list, "decode_overflow", "decode_overflow", beyond, {largest, largest | element.sign_mask});
  }
}

}  // namespace mxemu::conformance
