// mxemu matmul: matrix products as a named accumulator sums them, compared and explained.
#include "tools/mxemu/matmul.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reference/tensor.hpp"
#include "tools/io/output_file.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/dot_explanation.hpp"
#include "tools/mxemu/input.hpp"
#include "tools/mxemu/matmul_work.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

constexpr const char* result_name = "C";

struct Element {
  std::size_t row;
  std::size_t column;
};

bool names_cell_of_comparison(const std::string& text) {
  return text == "first" || text == "worst";
}

/// "ROW,COLUMN" within a product of rows x columns.
Element parse_element(const std::string& text, std::size_t rows, std::size_t columns) {
  Element element{};
  const char* const end = text.data() + text.size();
  const auto [comma, bad_row] = std::from_chars(text.data(), end, element.row);
  const bool has_comma = bad_row == std::errc{} && comma != end && *comma == ',';
  const auto [stop, bad_column] = std::from_chars(has_comma ? comma + 1 : end, end, element.column);
  if (!has_comma || bad_column != std::errc{} || stop != end)
    throw BadInput("--explain: \"" + text + "\" is neither ROW,COLUMN nor first nor worst");
  if (element.row >= rows || element.column >= columns)
    throw BadInput("--explain: C[" + std::to_string(element.row) + ", " + std::to_string(element.column) +
                   "] lies outside of C, which is [" + std::to_string(rows) + ", " + std::to_string(columns) +
                   "]");
  return element;
}

/// Flags that would have no effect are errors.
void check_flags(const MatmulOptions& options) {
  if (options.a.path.empty() || options.b.path.empty()) throw BadInput("matmul needs two files, A and B");
  const bool compares = !options.compare.empty() || !options.got.empty();
  if (options.output.empty() && !compares && options.explain.empty())
    throw BadInput(
        "matmul has nothing to do: -o writes the product, --compare and --got compare it, --explain "
        "explains one element");
  if (!options.report.empty() && !compares) throw BadInput("--report shows comparisons: --compare or --got");
  if (!compares && names_cell_of_comparison(options.explain))
    throw BadInput("--explain " + options.explain + " goes with --compare or --got");
  if (options.step && options.explain.empty()) throw BadInput("--step goes with --explain");
  if (!options.report.empty() && options.report.lexically_normal() == options.output.lexically_normal())
    throw BadInput("-o and --report name the same file, " + options.report.string());
  if (options.rounding_out.empty()) return;
  bool taken = spec::row_of(parse_accumulator_flag("--accumulator", options.accumulator)).takes_rounding;
  for (const std::string& name : options.compare)
    taken |=
        name == every_accumulator || spec::row_of(parse_accumulator_flag("--compare", name)).takes_rounding;
  if (!taken)
    throw BadInput("--rounding-out goes with the accumulator " +
                   std::string(spec::name_of(spec::AccumulatorType::Exact)) +
                   "; the others have a rounding of their own");
}

/// Product after product; of those that are compared only what they show is kept.
class Comparer {
 public:
  Comparer(const MatmulOptions& options, const Multiplication& work, const MatmulOperands& operands,
           Progress& progress)
      : options_(options), work_(work), operands_(operands), progress_(progress) {}

  std::vector<std::uint32_t> multiply(const spec::DotRequest& request) {
    progress_.label(request.row().name);
    return conformance::multiply(options_.conversion.subject, request, operands_.a, operands_.b, operands_.c,
                                 progress_.tick());
  }

  /// With --got, what was got beside every product; else the product beside the others.
  void compare(MatmulResult& result, const std::vector<std::uint32_t>& product) {
    const auto& got = work_.got();
    const std::vector<std::uint32_t>& left = got ? got->codes : product;
    const std::string name = got ? "got" : result.request.row().name;
    if (got) add(result, name, left, result.request, product);
    for (const spec::DotRequest& request : work_.compared())
      add(result, name, left, request, multiply(request));
  }

 private:
  void add(MatmulResult& result, const std::string& name, const std::vector<std::uint32_t>& left,
           const spec::DotRequest& request, const std::vector<std::uint32_t>& right) const {
    ComparedProduct one{
        .comparison = compare_matrices(request.output, left, right, operands_.b.lines, nan_codes(request)),
        .right_subject = conformance::multiplying_subject(options_.conversion.subject, request)};
    one.comparison.left = name;
    one.comparison.right = request.row().name;
    if (one.comparison.first) {
      one.exact_first = exact(request, *one.comparison.first);
      one.exact_worst = exact(request, *one.comparison.worst);
    }
    result.compared.push_back(std::move(one));
  }

  /// A device is held to the code of NaN that the row states; accumulators are compared by their numbers.
  NanCodes nan_codes(const spec::DotRequest& request) const {
    return work_.got() && request.row().states_nan_bits ? NanCodes::Stated : NanCodes::Alike;
  }

