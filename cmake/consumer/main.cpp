// Quantises one block of MXFP4 with the installed reference library.
#include <cstdio>
#include <vector>

#include "reference/block.hpp"

int main() {
  using namespace mxemu;
  const spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  std::vector<reference::Value> values;
  for (const std::uint32_t bits : {0x3f800000u, 0x40200000u, 0xc0c00000u})  // 1, 2.5, -6
    values.push_back(reference::decode_float(spec::format_of(spec::FloatType::Float32), bits));
  const reference::Block block = reference::quantize_block(request, values);
  std::printf("%02x:", block.scale);
  for (const unsigned code : block.codes) std::printf(" %x", code);
  std::printf("\n");
}
