// A dot product's steps as text.
#include <ostream>

#include "conformance/describe.hpp"
#include "tools/mxemu/dot_explanation.hpp"
#include "tools/mxemu/matrix_comparison.hpp"
#include "tools/mxemu/options.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using Align = TextTable::Align;
using conformance::describe;
using reference::DotPart;
using reference::DotStep;
using reference::DotTerm;
using reference::Value;

constexpr std::size_t most_steps = 24;  // longer sums show the steps that lost most
constexpr std::size_t most_terms = 64;

std::string range_text(std::size_t first, std::size_t count) {
  return std::to_string(first) + (count > 1 ? ".." + std::to_string(first + count - 1) : "");
}

std::string lost_text(const Value& lost) {
  return lost.is_nan() ? "-" : describe(lost);
}

std::string emax_text(const std::optional<int>& emax) {
  return emax ? std::to_string(*emax) : "-";
}

/// What a step of the accumulator is.
std::string unit_text(const spec::Accumulator& row) {
  if (row.kind != spec::AccumulatorKind::Fused) return spec::meaning_of(row.kind);
  const spec::FusedAdder& unit = row.fused;
  std::string text = std::to_string(unit.products) + " products a step";
  if (unit.exact_group > 1) text += ", summed exactly by " + std::to_string(unit.exact_group);
  if (unit.split > 1) text += ", in " + std::to_string(unit.split) + " parts by k modulo that";
  text += unit.join == spec::AccumulatorJoin::Aligned ? "; they and c are aligned" : "; they are aligned";
  text += " to the largest exponent (emax) and ";
  text += unit.term_rounding == spec::TermRounding::None
              ? "kept whole"
              : std::string("cut ") + spec::name_of(unit.term_rounding) + " to multiples of 2^(emax - " +
                    std::to_string(unit.fraction_bits) + ")";
  if (unit.join == spec::AccumulatorJoin::AfterSum) text += "; c joins their sum";
  return text;
}

/// How the new c is rounded.
std::string rounding_text(const DotStory& story, std::size_t step) {
  const spec::Accumulator& row = story.request().row();
  const std::string output = spec::name_of(story.request().output);
  if (row.takes_rounding) return std::string(spec::name_of(story.request().rounding.mode)) + " to " + output;
  const bool own = row.kind == spec::AccumulatorKind::Fused && !story.adds_block(step) &&
                   story.request().output == spec::FloatType::Float32;
  if (!own) return "nearest_even to " + output;
  const int bits = row.float32_mantissa_bits;
  const bool narrow = bits < spec::format_of(spec::FloatType::Float32).mantissa_bits;
  return std::string(spec::name_of(row.float32_rounding)) + " to " + output +
         (narrow ? " with " + std::to_string(bits) + " mantissa bits" : "");
}

void print_head(const DotStory& story, std::ostream& out) {
  const spec::DotRequest& request = story.request();
  const spec::Accumulator& row = request.row();
  const auto ulps = ulp_distance(spec::format_of(request.output), story.code(), story.rounded_exact());
  out << "C[" << story.row() << ", " << story.column() << "] under " << row.name << ": "
      << spec::name_of(request.a) << " x " << spec::name_of(request.b) << " to "
      << spec::name_of(request.output) << ", K = " << story.length() << ", " << story.steps().size()
      << " step(s)\n"
      << "  sums     " << unit_text(row) << "\n"
      << "  rounds   " << rounding_text(story, 0) << "\n";
  if (row.truncates_to_tf32) out << "  tf32     operands keep 10 mantissa bits before they are multiplied\n";
  if (*row.quirks) out << "  besides  " << row.quirks << "\n";
  out << "  exact    " << describe(story.exact()) << "\n"
      << "  nearest  " << code_text(request.output, story.rounded_exact()) << "\n"
      << "  result   " << code_text(request.output, story.code()) << "  "
      << (!ulps        ? "one is NaN"
          : *ulps == 0 ? "the nearest"
                       : std::to_string(*ulps) + " ulp from the nearest")
      << "\n";
}

/// One line per step.
void print_steps(const DotStory& story, std::ostream& out) {
  std::vector<Value> losses;
  for (std::size_t i = 0; i < story.steps().size(); ++i) losses.push_back(story.lost(i));
  const bool fused = story.request().row().kind == spec::AccumulatorKind::Fused;
  std::vector<TextTable::Column> columns = {{"step"}, {"k"}};
  if (fused) columns.push_back({"emax"});
  for (const char* heading : {"c before", "exact sum of products", "lost", "c after"})
    columns.push_back({heading});
  TextTable table(columns);
  for (const std::size_t i : largest_losses(losses, most_steps)) {
    const DotStep& step = story.steps()[i];
    std::vector<std::string> cells = {std::to_string(i), range_text(step.first, step.count)};
    if (fused)
      cells.push_back(story.adds_block(i) ? "add"
                      : step.join_emax    ? emax_text(step.join_emax)
                                          : emax_text(step.parts.front().emax));
    for (const std::string& text :
         {describe(step.before), describe(story.products(i)), lost_text(losses[i]), describe(step.after)})
      cells.push_back(text);
    table.row(std::move(cells));
  }
  out << "\n";
  if (losses.size() > most_steps)
    out << "the " << most_steps << " steps of " << losses.size() << " that lost most:\n";
  table.print(out);
  if (story.request().row().scale == spec::ScaleEntry::AfterRounding)
    out << "Steps within a block are in units before its scales, also what they lost.\n";
}

