// Whole blocks that choose their scale: largest magnitudes at every edge, special blocks, short blocks.
#pragma once

#include "conformance/vectors/batch_builder.hpp"

namespace mxemu::conformance::vectors {

void add_scale_cases(BatchBuilder& to, Level level);
void add_quantize_cases(BatchBuilder& to, Level level);

}  // namespace mxemu::conformance::vectors
