// One tensor through a subject.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "conformance/subject.hpp"
#include "tools/mxemu/mx_tensor.hpp"

namespace mxemu::cli {

/// The type values come back as: `requested` (f32, bf16, f16), or when that is empty the type they had;
/// float32 where that was float64. Throws BadInput for any other request.
spec::FloatType output_type(spec::FloatType source_type, const std::string& requested = {});

/// Throws BadInput, naming file and tensor, when the tensor cannot be cut into blocks as requested.
void check_geometry(const io::TensorFile& file, const MxTensor& tensor);

MxData quantize_tensor(conformance::Subject& subject, const MxTensor& tensor,
                       std::span<const std::byte> source, const conformance::Tick& tick);

std::vector<std::byte> dequantize_tensor(conformance::Subject& subject, const MxTensor& tensor,
                                         const MxData& data, spec::FloatType type,
                                         const conformance::Tick& tick);

}  // namespace mxemu::cli
