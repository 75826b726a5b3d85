// The tier of any machine.
#define MXEMU_TIER portable

#include "fast/portable_kernels.hpp"

// After the kernels it picks from.
#include "fast/kernels.hpp"

namespace mxemu::fast {

extern constinit const Tier portable_tier = {portable::quantize, portable::dequantize,
                                             portable::encode_general};

}  // namespace mxemu::fast
