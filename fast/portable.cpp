// The tier of any machine.
#define MXEMU_TIER portable

#include "fast/portable_dequantize.hpp"
#include "fast/portable_quantize.hpp"

namespace mxemu::fast::portable {

inline constexpr bool converts_halves = false;
inline constexpr std::size_t panel_width = 0;  // no kernel for columns

template <spec::FloatType T>
using CommonSource = std::conditional_t<T == spec::FloatType::Float32, Float32Source, BFloat16Source>;

}  // namespace mxemu::fast::portable

// After the kernels it picks from.
#include "fast/kernels.hpp"

namespace mxemu::fast {

extern constinit const Tier portable_tier = {portable::quantize, portable::dequantize,
                                             portable::encode_general, portable::measure};

}  // namespace mxemu::fast
