// No enumerator of any freedom is ignored: each one can be told from its siblings by what the reference does.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>
#include <string>

#include "blocks.hpp"
#include "freedoms.hpp"
#include "tensors.hpp"

namespace mxemu::golden {
namespace {

/// Two-element blocks that reach every freedom of quantisation.
const std::vector<double>& probe_numbers() {
  static const std::vector<double> numbers = {
      1.0,     nan_value, 1.0, std::copysign(nan_value, -1.0),  // NaN of both signs
      1.0,     infinity,  1.0, -infinity,                       // Inf of both signs
      0.0,     -0.0,      1.0, -0.0,
      1.0,     -0x1p-60,                  // zero blocks and zeros
      0.5,     -0x1.ffp0, 1.0, 0x1.ffp0,  // beyond the largest element
      0x1p200, 1.0,                       // beyond the largest scale
  };
  return numbers;
}

void append(std::ostringstream& text, const std::vector<std::uint8_t>& bytes) {
  for (const int byte : bytes) text << byte << ' ';
}

/// What a policy does to the probes in every format, as text.
std::string fingerprint(const spec::Policy& policy) {
  std::ostringstream text;
  const auto rows = static_cast<std::int64_t>(probe_numbers().size() / 2);
  const spec::FloatFormat& f32 = spec::format_of(spec::FloatType::Float32);
  for (const auto& format : spec::block_formats) {
    spec::Request request = spec::make_request(format.type);
    request.policy = policy;
    request.block_size = 2;
    const auto tensor = quantized_tensor(request, {rows, 2}, 1, probe_numbers(), spec::FloatType::Float64);
    append(text, tensor.codes);
    append(text, tensor.scales);
    append(text, quantized_tensor(request, {2}, 0, {0x1p-126, 0x1p-127}).codes);  // subnormal in binary32
    for (const int scale : {0x00, 0x7f, 0xfe, 0xff})
      for (int code = 0; code < request.element_format().code_count(); ++code)
        text << reference::dequantize_element(request, static_cast<std::uint8_t>(scale),
                                              static_cast<std::uint8_t>(code), f32)
             << ' ';
    try {
      append(text, quantized_tensor(request, {3}, 0, {1, 2, 3}).codes);
    } catch (const std::invalid_argument&) {
      text << "tail refused ";
    }
  }
  return text.str();
}

/// NaN and Inf must reach the elements for their conversion to be seen.
constexpr spec::Policy base{.nan_in_block = spec::NonFiniteInBlock::ElementOnly,
                            .inf_in_block = spec::NonFiniteInBlock::ElementOnly};

TEST(Freedoms, EveryEnumeratorCanBeToldFromItsSiblings) {
  std::map<std::string, std::map<std::string, std::string>> seen;  // freedom, fingerprint, enumerator
  int variants = 0;
  for_each_variant(base, [&](const char* freedom, const char* word, const spec::Policy& policy) {
    const auto [twin, is_new] = seen[freedom].emplace(fingerprint(policy), word);
    // Padding with zeros and a short block store the same codes: PaddedAndShortTailsGiveTheSameCodes.
    const bool twins_by_design = twin->second == "zero_pad" && std::string(word) == "short_block";
    EXPECT_TRUE(is_new || twins_by_design)
        << freedom << ": " << word << " does what " << twin->second << " does";
    ++variants;
  });
  EXPECT_GT(variants, static_cast<int>(seen.size()));
}

}  // namespace
}  // namespace mxemu::golden
