// A program in C++: one block through the installed reference and the installed fast library.
#include <cstdio>
#include <cstring>
#include <vector>

#include "fast/mxemu.hpp"
#include "reference/block.hpp"

int main() {
  using namespace mxemu;
  const spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  const float numbers[] = {1, 2.5, -6};

  std::vector<reference::Value> values;
  for (const float number : numbers) {
    std::uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    values.push_back(reference::decode_float(spec::format_of(spec::FloatType::Float32), bits));
  }
  const reference::Block golden = reference::quantize_block(request, values);

  std::uint8_t codes[3], scale;
  const std::int64_t shape[] = {3};
  fast::quantize_tensor(request, fast::make_block_grid(shape, -1, request),
                        {spec::FloatType::Float32, std::as_bytes(std::span(numbers))}, codes, {&scale, 1});

  std::printf("%02x: %x %x %x", scale, codes[0], codes[1], codes[2]);
  std::puts(scale == golden.scale && std::memcmp(codes, golden.codes.data(), 3) == 0 ? ", as the reference" : "");
}
