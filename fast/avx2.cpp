// The AVX2, FMA and F16C tier.
#define MXEMU_TIER avx2

#include "fast/avx2_columns.hpp"
#include "fast/avx2_dequantize.hpp"
#include "fast/avx2_quantize.hpp"

// After the kernels it picks from.
#include "fast/kernels.hpp"

namespace mxemu::fast {

extern constinit const Tier avx2_tier = {avx2::quantize, avx2::dequantize, avx2::encode_general,
                                         avx2::measure};

}  // namespace mxemu::fast
