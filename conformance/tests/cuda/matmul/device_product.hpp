// Products by the CUDA library, of operands that the host has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conformance/tests/dot/unit_case.hpp"
#include "conformance/tests/fast/product.hpp"
#include "cuda/matmul.hpp"

namespace mxemu::cuda_tests {

/// cuda::matmul, or cuda::dot, as product_by takes it. Codes of elements begin `offset` bytes behind a
/// multiple of 256 on the device.
fast_tests::Multiply multiply_on_device(const spec::DotRequest& request, std::size_t offset = 0,
                                        const fast::Factors& factors = {});
/// The output is where c was.
fast_tests::Multiply multiply_in_place(const spec::DotRequest& request);
fast_tests::Multiply dot_on_device(const spec::DotRequest& request, std::size_t offset = 0);

/// The answers to a case of hard patterns: all numbers of the product, and those of the dot products of its
/// rows, row by row.
std::vector<std::uint32_t> product_on_device(const dot_test::UnitCase& product);
std::vector<std::uint32_t> dots_on_device(const dot_test::UnitCase& product);

}  // namespace mxemu::cuda_tests
