// What `mxemu matmul` does: products, compared and explained.
#include "tools/mxemu/matmul.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reference/tensor.hpp"
#include "tools/io/output_file.hpp"
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

/// Product after product; of those that are compared only what they show is kept.
class Comparer {
 public:
  Comparer(const MatmulOptions& options, const Multiplication& work, const MatmulOperands& operands,
           Progress& progress)
      : options_(options), work_(work), operands_(operands), progress_(progress) {}

  std::vector<std::uint32_t> multiply(const spec::DotRequest& request) {
    progress_.label(request.row().name);
    return conformance::multiply(options_.conversion.subject, request, operands_.a, operands_.b, operands_.c,
                                 progress_.tick(), work_.factors());
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
        .right_subject =
            conformance::multiplying_subject(options_.conversion.subject, request, work_.factors())};
    one.comparison.left = name;
    one.comparison.right = request.row().name;
    if (one.comparison.first && !work_.has_factors()) {
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

}  // namespace

int run_matmul(const MatmulOptions& options) {
  const Multiplication work(options);
  if (!options.explain.empty() && !names_cell_of_comparison(options.explain))
    parse_element(options.explain, work.rows(), work.columns());
  MatmulResult result{
      .request = work.main(),
      .subject = conformance::multiplying_subject(options.conversion.subject, work.main(), work.factors()),
      .factors = work.factors_text(),
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

}  // namespace mxemu::cli
