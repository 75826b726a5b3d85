// A block of MXFP4 on a GPU, where there is one.
#include <array>
#include <cstdio>

#include "cuda/memory.hpp"
#include "cuda/mxemu_cuda.hpp"

int main() try {
  namespace spec = mxemu::spec;
  namespace cuda = mxemu::cuda;
  constexpr auto request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  constexpr cuda::Storage packed = {.packing = spec::ElementPacking::BitStream};
  constexpr mxemu::fast::BlockGrid grid = {.length = 2};
  constexpr std::array<float, 2> numbers = {1.0f, -6.0f};

  cuda::Buffer source(sizeof numbers), codes(1), scales(1);
  cuda::copy_to_device(std::as_bytes(std::span(numbers)), source.data());
  cuda::quantize_tensor(request, grid, {spec::FloatType::Float32, source.bytes()}, codes.words(),
                        scales.words(), packed);
  std::array<unsigned char, 2> answer = {};
  cuda::copy_to_host(scales.data(), std::as_writable_bytes(std::span(answer)).first(1));
  cuda::copy_to_host(codes.data(), std::as_writable_bytes(std::span(answer)).last(1));
  cuda::synchronize();
  std::printf("%02x: %02x\n", answer[0], answer[1]);
} catch (const mxemu::cuda::Error& error) {
  std::puts(error.what());
}
