#include "reference/accumulate.hpp"

#include <algorithm>
#include <stdexcept>

#include "reference/float_rounding.hpp"
#include "reference/sum.hpp"

namespace mxemu::reference {
namespace {

const spec::FloatFormat& float32 = spec::format_of(spec::FloatType::Float32);

/// c = fl(c + kept) of the step's only part.
Value close(DotStep& step, const Value& c, Steps steps) {
  step.before = c;
  step.sum = sum(c, step.parts.front().kept);
  step.after = round_to_float32(step.sum);
  const Value after = step.after;
  if (steps) steps->push_back(std::move(step));
  return after;
}

/// MX 6.2 by blocks: every block pair's dot product exact, rounded once, added in ascending k.
Value accumulate_blocks(const LinePair& pair, std::size_t block_size, Value c, Steps steps) {
  for (std::size_t first = 0; first < pair.length(); first += block_size) {
    DotStep step = {.first = first,
                    .count = std::min(block_size, pair.length() - first),
                    .parts = std::vector<DotPart>(1)};
    DotPart& part = step.parts.front();
    if (steps)
      for (std::size_t i = first; i < first + step.count; ++i)
        part.terms.push_back({.index = i, .exact = pair.term(i), .kept = pair.term(i)});
    part.sum = exact_dot(pair, first, step.count);
    part.kept = round_to_float32(part.sum);
    c = close(step, c, steps);
  }
  return c;
}

/// The float32 operands of a loop over dequantised numbers (MX 5.1-e: Inf beyond the largest), multiplied
/// exactly.
Value product_of_floats(const LinePair& pair, std::size_t index) {
  return product(round_to_float32(pair.a.scaled(index)), round_to_float32(pair.b.scaled(index)));
}

/// A loop: the product is rounded before it is added, or not.
Value accumulate_loop(const LinePair& pair, bool rounds_products, Value c, Steps steps) {
  for (std::size_t i = 0; i < pair.length(); ++i) {
    const Value exact = product_of_floats(pair, i);
    const Value kept = rounds_products ? round_to_float32(exact) : exact;
    DotStep step = {.first = i, .count = 1, .parts = std::vector<DotPart>(1)};
    step.parts.front() = {.terms = {{.index = i, .exact = exact, .kept = kept}}, .sum = kept, .kept = kept};
    c = close(step, c, steps);
  }
  return c;
}

/// A level of the tree: neighbours are added, an odd last one moves up.
std::vector<DotTerm> next_level(const std::vector<DotTerm>& level) {
  std::vector<DotTerm> next;
  for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
    const Value exact = sum(level[i].kept, level[i + 1].kept);
    next.push_back({.index = level[i].index, .exact = exact, .kept = round_to_float32(exact)});
  }
  if (level.size() % 2 == 1) next.push_back(level.back());
  return next;
}

/// A balanced tree over everything, then c. The parts of its one step are the levels of the tree.
Value accumulate_pairwise(const LinePair& pair, const Value& c, Steps steps) {
  if (pair.length() == 0) return c;
  std::vector<DotTerm> level;
  for (std::size_t i = 0; i < pair.length(); ++i) {
    const Value exact = product_of_floats(pair, i);
    level.push_back({.index = i, .exact = exact, .kept = round_to_float32(exact)});
  }
  DotStep step = {.first = 0, .count = pair.length()};
  while (level.size() > 1) {
    std::vector<DotTerm> next = next_level(level);
    if (steps) step.parts.push_back({.terms = std::move(level)});
    level = std::move(next);
  }
  const Value root = level.front().kept;
  step.parts.insert(step.parts.begin(), {.terms = std::move(level), .sum = root, .kept = root});
  return close(step, c, steps);
}

Value flushed(const spec::FloatFormat& format, const Value& value, bool keeps_sign) {
  if (!is_subnormal(format, value)) return value;
  return {.negative = keeps_sign && value.negative};
}

/// An operand or c below the smallest normal number of its format becomes +0, and -0 does too.
Value flushed_input(const Value& value, int emin, bool flushes) {
  const bool flushed_away = flushes && value.is_finite() && value.magnitude < power_of_two(emin);
  return flushed_away ? Value{} : value;
}

/// fl(l + r) of the two halves of the terms.
Value sum_of_halves(const std::vector<DotTerm>& terms, std::size_t first, std::size_t count, bool flushes) {
  if (count == 1) return terms[first].kept;
  const std::size_t half = count / 2;
  const Value total = round_to_float32(sum(sum_of_halves(terms, first, half, flushes),
                                           sum_of_halves(terms, first + half, count - half, flushes)));
  return flushes ? flushed(float32, total, true) : total;
}

/// Trees of float32 multiply-adds, added to c one after the other.
Value accumulate_trees(const spec::FlushedTree& tree, const LinePair& pair, Value c, Steps steps) {
  const auto products = static_cast<std::size_t>(tree.products);
  c = flushed_input(c, float32.emin, tree.flushes);
  for (std::size_t first = 0; first < pair.length(); first += products) {
    DotStep step = {
        .first = first, .count = std::min(products, pair.length() - first), .parts = std::vector<DotPart>(1)};
    DotPart& part = step.parts.front();
    for (std::size_t i = first; i < first + step.count; ++i) {
      const Value exact = product(flushed_input(pair.a.values[i], pair.a.emin, tree.flushes),
                                  flushed_input(pair.b.values[i], pair.b.emin, tree.flushes));
      // fl(a b + 0): a product of -0 is +0 here.
      const Value rounded = round_to_float32(sum(exact, Value{}));
      part.terms.push_back(
          {.index = i, .exact = exact, .kept = tree.flushes ? flushed(float32, rounded, true) : rounded});
    }
    part.sum = sum_of_halves(part.terms, 0, step.count, tree.flushes);
    part.kept = part.sum;
    step.before = c;
    step.sum = sum(c, part.kept);
    step.after = round_to_float32(step.sum);
    if (tree.flushes) step.after = flushed(float32, step.after, true);
    c = step.after;
    if (steps) steps->push_back(std::move(step));
  }
  return c;
}

}  // namespace

Value LinePair::term(std::size_t index) const {
  return product(a.scaled(index), b.scaled(index));
}

Value exact_dot(const LinePair& pair, std::size_t first, std::size_t count) {
  ExactSum total;
  for (std::size_t i = first; i < first + count; ++i) total.add(pair.term(i));
  return without_zero_sign(total.value());
}

Value accumulate_in_float32(const spec::DotRequest& request, const LinePair& pair, const Value& c,
                            Steps steps) {
  const spec::Accumulator& row = request.row();
  switch (row.kind) {
    case spec::AccumulatorKind::BlockExact:
      return accumulate_blocks(pair, static_cast<std::size_t>(request.block_size), c, steps);
    case spec::AccumulatorKind::Sequential: return accumulate_loop(pair, true, c, steps);
    case spec::AccumulatorKind::FmaChain: return accumulate_loop(pair, false, c, steps);
    case spec::AccumulatorKind::Pairwise: return accumulate_pairwise(pair, c, steps);
    case spec::AccumulatorKind::FlushedTree: return accumulate_trees(row.tree, pair, c, steps);
    case spec::AccumulatorKind::Exact:
    case spec::AccumulatorKind::Fused: break;
  }
  throw std::invalid_argument("not an accumulator in float32");
}

}  // namespace mxemu::reference