  reference::Value exact(const spec::DotRequest& request, const DifferingCell& cell) const {
    return exact_element(request, operands_.a, operands_.b, cell.row, cell.column,
                         operands_.c_at(cell.row, cell.column));
  }

  const MatmulOptions& options_;
  const Multiplication& work_;
  const MatmulOperands& operands_;
  Progress& progress_;
};

/// The element, or that of the first comparison that has a difference.
std::optional<Element> chosen_element(const std::string& text, const MatmulResult& result,
                                      const Multiplication& work) {
  if (!names_cell_of_comparison(text)) return parse_element(text, work.rows(), work.columns());
  for (const ComparedProduct& one : result.compared)
    if (const auto& cell = text == "first" ? one.comparison.first : one.comparison.worst)
      return Element{cell->row, cell->column};
  return std::nullopt;
}

/// The element under --accumulator, then under each one that --compare names. The exact sum, which has
/// nothing to explain, stands in every one of them.
std::vector<DotStory> stories(const MatmulOptions& options, const Multiplication& work,
                              const MatmulOperands& operands, const MatmulResult& result) {
  std::vector<DotStory> told;
  if (options.explain.empty()) return told;
  const auto element = chosen_element(options.explain, result, work);
  if (!element) return told;
  std::vector<spec::DotRequest> requests = {work.main()};
  const bool all = std::ranges::find(options.compare, every_accumulator) != options.compare.end();
  if (!all)
    for (const auto& request : work.compared())
      if (request.row().kind != spec::AccumulatorKind::Exact) requests.push_back(request);
  for (const auto& request : requests)
    told.emplace_back(request, operands.a, operands.b, element->row, element->column,
                      operands.c_at(element->row, element->column));
  return told;
}

/// Where the product goes, when the user asked for a file.
std::unique_ptr<io::TensorWriter> open_output(const MatmulOptions& options, const Multiplication& work) {
  if (options.output.empty()) return nullptr;
  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(work.rows()),
                                           static_cast<std::int64_t>(work.columns())};
  const spec::DotRequest& request = work.main();
  const io::Metadata metadata = {
      {"mxemu_matmul",
       std::string(request.row().name) + ", " + spec::name_of(request.a) + " x " + spec::name_of(request.b)}};
  return io::create_writer(options.output, output_container(options.output),
                           {{result_name, io::dtype_of(request.output), shape}}, metadata);
}

void write(io::TensorWriter& writer, spec::FloatType type, const std::vector<std::uint32_t>& codes) {
  std::vector<std::byte> bytes(codes.size() * static_cast<std::size_t>(spec::format_of(type).bytes()));
  for (std::size_t i = 0; i < codes.size(); ++i) reference::store_float(type, bytes, i, codes[i]);
  writer.write(bytes);
}

