// The reference as a subject: the golden model itself, its blocks shared among all cores.
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "conformance/subject.hpp"
#include "reference/tensor.hpp"

namespace mxemu::conformance {
namespace {

/// Runs work(first, last) over [0, count) in chunks on every core. The calling thread works too and calls
/// `tick`.
template <class Work>
void for_each_chunk(std::size_t count, std::size_t elements_per_item, const Tick& tick, const Work& work) {
  const std::size_t chunk = std::max<std::size_t>(1, 65536 / std::max<std::size_t>(1, elements_per_item));
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> stopped = false;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto take_chunks = [&](bool ticks) {
    std::size_t reported = 0;
    while (!stopped) {
      const std::size_t first = next.fetch_add(chunk);
      if (first >= count) return;
      const std::size_t last = std::min(count, first + chunk);
      try {
        work(first, last);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        failure = std::current_exception();
        stopped = true;
      }
      const std::size_t total = done += (last - first) * elements_per_item;
      if (ticks && tick && !tick(total - std::exchange(reported, total))) stopped = true;
    }
  };
  const std::size_t chunks = (count + chunk - 1) / chunk;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < std::min(cores, chunks); ++i)
        others.emplace_back([&] { take_chunks(false); });
    } catch (const std::system_error&) {
      // Fewer threads do the same work.
    }
    take_chunks(true);
  }
  if (failure) std::rethrow_exception(failure);
  if (stopped) throw Interrupted{};
}

class ReferenceSubject final : public Subject {
 public:
  std::string name() const override { return "reference"; }

  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override {
    const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
    for_each_chunk(grid.block_count(), grid.block_size, tick, [&](std::size_t first, std::size_t last) {
      reference::quantize_blocks(request, grid, {type, source}, first, last, codes, scales);
    });
  }

  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override {
    const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
    for_each_chunk(grid.block_count(), grid.block_size, tick, [&](std::size_t first, std::size_t last) {
      reference::dequantize_blocks(request, grid, first, last, codes, scales, type, output);
    });
  }
};

}  // namespace

std::unique_ptr<Subject> make_reference_subject() {
  return std::make_unique<ReferenceSubject>();
}

}  // namespace mxemu::conformance