/// Which products a term is.
std::string term_label(const DotStory& story, std::size_t step, std::size_t part, const DotTerm& term) {
  if (story.has_single_products(step, part)) return std::to_string(term.index);
  if (story.adds_block(step)) return "block";
  const DotStep& one = story.steps()[step];
  const auto group = static_cast<std::size_t>(story.request().row().fused.exact_group);
  if (group > 1) return range_text(term.index, std::min(group, one.first + one.count - term.index));
  return "from " + std::to_string(term.index);
}

std::vector<std::string> term_cells(const DotStory& story, const std::string& label, const DotTerm& term,
                                    bool single, bool has_scales) {
  std::vector<std::string> cells = {label, single ? story.a_text(term.index) : "",
                                    single ? story.b_text(term.index) : ""};
  if (story.has_scales()) cells.push_back(has_scales ? story.scales_text(term.index) : "");
  for (const std::string& text : {describe(term.exact), term.exponent ? std::to_string(*term.exponent) : "",
                                  describe(term.kept), lost_text(exact_difference(term.exact, term.kept))})
    cells.push_back(text);
  return cells;
}

/// Padding is zeros, all alike: it becomes one line.
std::size_t terms_before_padding(const DotStory& story, const DotPart& part, bool single) {
  std::size_t count = part.terms.size();
  if (!single) return count;
  while (count > 0 && part.terms[count - 1].index >= story.length()) --count;
  return part.terms.size() - count > 1 ? count : part.terms.size();
}

void print_part(const DotStory& story, std::size_t index, std::size_t part_index, std::ostream& out) {
  const DotStep& step = story.steps()[index];
  const DotPart& part = step.parts[part_index];
  const spec::FusedAdder& unit = story.request().row().fused;
  if (step.parts.size() > 1) out << "  part " << part_index;
  if (part.emax && unit.term_rounding != spec::TermRounding::None)
    out << (step.parts.size() > 1 ? ":" : " ") << " emax " << *part.emax << ", so terms are multiples of 2^"
        << *part.emax - unit.fraction_bits;
  if (part.emax || step.parts.size() > 1) out << "\n";
  const bool single = story.has_single_products(index, part_index);
  const bool scaled = single || unit.exact_group > 1 || story.adds_block(index);
  std::vector<TextTable::Column> columns = {{"k"}, {"a", Align::Left}, {"b", Align::Left}};
  if (story.has_scales()) columns.push_back({"scales", Align::Left});
  for (const char* heading : {"exact", "exponent", "kept", "lost"}) columns.push_back({heading});
  TextTable table(columns);
  std::vector<Value> losses;
  for (const DotTerm& term : part.terms) losses.push_back(exact_difference(term.exact, term.kept));
  const std::size_t shown = terms_before_padding(story, part, single);
  for (const std::size_t i :
       largest_losses({losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(shown)}, most_terms))
    table.row(term_cells(story, term_label(story, index, part_index, part.terms[i]), part.terms[i], single,
                         scaled));
  if (shown < part.terms.size()) {
    const DotTerm& first = part.terms[shown];
    table.row(term_cells(story, std::to_string(first.index) + ".." + std::to_string(part.terms.back().index),
                         first, single, scaled));
  }
  if (step.joined && !step.join_emax && part_index == 0)
    table.row(term_cells(story, "c", *step.joined, false, false));
  table.print(out);
  if (shown > most_terms) out << "  the " << most_terms << " terms of " << shown << " that lost most\n";
  if (const std::string kept = describe(part.kept); kept != describe(part.sum))
    out << "  together " << describe(part.sum) << ", which goes on as " << kept << "\n";
}

/// The terms of one step, and what became of their sum.
void print_step(const DotStory& story, std::size_t index, std::ostream& out) {
  const DotStep& step = story.steps()[index];
  out << "\nstep " << index << "  k " << range_text(step.first, step.count) << "\n";
  for (std::size_t part = 0; part < step.parts.size(); ++part) print_part(story, index, part, out);
  if (step.join_emax)
    out << "  c joins  at emax " << *step.join_emax << ", kept " << describe(step.joined->kept) << "\n";
  out << "  c        " << describe(step.before) << "\n"
      << "  sum      " << describe(step.sum) << "  of c and what was kept\n"
      << "  new c    " << describe(step.after) << "  by " << rounding_text(story, index) << "\n"
      << "  lost     " << lost_text(story.lost(index)) << "  in this step\n";
}

}  // namespace

void print_text(const DotStory& story, std::optional<std::size_t> step, std::ostream& out) {
  const std::size_t count = story.steps().size();
  if (step && *step >= count)
    throw BadInput("--step " + std::to_string(*step) + ": " + story.request().row().name + " takes " +
                   std::to_string(count) + " step(s) for this element, counted from 0");
  print_head(story, out);
  if (count > 1) print_steps(story, out);
  print_step(story, step ? *step : story.worst_step(), out);
}

}  // namespace mxemu::cli
