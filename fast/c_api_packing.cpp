// The C ABI: layouts of codes.
#include "fast/c_call.hpp"

using namespace mxemu;
using namespace mxemu::c_api;

extern "C" {

mxemu_status mxemu_repack_codes(mxemu_packing from, mxemu_packing to, int32_t bits, uint64_t count,
                                const uint8_t* codes, uint64_t code_bytes, uint8_t* repacked,
                                uint64_t repacked_bytes) {
  return guarded([&] {
    require_buffers(1, {{"codes", codes, code_bytes}, {"repacked", repacked, repacked_bytes}});
    fast::repack_codes(element_packing(from), element_packing(to), bits, count, {codes, code_bytes},
                       {repacked, repacked_bytes});
  });
}

mxemu_status mxemu_pack_ggml_blocks(mxemu_packing packing, const uint8_t* codes, uint64_t code_bytes,
                                    const uint8_t* scales, uint64_t scale_bytes, uint8_t* blocks,
                                    uint64_t block_bytes) {
  return guarded([&] {
    require_buffers(
        2, {{"codes", codes, code_bytes}, {"scales", scales, scale_bytes}, {"blocks", blocks, block_bytes}});
    fast::pack_ggml_blocks({codes, code_bytes}, {scales, scale_bytes}, {blocks, block_bytes},
                           element_packing(packing));
  });
}

mxemu_status mxemu_unpack_ggml_blocks(const uint8_t* blocks, uint64_t block_bytes, mxemu_packing packing,
                                      uint8_t* codes, uint64_t code_bytes, uint8_t* scales,
                                      uint64_t scale_bytes) {
  return guarded([&] {
    require_buffers(
        1, {{"blocks", blocks, block_bytes}, {"codes", codes, code_bytes}, {"scales", scales, scale_bytes}});
    fast::unpack_ggml_blocks({blocks, block_bytes}, {codes, code_bytes}, {scales, scale_bytes},
                             element_packing(packing));
  });
}

}  // extern "C"
