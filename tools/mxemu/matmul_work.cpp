#include "tools/mxemu/matmul_work.hpp"

#include <algorithm>

#include "reference/tensor.hpp"
#include "tools/io/error.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/rational.hpp"

namespace mxemu::cli {
namespace {

constexpr int default_block_size = 32;

NumberMatrix read_numbers(const io::TensorFile& file, const std::string& tensor, const std::string& flag,
                          spec::FloatType type, std::size_t rows, std::size_t columns) {
  const io::TensorInfo& info =
      choose_tensor(file, tensor, flag, [](const io::TensorInfo& one) { return io::is_float(one.dtype); });
  const std::string where = file.path().string() + ": " + io::tensor_prefix(info.name);
  const auto stored = io::float_type_of(info.dtype);
  if (!stored) throw BadInput(where + "is " + io::name_of(info.dtype) + ", no floating-point tensor");
  const std::int64_t wanted[] = {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)};
  if (!std::ranges::equal(info.shape, wanted))
    throw BadInput(where + "shape " + io::shape_text(info.shape) + " is not " + io::shape_text(wanted) +
                   ", that of the product");
  const auto bytes = convert_floats(*stored, file.bytes(info), type);
  const reference::FloatArray array{type, bytes};
  NumberMatrix result{.codes = {}, .description = io::in_quotes(info.name) + " of " + file.path().string()};
  for (std::size_t i = 0; i < rows * columns; ++i)
    result.codes.push_back(static_cast<std::uint32_t>(array.bits_at(i)));
  if (*stored != type)
    result.description += std::string(", ") + spec::name_of(*stored) + " rounded to " + spec::name_of(type);
  return result;
}

bool is_one(const reference::Rational& factor) {
  return !factor.negative && factor.numerator == factor.denominator;
}

std::string text_of(const reference::Rational& factor) {
  return factor.numerator.str() + (factor.denominator == 1 ? "" : "/" + factor.denominator.str());
}

OperandOptions side_b(const MatmulOptions& options) {
  OperandOptions side = options.b;
  side.along_columns = !options.transpose_b;
  return side;
}

}  // namespace

Multiplication::Multiplication(const MatmulOptions& options)
    : options_(options),
      factors_{parse_rational("--alpha", options.alpha), parse_rational("--beta", options.beta)},
      has_factors_(!is_one(factors_.alpha) || !(is_one(factors_.beta) || factors_.beta.numerator == 0)),
      a_(options.a, options.conversion.block_size),
      b_(side_b(options), options.conversion.block_size) {
  if (has_factors_ && !options.explain.empty())
    throw BadInput("--explain shows sums under alpha = 1 and beta = 1 or 0");
  if (a_.length() != b_.length()) throw BadInput(mismatch());
  block_size_ = chosen_block_size();
  main_ = required("--accumulator", options.accumulator);
  for (const std::string& name : options.compare) {
    if (name != every_accumulator) {
      compared_.push_back(required("--compare", name));
      continue;
    }
    for (const auto& row : spec::accumulators)
      if (const auto one = request(row.type); row.type != main_.accumulator && refusal_of(one).empty())
        compared_.push_back(one);
  }
  if (!options.c.empty()) c_file_.emplace(io::TensorFile::open(options.c));
  if (options.got.empty()) return;
  got_file_.emplace(io::TensorFile::open(options.got));
  const io::TensorInfo& info =
      choose_tensor(*got_file_, options.tensor_got, "--tensor-got",
                    [](const io::TensorInfo& one) { return io::is_float(one.dtype); });
  if (io::float_type_of(info.dtype) != main_.output)
    throw BadInput(options.got.string() + ": " + io::tensor_prefix(info.name) + "is " +
                   io::name_of(info.dtype) + " where --output-type says " + spec::name_of(main_.output));
  got_ = read_numbers(*got_file_, options.tensor_got, "--tensor-got", main_.output, rows(), columns());
}

