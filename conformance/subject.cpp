#include "conformance/subject.hpp"

#include <optional>
#include <stdexcept>
#include <string>

#include "conformance/device/block_view.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/plugin_subject.hpp"
#include "conformance/process_subject.hpp"

namespace mxemu::conformance {
namespace {

struct Adapter {
  const char* name;
  std::unique_ptr<Subject> (*make)();
};

constexpr Adapter adapters[] = {
    {"fast", make_fast_subject},           {"reference", make_reference_subject},
#if defined(MXEMU_HAS_CUDA)
    {"cuda", make_cuda_subject},
#endif
#if defined(MXEMU_HAS_CUDA_CVT)
    {"cuda-cvt", make_cuda_cvt_subject},
#endif
#if defined(MXEMU_HAS_CUDA_ON_HOST)
    {"cuda-host", make_cuda_host_subject},
#endif
};

/// What other builds have, and what it takes.
struct Absent {
  const char* name;
  const char* needs;
};
constexpr Absent absent[] = {
#if !defined(MXEMU_HAS_CUDA)
    {"cuda", "a CUDA compiler when it was configured (-DMXEMU_CUDA=ON)"},
#endif
#if !defined(MXEMU_HAS_CUDA_CVT)
    {"cuda-cvt", "a CUDA compiler and -DMXEMU_CUDA_HARDWARE_CVT=ON when it was configured"},
#endif
#if !defined(MXEMU_HAS_CUDA_ON_HOST)
    {"cuda-host", "Boost.Context when it was configured (-DMXEMU_CUDA_ON_HOST=ON)"},
#endif
    {},
};

/// What follows `prefix` in `name`, if it does; a device without a name is an error.
std::optional<std::string> device_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  const std::string device(name.substr(prefix.size()));
  if (device.find_first_not_of(' ') == std::string::npos)
    throw std::invalid_argument("the subject \"" + std::string(name) + "\" names no device after the colon");
  return device;
}

std::vector<Capability> capabilities_of(std::span<const Operation> operations) {
  std::vector<Capability> all;
  for (const Operation operation : operations)
    for (const auto& format : spec::block_formats)
      for (const auto& type : spec::float_formats) all.push_back({operation, format.type, type.type});
  return all;
}

}  // namespace

std::vector<Capability> every_capability() {
  return capabilities_of(block_operations);
}

std::vector<Capability> every_tensor_capability() {
  return capabilities_of(tensor_operations);
}

std::vector<DeclaredLayout> specified_layouts() {
  std::vector<DeclaredLayout> all;
  for (const auto& format : spec::block_formats) {
    for (const Packing packing : {Packing::Bytes, Packing::BitStream, Packing::GgmlBlock})
      all.push_back({format.type, {packing, ScaleOrder::RowMajor}});
    all.push_back({format.type, {Packing::BitStream, ScaleOrder::Tile128x4}});
  }
  return all;
}

std::vector<Layout> layouts_of(const Subject& subject, spec::BlockType format) {
  std::vector<Layout> layouts;
  for (const DeclaredLayout& declared : subject.layouts())
    if (declared.format == format) layouts.push_back(declared.layout);
  if (layouts.empty()) layouts.push_back({});
  return layouts;
}

std::vector<std::string> subject_names() {
  std::vector<std::string> names;
  for (const Adapter& adapter : adapters) names.emplace_back(adapter.name);
  return names;
}

DotAnswers Subject::answer_dot(const DotCases& cases) {
  return {std::vector<std::uint32_t>(cases.count()), std::vector<bool>(cases.count(), true)};
}

std::unique_ptr<Subject> make_subject(std::string_view name) {
  if (const auto row = device_of(name, "reference:")) {
    if (const auto type = spec::parse_accumulator(*row)) return make_dot_subject(spec::row_of(*type));
    throw std::invalid_argument("no accumulator \"" + *row + "\"; there is: " + accumulator_names());
  }
  if (const auto command = device_of(name, "process:"))
    return with_blocks(make_process_subject(*command, Patience::from_environment()));
  if (const auto file = device_of(name, "plugin:")) return with_blocks(make_plugin_subject(*file));
  std::string known;
  for (const Adapter& adapter : adapters) {
    if (name == adapter.name) return adapter.make();
    known += (known.empty() ? "" : ", ") + std::string(adapter.name);
  }
  for (const Absent& subject : absent)
    if (subject.name != nullptr && name == subject.name)
      throw std::invalid_argument("subject " + std::string(name) + " is not in this build, which lacked " +
                                  subject.needs + "; there is: " + known);
  throw std::invalid_argument("no subject \"" + std::string(name) + "\" in this build; there is: " + known +
                              ", reference:ACCUMULATOR, process:COMMAND, plugin:FILE");
}

}  // namespace mxemu::conformance
