// The C ABI: requests by name, and conversions.
#include <atomic>
#include <optional>

#include "fast/c_call.hpp"

namespace {

using namespace mxemu;
using namespace mxemu::c_api;

thread_local std::string last_error;

/// The process-wide choice of mxemu_set_isa; -1 leaves it to the environment and the machine.
std::atomic<int> chosen_isa = -1;

void set(spec::Request& request, const char* name, const std::string& value) {
  const std::string_view what = name;
  if (what == "scale_rule") {
    request.scale_rule = parse_word<spec::ScaleRuleType>(name, value);
  } else if (what == "rounding") {
    request.rounding.mode = parse_word<spec::RoundingMode>(name, value);
  } else if (what == "random_bits") {
    request.rounding.random_bits = parse_integer(name, value, 1, 32);
  } else if (what == "seed") {
    request.rounding.seed =
        parse_integer<std::uint64_t>(name, value, 0, std::numeric_limits<std::uint64_t>::max());
  } else if (what == "block_size") {
    request.block_size = parse_integer(name, value, 1, std::numeric_limits<int>::max());
  } else {
    bool found = false;
    spec::for_each_freedom(request.policy, [&]<class Enum>(const char* freedom, Enum& field) {
      if (what != freedom) return;
      field = parse_word<Enum>(name, value);
      found = true;
    });
    require(found, "a request has nothing called \"" + std::string(name) + "\"");
  }
}

}  // namespace

namespace mxemu::c_api {

mxemu_status fail(mxemu_status status, const char* sentence) noexcept {
  try {
    last_error = sentence;
  } catch (...) {
    last_error.clear();
  }
  return status;
}

fast::Execution execution() {
  const int isa = chosen_isa.load(std::memory_order_relaxed);
  return isa < 0 ? fast::Execution{} : fast::Execution{.isa = static_cast<fast::Isa>(isa)};
}

}  // namespace mxemu::c_api

extern "C" {

uint32_t mxemu_abi_version(void) {
  return MXEMU_ABI_VERSION;
}
const char* mxemu_version(void) {
  return MXEMU_VERSION;
}
const char* mxemu_last_error(void) {
  return last_error.c_str();
}

const char* mxemu_isa(void) {
  const char* name = "portable";
  guarded([&] { name = spec::name_of(fast::choose_isa(execution().isa)); });
  return name;
}

mxemu_status mxemu_set_isa(const char* name) {
  return guarded([&] {
    if (name == nullptr) {
      chosen_isa = -1;
      return;
    }
    const auto isa = parse_word<fast::Isa>("instruction set", name);
    if (!fast::supports(isa)) throw NotSupported(std::string("this machine or build has no ") + name);
    chosen_isa = static_cast<int>(isa);
  });
}

mxemu_status mxemu_request_create(const char* format, const char* profile, mxemu_request** request) {
  return guarded([&] {
    at(request, "request") = nullptr;
    const std::string name = &at(format, "format");
    const auto type = spec::parse_block_format(name);
    require(type.has_value(), "no format \"" + name + "\"");
    const spec::Profile* bundle = profile ? spec::find_profile(profile) : &spec::default_profile;
    require(bundle != nullptr, std::string("no profile \"") + (profile ? profile : "") + "\"");
    *request = new mxemu_request{spec::make_request(*type, *bundle)};
  });
}

void mxemu_request_destroy(mxemu_request* request) {
  delete request;
}

mxemu_status mxemu_request_set(mxemu_request* request, const char* name, const char* value) {
  return guarded([&] { set(at(request, "request").request, &at(name, "name"), &at(value, "value")); });
}

mxemu_status mxemu_sizes(const mxemu_request* request, const mxemu_grid* grid, mxemu_packing packing,
                         uint64_t* code_bytes, uint64_t* scale_bytes) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const fast::BlockGrid blocks = block_grid(what, at(grid, "grid"));
    at(code_bytes, "code_bytes") =
        fast::packed_size(element_packing(packing), what.element_format().bits, blocks.element_count());
    at(scale_bytes, "scale_bytes") = blocks.block_count();
  });
}

