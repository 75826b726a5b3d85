// The interface over tensors: sizes are checked, work is split among threads, a tier does it.
#include <limits>

#include "fast/parallel.hpp"
#include "fast/require.hpp"

namespace mxemu::fast {
namespace {

/// Units that one thread must keep together: runs of 16 blocks, which the vector tiers take at once, and in
/// a bit stream whatever shares a byte.
std::size_t unit_grain(const BlockGrid& grid, bool packed) {
  const bool whole_bytes =
      grid.inner == 1 ? grid.length % 8 == 0 && grid.block_size % 8 == 0 : grid.inner % 8 == 0;
  if (packed && !whole_bytes) return 8 * grid.blocks_per_line() * units_per_slab(grid);
  return grid.inner == 1 ? 16 : 1;
}

bool is_packed(const spec::Request& request, spec::ElementPacking packing) {
  return packing == spec::ElementPacking::BitStream && request.element_format().bits < 8;
}

/// A bit stream is merged into its bytes: the unused bits of the last one are zero from the start.
void clear_last_byte(std::span<std::uint8_t> codes, bool packed) {
  if (packed && !codes.empty()) codes.back() = 0;
}

void run(const QuantizeJob& job, const Execution& execution) {
  const Tier& tier = tier_of(execution);
  if (job.grid.element_count() == 0) return;
  in_parallel(unit_count(job.grid), unit_grain(job.grid, job.packed), job.grid.element_count(), execution,
              [&](std::size_t first, std::size_t last) { tier.quantize(job, first, last); });
}

std::size_t checked_product(std::size_t a, std::size_t b) {
  if (b != 0 && a > std::numeric_limits<std::size_t>::max() / b)
    throw std::invalid_argument("extents " + std::to_string(a) + " and " + std::to_string(b) +
                                " make a tensor beyond the address space");
  return a * b;
}

}  // namespace

const Tier& tier_of(const Execution& execution) {
  switch (choose_isa(execution.isa)) {
    case Isa::Portable: return portable_tier;
#if defined(MXEMU_X86_TIERS)
    case Isa::Avx2: return avx2_tier;
    case Isa::Avx512:
    case Isa::Amx: return avx512_tier;
#else
    case Isa::Avx2:
    case Isa::Avx512:
    case Isa::Amx: break;
#endif
  }
  return portable_tier;
}

BlockGrid make_block_grid(std::span<const std::int64_t> shape, int axis, const spec::Request& request) {
  if (request.block_size < 1)
    throw std::invalid_argument("block size " + std::to_string(request.block_size) + " is below 1");
  BlockGrid grid{.block_size = static_cast<std::size_t>(request.block_size)};
  const int rank = shape.empty() ? 1 : static_cast<int>(shape.size());  // a scalar is a line of one element
  if (axis < -rank || axis >= rank)
    throw std::invalid_argument("axis " + std::to_string(axis) + " of a tensor with " + std::to_string(rank) +
                                " dimension(s)");
  const auto along = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] < 0) throw std::invalid_argument("negative extent " + std::to_string(shape[d]));
    const auto extent = static_cast<std::size_t>(shape[d]);
    std::size_t& part = d == along ? grid.length : d < along ? grid.outer : grid.inner;
    part = d == along ? extent : checked_product(part, extent);
  }
  // Eight bytes per element is the widest this library reads.
  checked_product(checked_product(checked_product(grid.outer, grid.length), grid.inner), 8);
  if (request.policy.tail == spec::Tail::Refuse && grid.length % grid.block_size != 0)
    throw std::invalid_argument("length " + std::to_string(grid.length) +
                                " along the axis is not a multiple of the block size " +
                                std::to_string(grid.block_size));
  return grid;
}

void quantize_tensor(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                     std::span<std::uint8_t> codes, std::span<std::uint8_t> scales,
                     spec::ElementPacking packing, std::span<const std::uint32_t> random_words,
                     const Execution& execution) {
  const std::size_t count = grid.element_count();
  require_grid(request, grid);
  require_floats("source bytes", source.type, source.bytes.size(), count);
  require_count("codes", codes.size(), packed_size(packing, request.element_format().bits, count));
  require_count("scales", scales.size(), grid.block_count());
  require_random(request, random_words, count);
  const bool packed = is_packed(request, packing);
  clear_last_byte(codes, packed);
  run({.request = request,
       .grid = grid,
       .source_type = source.type,
       .source = source.bytes.data(),
       .random_words = random_words.empty() ? nullptr : random_words.data(),
       .codes = codes.data(),
       .packed = packed,
       .scales = scales.data(),
       .output_type = source.type,
       .output = nullptr,
       .stream = codes.size() > execution.stream_from},
      execution);
}