/// What is printed. Throws BadInput for a --step that there is not.
std::string composed(const MatmulOptions& options, const MatmulOperands& operands, const MatmulResult& result,
                     const std::vector<DotStory>& told) {
  if (options.json_output) {
    nlohmann::json document = to_json(operands, result);
    for (const DotStory& story : told) document["explained"].push_back(to_json(story));
    return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  std::ostringstream text;
  print_text(operands, result, text);
  for (std::size_t i = 0; i < told.size(); ++i) {
    text << "\n";
    // Steps are those of --accumulator: other accumulators take other ones.
    print_text(told[i], i == 0 ? options.step : std::nullopt, text);
  }
  return text.str();
}

/// 1 when what was got is not the accumulator's.
int run(const MatmulOptions& options) {
  if (options.list) {
    print_accumulators(std::cout);
    return 0;
  }
  check_flags(options);
  const Multiplication work(options);
  if (!options.explain.empty() && !names_cell_of_comparison(options.explain))
    parse_element(options.explain, work.rows(), work.columns());
  MatmulResult result{.request = work.main(),
                      .subject = conformance::multiplying_subject(options.conversion.subject, work.main()),
                      .output = options.output.string()};
  const bool multiplies = !options.output.empty() || !options.compare.empty() || !options.got.empty();
  const auto writer = open_output(options, work);
  std::optional<io::OutputFile> report;
  if (!options.report.empty()) report.emplace(options.report);
  const MatmulOperands operands = work.read({});
  if (multiplies) {
    const std::size_t products = 1 + work.compared().size();
    Progress progress(products * work.rows() * work.columns() * operands.a.length, Progress::Rate::None);
    Comparer comparer(options, work, operands, progress);
    const std::vector<std::uint32_t> product = comparer.multiply(work.main());
    comparer.compare(result, product);
    if (writer) write(*writer, work.main().output, product);
  }
  const std::string text = composed(options, operands, result, stories(options, work, operands, result));
  if (report) {
    const std::string page = to_html(operands, result);
    report->append(std::as_bytes(std::span(page)));
    report->commit();
  }
  if (writer) writer->commit();
  std::cout << text;
  return !options.got.empty() && result.compared.front().comparison.differing != 0 ? 1 : 0;
}

void add_operand_flags(CLI::App& command, MatmulOptions& options) {
  for (OperandOptions* side : {&options.a, &options.b}) {
    const std::string of = " of " + std::string(side == &options.a ? "A" : "B");
    command
        .add_option("--format-" + side->letter, side->format,
                    "what the numbers" + of +
                        " become: an MX format, quantised in blocks along K; an element format such as "
                        "E4M3, encoded without scales; bf16, f16 or f32, as they are")
        ->group("Operands");
    command
        .add_option("--tensor-" + side->letter, side->tensor, "the tensor" + of + ", where a file holds more")
        ->group("Operands");
  }
  command.add_flag("--transpose-b", options.transpose_b, "B is stored as N x K, as weights are")
      ->group("Operands");
  command.add_option("--c", options.c, "file of the M x N numbers that the product is added to")
      ->group("Operands");
  command.add_option("--tensor-c", options.tensor_c, "the tensor of --c, where a file holds more")
      ->group("Operands");
}

void add_sum_flags(CLI::App& command, MatmulOptions& options) {
  const std::string group = "Accumulation";
  command.add_option("--accumulator", options.accumulator, "how products are summed; --list-accumulators")
      ->group(group)
      ->capture_default_str();
  command.add_flag("--list-accumulators", options.list, "print the accumulators, their sources and operands")
      ->group(group);
  command
      .add_option("--output-type", options.output_type, "f32, bf16 or f16, where the accumulator gives it")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--rounding-out", options.rounding_out, "rounding of the accumulator exact (nearest_even)")
      ->group(group);
  command.add_option("--seed-out", options.seed_out, "seed of --rounding-out stochastic")
      ->group(group)
      ->capture_default_str();
  options.conversion.add_conversion_flags(command);
  command
      .add_option("--tail", options.conversion.tail,
                  "a K that is no multiple of the block size: " + known_words<spec::Tail>())
      ->group("Conversion");
  command
      .add_option("--subject", options.conversion.subject,
                  "what converts and multiplies, with the same result: fast, reference")
      ->group("Conversion")
      ->capture_default_str();
}

void add_result_flags(CLI::App& command, MatmulOptions& options) {
  command.add_option("-o,--output", options.output, "write the product: .safetensors, .npy, .gguf, .raw");
  command
      .add_option("--compare", options.compare,
                  "another accumulator beside the first, or all that take the operands; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--got", options.got, "file of a device's product, compared with the accumulators'");
  command.add_option("--tensor-got", options.tensor_got, "the tensor of --got, where a file holds more");
  command.add_option("--explain", options.explain,
                     "ROW,COLUMN of one element, or the first or worst that differs: its sum step by step");
  command.add_option("--step", options.step,
                     "the step of --explain whose terms are shown (that which lost most)");
  command.add_option("--report", options.report, "write the comparisons as an HTML page with plots");
  command.add_flag("--json", options.json_output, "print JSON");
}

}  // namespace

void add_matmul_command(CLI::App& app, int& status) {
  auto options = std::make_shared<MatmulOptions>();
  CLI::App* command =
      app.add_subcommand("matmul", "A matrix product as a named accumulator sums it, compared and explained");
  command->footer(
      "Examples:\n  mxemu matmul x.safetensors w.safetensors --transpose-b --format-a MXFP8_E4M3 --format-b "
      "MXFP4_E2M1 \\\n    --accumulator blackwell_mxf8f6f4 -o c.safetensors\n"
      "  mxemu matmul x.npy w.npy --format-a E4M3 --format-b E4M3 --accumulator hopper_fp8 --compare exact "
      "--explain worst\n"
      "  mxemu matmul x.npy w.npy --format-a E4M3 --format-b E4M3 --accumulator hopper_fp8 --got kernel.npy "
      "--compare all\n"
      "A is M x K, B is K x N. Tensors that `mxemu quantize` wrote keep their format; their blocks lie along "
      "K.\n"
      "Cells differ when their bits do, except that a NaN is a NaN; beside --got it must be the one that "
      "the\n"
      "accumulator states, if it states one. Exit status: 0 done; 1 what --got holds is not the "
      "accumulator's\n"
      "product; 2 bad input.");
  command->add_option("A", options->a.path, "M x K: .safetensors, .npy, .gguf");
  command->add_option("B", options->b.path, "K x N: .safetensors, .npy, .gguf");
  add_operand_flags(*command, *options);
  add_sum_flags(*command, *options);
  add_result_flags(*command, *options);
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
