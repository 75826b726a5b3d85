#include "tools/mxemu/matrix_operand.hpp"

#include <algorithm>
#include <set>

#include "reference/packing.hpp"
#include "reference/random.hpp"
#include "reference/tensor.hpp"
#include "tools/io/error.hpp"
#include "tools/mxemu/convert.hpp"

namespace mxemu::cli {
namespace {

/// Names that --format-a and --format-b know.
std::string known_operands() {
  std::string text;
  for (const auto& row : spec::block_formats) text += std::string(row.name) + ", ";
  for (int i = 0; i < spec::operand_type_count; ++i)
    text += (i ? ", " : "") + std::string(spec::name_of(static_cast<spec::OperandType>(i)));
  return text;
}

/// A row-major matrix of rows x columns, its columns one after the other.
template <class T>
std::vector<T> transposed(const std::vector<T>& matrix, std::size_t rows, std::size_t columns,
                          std::size_t width = 1) {
  std::vector<T> result(matrix.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c)
      std::copy_n(&matrix[(r * columns + c) * width], width, &result[(c * rows + r) * width]);
  return result;
}

std::vector<std::byte> as_bytes(const std::vector<std::uint8_t>& codes) {
  const auto bytes = std::as_bytes(std::span(codes));
  return {bytes.begin(), bytes.end()};
}

/// The tensors that only hold the scales of others.
std::set<std::string> scale_tensors(const std::map<std::string, MxTensor>& mx) {
  std::set<std::string> names;
  for (const auto& [name, tensor] : mx) names.insert(scale_name(name));
  return names;
}

}  // namespace

std::vector<std::byte> convert_floats(spec::FloatType from, std::span<const std::byte> bytes,
                                      spec::FloatType to) {
  if (from == to) return {bytes.begin(), bytes.end()};
  const reference::FloatArray source{from, bytes};
  const std::size_t count = bytes.size() / static_cast<std::size_t>(spec::format_of(from).bytes());
  std::vector<std::byte> result(count * static_cast<std::size_t>(spec::format_of(to).bytes()));
  for (std::size_t i = 0; i < count; ++i)
    reference::store_float(
        to, result, i,
        reference::encode_float(spec::format_of(to),
                                reference::decode_float(spec::format_of(from), source.bits_at(i))));
  return result;
}

const io::TensorInfo& choose_tensor(const io::TensorFile& file, const std::string& name,
                                    const std::string& flag,
                                    const std::function<bool(const io::TensorInfo&)>& is_candidate) {
  const std::string where = file.path().string() + ": ";
  if (!name.empty()) {
    if (const io::TensorInfo* info = file.find(name)) return *info;
    throw BadInput(where + "holds no tensor " + io::in_quotes(name));
  }
  const io::TensorInfo* only = nullptr;
  std::size_t count = 0;
  for (const io::TensorInfo& info : file.tensors()) {
    if (!is_candidate(info)) continue;
    if (count++ == 0) only = &info;
  }
  if (count == 0) throw BadInput(where + "holds no tensor of numbers that can be multiplied");
  if (count > 1)
    throw BadInput(where + "holds " + std::to_string(count) + " tensors; " + flag +
                   " says which, for example " + io::in_quotes(only->name));
  return *only;
}

FoundMatrix::FoundMatrix(const OperandOptions& options, int block_size)
    : options_(options), file_(io::TensorFile::open(options.path)) {
  const auto mx = find_mx_tensors(file_, block_size);
  const std::set<std::string> scales = scale_tensors(mx);
  info_ =
      &choose_tensor(file_, options.tensor, "--tensor-" + options.letter, [&](const io::TensorInfo& info) {
        return mx.contains(info.name) ||
               (!scales.contains(info.name) && (io::is_float(info.dtype) || format_of_dtype(info.dtype)));
      });
  if (const auto found = mx.find(info_->name); found != mx.end()) mx_ = found->second;
  shape_ = mx_ ? mx_->geometry.shape : info_->shape;
  check_shape();
  choose_format(options.format);
}

std::string FoundMatrix::where() const {
  return file_.path().string() + ": " + io::tensor_prefix(info_->name);
}

void FoundMatrix::check_shape() const {
  if (shape_.size() != 2)
    throw BadInput(where() + "shape " + io::shape_text(shape_) + " is no matrix, which has two dimensions");
  if (shape_[0] == 0 || shape_[1] == 0)
    throw BadInput(where() + "shape " + io::shape_text(shape_) + " is an empty matrix");
  if (!mx_) return;
  const int axis = mx_->geometry.axis < 0 ? mx_->geometry.axis + 2 : mx_->geometry.axis;
  if ((axis == 0) != options_.along_columns)
    throw BadInput(
        where() + "its blocks lie along dimension " + std::to_string(axis) +
        (options_.letter == "a" ? ", but those of A (M x K) lie along its last"
         : options_.along_columns
             ? ", but those of B (K x N) lie along its first; --transpose-b takes B stored as N x K"
             : ", but those of B stored as N x K lie along its last"));
}

void FoundMatrix::choose_format(const std::string& format) {
  const std::string flag = "--format-" + options_.letter;
  const auto block = spec::parse_block_format(format);
  const auto operand = spec::parse_operand(format);
  if (!format.empty() && !block && !operand)
    throw BadInput(flag + ": \"" + format + "\" is none of " + known_operands());
  if (mx_) return choose_format_of_codes(format, mx_->request.format);
  if (const auto plain = format_of_dtype(info_->dtype)) return choose_format_of_codes(format, *plain);
  if (!io::is_float(info_->dtype))
    throw BadInput(where() + "is " + io::name_of(info_->dtype) +
                   ", neither floating-point numbers nor codes of MX elements");
  if (format.empty())
    throw BadInput(where() + "is not quantised (" + io::name_of(info_->dtype) + "); " + flag +
                   " says what it becomes: one of " + known_operands());
  scaled_ = block.has_value();
  type_ = block ? spec::operand_of(spec::format_of(*block).element) : *operand;
}

void FoundMatrix::choose_format_of_codes(const std::string& format, spec::BlockType stored) {
  const spec::BlockFormat& row = spec::format_of(stored);
  type_ = spec::operand_of(row.element);
  scaled_ = mx_.has_value() && format != spec::name_of(type_);
  if (format.empty() || format == spec::name_of(type_) || (mx_ && format == row.name)) return;
  const char* held = mx_ ? row.name : spec::name_of(type_);
  throw BadInput(where() + "holds codes of " + held + ", not of the " + format + " that --format-" +
                 options_.letter + " says");
}

std::size_t FoundMatrix::lines() const {
  return static_cast<std::size_t>(shape_[options_.along_columns ? 1 : 0]);
}

std::size_t FoundMatrix::length() const {
  return static_cast<std::size_t>(shape_[options_.along_columns ? 0 : 1]);
}

spec::BlockType FoundMatrix::block_format() const {
  for (const auto& row : spec::block_formats)
    if (spec::operand_of(row.element) == type_) return row.type;
  throw BadInput(where() + "no MX format has elements of " + spec::name_of(type_));
}

MxTensor FoundMatrix::as_mx_tensor(const RequestOptions& conversion, int block_size) const {
  MxTensor tensor{.name = info_->name,
                  .request = conversion.request(block_format()),
                  .geometry = {shape_, options_.along_columns ? 0 : 1},
                  .source_type = *io::float_type_of(info_->dtype),
                  .profile = conversion.profile};
  tensor.request.block_size = block_size;
  check_geometry(file_, tensor);
  return tensor;
}

MxData FoundMatrix::quantize(const RequestOptions& conversion, int block_size,
                             const conformance::Tick& tick) const {
  const auto subject = conformance::make_subject(conversion.subject);
  return quantize_tensor(*subject, as_mx_tensor(conversion, block_size), file_.bytes(*info_), tick);
}

/// Every number by itself, under the scale 1.
std::vector<std::uint8_t> FoundMatrix::encode(const RequestOptions& conversion) const {
  const MxTensor tensor = as_mx_tensor(conversion, 1);
  conformance::Cases cases{.operation = conformance::Operation::Encode,
                           .request = tensor.request,
                           .elements = 1,
                           .numbers = conformance::Numbers(tensor.source_type)};
  const auto bytes = file_.bytes(*info_);
  cases.numbers.bytes().assign(bytes.begin(), bytes.end());
  if (tensor.request.rounding.mode == spec::RoundingMode::Stochastic)
    for (std::size_t i = 0; i < element_count(); ++i)
      cases.random_words.push_back(reference::random_word(tensor.request.rounding.seed, i));
  return conformance::make_subject(conversion.subject)->answer(cases).codes;
}

conformance::MatrixLines FoundMatrix::read(const RequestOptions& conversion, int block_size,
                                           const conformance::Tick& tick) const {
  conformance::MatrixLines result{.type = type_, .lines = lines(), .length = length()};
  if (!spec::is_element(type_)) {
    result.codes = convert_floats(*io::float_type_of(info_->dtype), file_.bytes(*info_),
                                  spec::float_format_of(type_).type);
  } else if (mx_) {
    MxData data = from_storage(file_, *mx_);
    result.codes = as_bytes(data.codes);
    if (scaled_) result.scales = std::move(data.scales);
  } else if (scaled_) {
    MxData data = quantize(conversion, block_size, tick);
    result.codes = as_bytes(data.codes);
    result.scales = std::move(data.scales);
  } else if (io::is_float(info_->dtype)) {
    result.codes = as_bytes(encode(conversion));
  } else {
    const auto stored = file_.bytes(*info_);
    const auto* first = reinterpret_cast<const std::uint8_t*>(stored.data());
    result.codes =
        as_bytes(reference::unpack_codes(spec::ElementPacking::BitStream, spec::element_format_of(type_).bits,
                                         element_count(), {first, stored.size()}));
  }
  if (!options_.along_columns) return result;
  const auto width = static_cast<std::size_t>(spec::code_bytes(type_));
  result.codes = transposed(result.codes, result.length, result.lines, width);
  if (!result.scales.empty())
    result.scales = transposed(result.scales, result.scales.size() / result.lines, result.lines);
  return result;
}

std::string FoundMatrix::description() const {
  std::string text =
      io::in_quotes(info_->name) + " of " + options_.path.string() + ", " + io::shape_text(shape_) + ", ";
  const std::string element = spec::name_of(type_);
  const bool from_floats = io::is_float(info_->dtype);
  if (scaled_) return text + (from_floats ? "quantised to " : "") + spec::format_of(block_format()).name;
  if (mx_) return text + element + " codes, their scales left out";
  if (!from_floats) return text + element + " codes without scales";
  if (spec::is_element(type_)) return text + "each number encoded as " + element + ", without scales";
  const char* stored = spec::name_of(*io::float_type_of(info_->dtype));
  return text + (element == stored ? element : std::string(stored) + " rounded to " + element);
}

}  // namespace mxemu::cli