void dequantize_tensor(const spec::Request& request, const BlockGrid& grid,
                       std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                       const MutableFloatArray& output, spec::ElementPacking packing,
                       const Execution& execution) {
  const std::size_t count = grid.element_count();
  require_grid(request, grid);
  require_count("codes", codes.size(), packed_size(packing, request.element_format().bits, count));
  require_count("scales", scales.size(), grid.block_count());
  require_floats("output bytes", output.type, output.bytes.size(), count);
  const DequantizeJob job = {.request = request,
                             .grid = grid,
                             .codes = codes.data(),
                             .packed = is_packed(request, packing),
                             .scales = scales.data(),
                             .output_type = output.type,
                             .output = output.bytes.data(),
                             .stream = output.bytes.size() > execution.stream_from};
  const Tier& tier = tier_of(execution);
  if (count == 0) return;
  in_parallel(unit_count(grid), unit_grain(grid, false), count, execution,
              [&](std::size_t first, std::size_t last) { tier.dequantize(job, first, last); });
}

void roundtrip_tensor(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                      const MutableFloatArray& output, std::span<const std::uint32_t> random_words,
                      const Execution& execution) {
  const std::size_t count = grid.element_count();
  require_grid(request, grid);
  require_floats("source bytes", source.type, source.bytes.size(), count);
  require_floats("output bytes", output.type, output.bytes.size(), count);
  require_random(request, random_words, count);
  run({.request = request,
       .grid = grid,
       .source_type = source.type,
       .source = source.bytes.data(),
       .random_words = random_words.empty() ? nullptr : random_words.data(),
       .codes = nullptr,
       .packed = false,
       .scales = nullptr,
       .output_type = output.type,
       .output = output.bytes.data(),
       .stream = output.bytes.size() > execution.stream_from},
      execution);
}

void shared_scales(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                   std::span<std::uint8_t> scales, const Execution& execution) {
  require_grid(request, grid);
  require_floats("source bytes", source.type, source.bytes.size(), grid.element_count());
  require_count("scales", scales.size(), grid.block_count());
  run({.request = request,
       .grid = grid,
       .source_type = source.type,
       .source = source.bytes.data(),
       .random_words = nullptr,
       .codes = nullptr,
       .packed = false,
       .scales = scales.data(),
       .output_type = source.type,
       .output = nullptr,
       .stream = false},
      execution);
}

void encode_elements(const spec::Request& request, const FloatArray& source, std::span<std::uint8_t> codes,
                     int scale_exponent, std::span<const std::uint32_t> random_words,
                     const Execution& execution) {
  require_floats("source bytes", source.type, source.bytes.size(), codes.size());
  require_random(request, random_words, codes.size());
  if (scale_exponent < -4096 || scale_exponent > 4096)
    throw std::invalid_argument("scale exponent " + std::to_string(scale_exponent) + " is beyond 4096");
  EncodeJob job = {.request = request,
                   .source_type = source.type,
                   .source = source.bytes.data(),
                   .random_words = random_words.empty() ? nullptr : random_words.data(),
                   .scale_exponent = scale_exponent,
                   .codes = codes.data()};
  // A number by itself is in no block that it could spoil.
  job.request.policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
  job.request.policy.inf_in_block = spec::NonFiniteInBlock::ElementOnly;
  const Tier& tier = tier_of(execution);
  in_parallel(codes.size(), 1024, codes.size(), execution,
              [&](std::size_t first, std::size_t last) { tier.encode(job, first, last); });
}

void decode_elements(const spec::Request& request, std::span<const std::uint8_t> codes,
                     const MutableFloatArray& output, std::uint8_t scale, const Execution& execution) {
  require_floats("output bytes", output.type, output.bytes.size(), codes.size());
  const DequantizeJob job = {.request = request,
                             .grid = {.length = codes.size(), .block_size = codes.size() + 1},
                             .codes = codes.data(),
                             .packed = false,
                             .scales = &scale,
                             .output_type = output.type,
                             .output = output.bytes.data(),
                             .stream = false};
  if (!codes.empty()) tier_of(execution).dequantize(job, 0, 1);
}

}  // namespace mxemu::fast
