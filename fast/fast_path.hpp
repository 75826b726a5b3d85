// The common case, which the tiers have kernels for: blocks of 32 along the last axis, or blocks across lines
// of many columns; float32, bfloat16 and float16; roundTiesToEven; the `ocp` policy under any scale rule.
#pragma once

#include <cstdint>

#include "fast/common_request.hpp"
#include "fast/host_device.hpp"
#include "fast/job.hpp"
#include "spec/request.hpp"

namespace mxemu::fast {

/// Blocks of 32 along the last axis.
MXEMU_HOST constexpr bool has_common_blocks(const BlockGrid& grid) {
  return grid.inner == 1 && grid.block_size == fast_block;
}

/// float32, bfloat16 and, where a tier converts them, float16.
MXEMU_HOST constexpr bool is_common_type(spec::FloatType type, bool halves) {
  return type == spec::FloatType::Float32 || type == spec::FloatType::BFloat16 ||
         (halves && type == spec::FloatType::Float16);
}

}  // namespace mxemu::fast
