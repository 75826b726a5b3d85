// Matrix products by the subjects that multiply: the fast library where it has a kernel, else the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/subject.hpp"
#include "reference/dot.hpp"
#include "reference/operand.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::conformance {

/// The rows of A (M x K) or the columns of B (K x N), one after the other: what lies along K.
struct MatrixLines {
  spec::OperandType type = spec::OperandType::Float32;
  std::vector<std::byte> codes = {};      ///< lines x length: elements one per byte, floats little-endian
  std::vector<std::uint8_t> scales = {};  ///< lines x ceil(length / block size), or none
  std::size_t lines = 0;
  std::size_t length = 0;

  reference::Operand operand(int block_size) const;
};

/// The subject that does what is asked of `subject` ("fast" or "reference") under this request: the reference
/// where the fast library has no kernel, or a factor is no float32 number. Throws std::invalid_argument for
/// any other subject.
std::string multiplying_subject(std::string_view subject, const spec::DotRequest& request,
                                const reference::Factors& factors = {});

/// D = alpha A B + beta c by multiplying_subject(subject, request, factors): row-major codes of a.lines x
/// b.lines. `c`: as many codes, or empty for +0. `tick` counts products. Throws std::invalid_argument as
/// reference::matmul does.
std::vector<std::uint32_t> multiply(std::string_view subject, const spec::DotRequest& request,
                                    const MatrixLines& a, const MatrixLines& b,
                                    std::span<const std::uint32_t> c = {}, const Tick& tick = {},
                                    const reference::Factors& factors = {});

}  // namespace mxemu::conformance
