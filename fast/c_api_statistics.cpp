// The C ABI: error statistics.
#include <algorithm>

#include "fast/c_call.hpp"

namespace {

using namespace mxemu;
using namespace mxemu::c_api;

static_assert(MXEMU_ERROR_BINS == fast::ErrorStatistics::error_bins);

/// Checked before any work, so that a refused call has written nothing.
void require_statistics(const mxemu_error_statistics* statistics) {
  const std::uint64_t size = at(statistics, "statistics").struct_size;
  require(size == sizeof(mxemu_error_statistics),
          "statistics have a struct_size of " + std::to_string(size) + " where " +
              std::to_string(sizeof(mxemu_error_statistics)) + " is needed");
}

void store(const fast::ErrorStatistics& from, mxemu_error_statistics& to) {
  to.elements = from.elements;
  to.compared = from.compared;
  to.not_finite = from.not_finite;
  to.lost = from.lost;
  to.saturated = from.saturated;
  to.flushed = from.flushed;
  to.signal = from.signal.value;
  to.noise = from.noise.value;
  to.signal_exponent = from.signal.exponent;
  to.noise_exponent = from.noise.exponent;
  to.max_absolute = from.max_absolute;
  to.max_relative = from.max_relative;
  std::copy(from.relative_errors.begin(), from.relative_errors.end(), to.relative_errors);
}

}  // namespace

extern "C" {

mxemu_status mxemu_roundtrip_statistics(const mxemu_request* request, const mxemu_grid* grid,
                                        mxemu_float_type source_type, const void* source,
                                        uint64_t source_bytes, mxemu_float_type output_type, void* output,
                                        uint64_t output_bytes, const uint32_t* random_words,
                                        mxemu_error_statistics* statistics) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const fast::BlockGrid blocks = block_grid(what, at(grid, "grid"));
    require_statistics(statistics);
    const Buffer from = {"source", source, source_bytes};
    const Buffer to = {"output", output, output_bytes};
    const Buffer report = {"statistics", statistics, sizeof *statistics};
    const bool in_place = source == output && source_type == output_type;
    require_buffers(in_place ? 2 : 1, {from, to});
    require_buffers(2, {from, to, report});
    fast::ErrorStatistics measured;
    fast::roundtrip_tensor(what, blocks, {float_type(source_type), {bytes_of(source), source_bytes}},
                           {float_type(output_type), {bytes_of(output), output_bytes}}, measured,
                           words_of(random_words, blocks.element_count()), execution());
    store(measured, *statistics);
  });
}

mxemu_status mxemu_measure_errors(const mxemu_request* request, const mxemu_grid* grid,
                                  mxemu_float_type source_type, const void* source, uint64_t source_bytes,
                                  const uint8_t* scales, uint64_t scale_bytes, mxemu_float_type output_type,
                                  const void* output, uint64_t output_bytes,
                                  mxemu_error_statistics* statistics) {
  return guarded([&] {
    const spec::Request& what = at(request, "request").request;
    const fast::BlockGrid blocks = block_grid(what, at(grid, "grid"));
    require_statistics(statistics);
    require_buffers(3, {{"source", source, source_bytes},
                        {"scales", scales, scale_bytes},
                        {"output", output, output_bytes},
                        {"statistics", statistics, sizeof *statistics}});
    store(fast::error_statistics(what, blocks, {float_type(source_type), {bytes_of(source), source_bytes}},
                                 {scales, scale_bytes},
                                 {float_type(output_type), {bytes_of(output), output_bytes}}, execution()),
          *statistics);
  });
}

}  // extern "C"