mxemu_status mxemu_quantize(const mxemu_request* request, const mxemu_grid* grid,
                            mxemu_float_type source_type, const void* source, uint64_t source_bytes,
                            mxemu_packing packing, uint8_t* codes, uint64_t code_bytes, uint8_t* scales,
                            uint64_t scale_bytes, const uint32_t* random_words) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const fast::BlockGrid blocks = block_grid(what, at(grid, "grid"));
    require_buffers(
        1, {{"source", source, source_bytes}, {"codes", codes, code_bytes}, {"scales", scales, scale_bytes}});
    fast::quantize_tensor(what, blocks, {float_type(source_type), {bytes_of(source), source_bytes}},
                          {codes, code_bytes}, {scales, scale_bytes}, element_packing(packing),
                          words_of(random_words, blocks.element_count()), execution());
  });
}

mxemu_status mxemu_dequantize(const mxemu_request* request, const mxemu_grid* grid, mxemu_packing packing,
                              const uint8_t* codes, uint64_t code_bytes, const uint8_t* scales,
                              uint64_t scale_bytes, mxemu_float_type output_type, void* output,
                              uint64_t output_bytes) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const fast::BlockGrid blocks = block_grid(what, at(grid, "grid"));
    require_buffers(
        2, {{"codes", codes, code_bytes}, {"scales", scales, scale_bytes}, {"output", output, output_bytes}});
    fast::dequantize_tensor(what, blocks, {codes, code_bytes}, {scales, scale_bytes},
                            {float_type(output_type), {bytes_of(output), output_bytes}},
                            element_packing(packing), execution());
  });
}

mxemu_status mxemu_roundtrip(const mxemu_request* request, const mxemu_grid* grid,
                             mxemu_float_type source_type, const void* source, uint64_t source_bytes,
                             mxemu_float_type output_type, void* output, uint64_t output_bytes,
                             const uint32_t* random_words) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const fast::BlockGrid blocks = block_grid(what, at(grid, "grid"));
    const bool in_place = source == output && source_type == output_type;
    require_buffers(in_place ? 2 : 1, {{"source", source, source_bytes}, {"output", output, output_bytes}});
    fast::roundtrip_tensor(what, blocks, {float_type(source_type), {bytes_of(source), source_bytes}},
                           {float_type(output_type), {bytes_of(output), output_bytes}},
                           words_of(random_words, blocks.element_count()), execution());
  });
}

mxemu_status mxemu_encode_elements(const mxemu_request* request, mxemu_float_type source_type,
                                   const void* source, uint64_t count, int32_t scale_exponent,
                                   uint8_t* codes) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const spec::FloatType type = float_type(source_type);
    const auto width = static_cast<std::uint64_t>(spec::format_of(type).bytes());
    require(count <= std::numeric_limits<std::size_t>::max() / 16,
            "count " + std::to_string(count) + " is beyond memory");
    require_buffers(1, {{"source", source, count * width}, {"codes", codes, count}});
    fast::encode_elements(what, {type, {bytes_of(source), count * width}}, {codes, count}, scale_exponent, {},
                          execution());
  });
}

mxemu_status mxemu_decode_elements(const mxemu_request* request, const uint8_t* codes, uint64_t count,
                                   uint8_t scale, mxemu_float_type output_type, void* output) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const spec::FloatType type = float_type(output_type);
    const auto width = static_cast<std::uint64_t>(spec::format_of(type).bytes());
    require(count <= std::numeric_limits<std::size_t>::max() / 16,
            "count " + std::to_string(count) + " is beyond memory");
    require_buffers(1, {{"codes", codes, count}, {"output", output, count * width}});
    fast::decode_elements(what, {codes, count}, {type, {bytes_of(output), count * width}}, scale,
                          execution());
  });
}

}  // extern "C"
