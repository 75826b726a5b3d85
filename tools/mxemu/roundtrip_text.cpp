// The results of a round trip as tables on a terminal.
#include <ostream>

#include "tools/io/error.hpp"
#include "tools/mxemu/roundtrip.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using Align = TextTable::Align;

std::vector<TextTable::Column> statistics_columns(std::vector<TextTable::Column> first) {
  for (const char* heading : {"bits/elt", "SQNR dB", "max abs err", "max rel err", "saturated", "flushed",
                              "lost", "NaN blocks", "scales"})
    first.push_back({heading});
  return first;
}

std::vector<std::string> statistics_row(std::vector<std::string> first, const Statistics& s) {
  for (std::string cell :
       {fixed(s.bits_per_element(), 2), fixed(s.sqnr_decibels(), 2),
        s.compared ? significant(s.max_absolute, 4) : "-", s.compared ? significant(s.max_relative, 4) : "-",
        percent(s.saturated, s.elements), percent(s.flushed, s.elements), percent(s.lost, s.elements),
        std::to_string(s.nan_blocks), scale_range(s)})
    first.push_back(std::move(cell));
  return first;
}

/// One format: everything about each tensor.
void print_one_format(const RoundtripResult& result, const FileResult& file, std::ostream& out) {
  TextTable table(
      statistics_columns({{"tensor", Align::Left}, {"dtype", Align::Left}, {"shape", Align::Left}}));
  for (const TensorResult& tensor : file.tensors)
    table.row(statistics_row({io::printable(tensor.name), tensor.dtype, io::shape_text(tensor.shape)},
                             tensor.by_format[0]));
  table.rule();
  table.row(statistics_row({"total", "", ""}, result.total(file, 0)));
  table.print(out);
}

/// Several formats: the SQNR of each tensor side by side.
void print_side_by_side(const RoundtripResult& result, const FileResult& file, std::ostream& out) {
  std::vector<TextTable::Column> columns{
      {"SQNR dB", Align::Left}, {"dtype", Align::Left}, {"shape", Align::Left}};
  for (const spec::Request& request : result.requests) columns.push_back({request.block_format().name});
  TextTable table(std::move(columns));
  for (const TensorResult& tensor : file.tensors) {
    std::vector<std::string> cells{io::printable(tensor.name), tensor.dtype, io::shape_text(tensor.shape)};
    for (const Statistics& statistics : tensor.by_format)
      cells.push_back(fixed(statistics.sqnr_decibels(), 2));
    table.row(std::move(cells));
  }
  table.print(out);
}

/// One row per format, summed over tensors.
void print_totals(const RoundtripResult& result, const auto& total_of, std::ostream& out) {
  TextTable table(statistics_columns({{"format", Align::Left}}));
  for (std::size_t f = 0; f < result.requests.size(); ++f)
    table.row(statistics_row({result.requests[f].block_format().name}, total_of(f)));
  table.print(out);
}

}  // namespace

void print_text(const RoundtripResult& result, std::ostream& out) {
  const bool one_format = result.requests.size() == 1;
  for (const FileResult& file : result.files) {
    out << io::printable(file.path)
        << (one_format ? std::string("  ") + result.requests[0].block_format().name : "") << "\n"
        << result.conversion() << "\n\n";
    if (one_format) {
      print_one_format(result, file, out);
    } else {
      print_side_by_side(result, file, out);
      out << "\n";
      print_totals(
          result, [&](std::size_t f) { return result.total(file, f); }, out);
    }
    if (result.files.size() > 1) out << "\n";
  }
  if (result.files.size() > 1) {
    out << "all " << result.files.size() << " files\n";
    print_totals(
        result, [&](std::size_t f) { return result.total(f); }, out);
  }
}

}  // namespace mxemu::cli
