#include "conformance/vectors/dot_neighbours.hpp"

namespace mxemu::conformance::vectors {
namespace {

class Neighbours {
 public:
  explicit Neighbours(const spec::Accumulator& row) : row_(row) {}

  /// The row with one thing changed, if that changes it.
  template <class Change>
  void add(const Change& change) {
    spec::Accumulator changed = row_;
    change(changed);
    if (changed.fused == row_.fused && changed.tree == row_.tree &&
        changed.float32_rounding == row_.float32_rounding &&
        changed.float32_mantissa_bits == row_.float32_mantissa_bits)
      return;
    found_.push_back(changed);
  }

  std::vector<spec::Accumulator> take() { return std::move(found_); }

 private:
  const spec::Accumulator& row_;
  std::vector<spec::Accumulator> found_;
};

void add_fused(Neighbours& to) {
  using Row = spec::Accumulator;
  to.add([](Row& row) { --row.fused.fraction_bits; });
  to.add([](Row& row) { ++row.fused.fraction_bits; });
  for (const auto rounding :
       {spec::TermRounding::TowardZero, spec::TermRounding::NearestEven, spec::TermRounding::Floor}) {
    to.add([&](Row& row) { row.fused.term_rounding = rounding; });
    to.add([&](Row& row) {
      if (row.fused.join == spec::AccumulatorJoin::AfterSum) row.fused.join_rounding = rounding;
    });
  }
  to.add([](Row& row) { row.fused.products /= 2; });
  to.add([](Row& row) { row.fused.zero_exponent = spec::ZeroExponent::Absent; });
  to.add([](Row& row) { row.fused.normalizes_products = !row.fused.normalizes_products; });
  to.add([](Row& row) {
    row.fused.join = row.fused.join == spec::AccumulatorJoin::Aligned ? spec::AccumulatorJoin::AfterSum
                                                                      : spec::AccumulatorJoin::Aligned;
    if (row.fused.sum_fraction_bits == 0) row.fused.sum_fraction_bits = row.fused.fraction_bits;
  });
  to.add([](Row& row) {
    row.float32_rounding = row.float32_rounding == spec::RoundingMode::NearestEven
                               ? spec::RoundingMode::TowardZero
                               : spec::RoundingMode::NearestEven;
  });
  to.add([](Row& row) { row.float32_mantissa_bits = 23; });
}

}  // namespace

std::vector<spec::Accumulator> neighbours(const spec::Accumulator& row) {
  Neighbours found(row);
  if (row.kind == spec::AccumulatorKind::Fused) add_fused(found);
  if (row.kind == spec::AccumulatorKind::FlushedTree)
    found.add([](spec::Accumulator& changed) { changed.tree.flushes = !changed.tree.flushes; });
  return found.take();
}

}  // namespace mxemu::conformance::vectors
