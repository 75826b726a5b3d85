#include "tools/mxemu/convert.hpp"

#include <stdexcept>

#include "tools/io/error.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {

spec::FloatType output_type(spec::FloatType source_type, const std::string& requested) {
  if (requested.empty())
    return source_type == spec::FloatType::Float64 ? spec::FloatType::Float32 : source_type;
  const spec::FloatType type = parse_float_type(requested);
  if (type == spec::FloatType::Float64)
    throw BadInput("--dtype: values come back as f32, bf16 or f16, not f64");
  return type;
}

void check_geometry(const io::TensorFile& file, const MxTensor& tensor) {
  try {
    tensor.element_count();
  } catch (const std::invalid_argument& error) {
    throw BadInput(file.path().string() + ": " + io::tensor_prefix(tensor.name) + error.what());
  }
}

MxData quantize_tensor(conformance::Subject& subject, const MxTensor& tensor,
                       std::span<const std::byte> source, const conformance::Tick& tick) {
  MxData data = tensor.empty_data();
  subject.quantize(tensor.request, tensor.geometry, tensor.source_type, source, data.codes, data.scales,
                   tick);
  return data;
}

std::vector<std::byte> dequantize_tensor(conformance::Subject& subject, const MxTensor& tensor,
                                         const MxData& data, spec::FloatType type,
                                         const conformance::Tick& tick) {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  std::vector<std::byte> output(tensor.element_count() * width);
  subject.dequantize(tensor.request, tensor.geometry, data.codes, data.scales, type, output, tick);
  return output;
}

}  // namespace mxemu::cli