MatmulOperands Multiplication::read(const conformance::Tick& tick) const {
  MatmulOperands operands{.a = a_.read(options_.conversion, block_size_, tick),
                          .b = b_.read(options_.conversion, block_size_, tick),
                          .a_description = a_.description(),
                          .b_description = b_.description()};
  const std::string blocks = " in blocks of " + std::to_string(block_size_) + " along K";
  if (a_.has_scales()) operands.a_description += blocks;
  if (b_.has_scales()) operands.b_description += blocks;
  if (!c_file_) return operands;
  NumberMatrix c = read_numbers(*c_file_, options_.tensor_c, "--tensor-c", main_.output, rows(), columns());
  // What is multiplied by 0 is not read.
  if (factors_.beta.numerator != 0) operands.c = std::move(c.codes);
  operands.c_description = std::move(c.description);
  return operands;
}

std::string Multiplication::factors_text() const {
  if (!has_factors_) return "";
  const auto& [alpha, beta] = factors_;
  std::string text = (alpha.negative ? "-" : "") + text_of(alpha) + " A B";
  if (c_file_ && beta.numerator != 0) text += (beta.negative ? " - " : " + ") + text_of(beta) + " c";
  return text;
}

std::string Multiplication::mismatch() const {
  return "K of A is " + std::to_string(a_.length()) + " (" + a_.description() + "), K of B is " +
         std::to_string(b_.length()) + " (" + b_.description() + ")" +
         (a_.length() != b_.lines() ? ""
          : options_.transpose_b    ? "; without --transpose-b B is stored as K x N"
                                    : "; --transpose-b takes B stored as N x K");
}

/// That of the stored blocks, which the flag cannot change; else the flag's, else 32.
int Multiplication::chosen_block_size() const {
  const int of_a = a_.stored_block_size(), of_b = b_.stored_block_size();
  const int flag = options_.conversion.block_size;
  if (of_a && of_b && of_a != of_b)
    throw BadInput("A is stored in blocks of " + std::to_string(of_a) + ", B in blocks of " +
                   std::to_string(of_b));
  const int stored = of_a ? of_a : of_b;
  if (stored && flag && stored != flag)
    throw BadInput(std::string(of_a ? "A" : "B") + " is stored in blocks of " + std::to_string(stored) +
                   ", not of the " + std::to_string(flag) + " that --block-size says");
  return stored ? stored : flag ? flag : default_block_size;
}

spec::DotRequest Multiplication::request(spec::AccumulatorType accumulator) const {
  spec::DotRequest request{.accumulator = accumulator,
                           .a = a_.type(),
                           .b = b_.type(),
                           .output = parse_flag<spec::FloatType>("--output-type", options_.output_type),
                           .block_size = block_size_};
  request.tail = options_.conversion.request(spec::BlockType{}).policy.tail;
  if (!request.row().takes_rounding || options_.rounding_out.empty()) return request;
  request.rounding = parse_rounding("--rounding-out", options_.rounding_out);
  request.rounding.seed = options_.seed_out.value_or(0);
  return request;
}

/// Why the accumulator cannot multiply these, or nothing.
std::string Multiplication::refusal_of(const spec::DotRequest& request) const {
  const spec::Accumulator& row = request.row();
  const std::string what = std::string(row.name) + ", " + spec::name_of(request.a) + " x " +
                           spec::name_of(request.b) + " to " + spec::name_of(request.output) + ": ";
  if (const char* reason = spec::refusal(request))
    return what + reason + "; it takes " + names_of(row.operands) + " and gives " + names_of(row.outputs);
  if (has_factors_ && row.kind != spec::AccumulatorKind::Exact)
    return std::string("the accumulator ") + row.name + " takes alpha = 1 and beta = 1 or 0 only";
  if (row.scale != spec::ScaleEntry::Unscaled || !(a_.has_scales() || b_.has_scales())) return "";
  const FoundMatrix& scaled = a_.has_scales() ? a_ : b_;
  const std::string flag = a_.has_scales() ? "--format-a " : "--format-b ";
  return what + "the unit takes no scales, and " + (a_.has_scales() ? "A" : "B") + " has them; " + flag +
         spec::name_of(scaled.type()) + " multiplies elements without";
}

spec::DotRequest Multiplication::required(const std::string& flag, const std::string& name) const {
  const spec::DotRequest result = request(parse_accumulator_flag(flag, name));
  if (const std::string reason = refusal_of(result); !reason.empty()) throw BadInput(reason);
  return result;
}

}  // namespace mxemu::cli
