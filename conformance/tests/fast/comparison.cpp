#include "comparison.hpp"

#include <cstring>

#include "conformance/describe.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr std::size_t shown = 5;

std::uint64_t record_at(std::span<const std::byte> bytes, std::size_t index, std::size_t width) {
  std::uint64_t record = 0;
  std::memcpy(&record, bytes.data() + index * width, width);
  return record;
}

std::string line_of(std::size_t index, std::size_t width, std::uint64_t expected, std::uint64_t got,
                    const Context& context) {
  const int digits = static_cast<int>(2 * width);
  return "  at " + std::to_string(index) + "  input " + context.input_of(index) + "  expected " +
         conformance::hex(expected, digits) + "  got " + conformance::hex(got, digits) + "\n";
}

}  // namespace

std::string describe(const spec::Request& request) {
  std::string text = std::string(request.block_format().name) + " k=" + std::to_string(request.block_size) +
                     " rule=" + spec::name_of(request.scale_rule) +
                     " rounding=" + spec::name_of(request.rounding.mode);
  if (request.rounding.mode == spec::RoundingMode::Stochastic)
    text +=
        "/" + std::to_string(request.rounding.random_bits) + " seed=" + std::to_string(request.rounding.seed);
  spec::for_each_freedom(request.policy, [&]<class Enum>(const char* name, const Enum& field) {
    spec::for_each_freedom(spec::default_profile.policy,
                           [&]<class Other>(const char* other, const Other& usual) {
                             if constexpr (std::is_same_v<Enum, Other>)
                               if (std::strcmp(name, other) == 0 && field != usual)
                                 text += std::string(" ") + name + "=" + spec::name_of(field);
                           });
  });
  return text;
}

std::string describe(const Settings& settings) {
  return std::string("tier=") + spec::name_of(settings.isa) + " packing=" + spec::name_of(settings.packing) +
         " threads=" + std::to_string(settings.threads) + (settings.stream ? " streaming" : "") +
         " offsets=" + std::to_string(settings.source_offset) + "," + std::to_string(settings.output_offset) +
         " mxcsr=" + conformance::hex(settings.control_word, 4);
}

std::string describe(const std::vector<std::int64_t>& shape, int axis) {
  std::string text = "shape=";
  for (std::size_t d = 0; d < shape.size(); ++d) text += (d ? "x" : "") + std::to_string(shape[d]);
  return text + " axis=" + std::to_string(axis);
}

testing::AssertionResult same_records(const char* what, std::span<const std::byte> expected,
                                      std::span<const std::byte> got, std::size_t width,
                                      const Context& context) {
  if (expected.size() != got.size())
    return testing::AssertionFailure() << what << ": " << got.size() << " bytes where " << expected.size()
                                       << " were expected\n  " << context.setting();
  if (expected.empty() || std::memcmp(expected.data(), got.data(), got.size()) == 0)
    return testing::AssertionSuccess();
  const std::size_t count = expected.size() / width;
  std::size_t different = 0;
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t wanted = record_at(expected, i, width);
    const std::uint64_t had = record_at(got, i, width);
    if (wanted != had && different++ < shown) lines += line_of(i, width, wanted, had, context);
  }
  return testing::AssertionFailure() << what << ": " << different << " of " << count << " differ\n  "
                                     << context.setting() << "\n"
                                     << lines;
}

testing::AssertionResult same_bytes(const char* what, std::span<const std::uint8_t> expected,
                                    std::span<const std::uint8_t> got, const Context& context) {
  return same_records(what, std::as_bytes(expected), std::as_bytes(got), 1, context);
}

testing::AssertionResult same_bits(const char* what, std::uint64_t expected, std::uint64_t got,
                                   const std::function<std::string()>& setting) {
  if (expected == got) return testing::AssertionSuccess();
  return testing::AssertionFailure() << what << ": expected " << conformance::hex(expected, 2) << "  got "
                                     << conformance::hex(got, 2) << "\n  " << setting();
}

}  // namespace mxemu::fast_tests
