// The AVX-512 tier.
#define MXEMU_TIER avx512

#include "fast/avx512_columns.hpp"
#include "fast/avx512_dequantize.hpp"
#include "fast/avx512_quantize.hpp"

// After the kernels it picks from.
#include "fast/kernels.hpp"

namespace mxemu::fast {

extern constinit const Tier avx512_tier = {avx512::quantize, avx512::dequantize, avx512::encode_general,
                                           avx512::measure};

}  // namespace mxemu::fast
