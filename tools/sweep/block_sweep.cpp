#include "tools/sweep/block_sweep.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "tools/sweep/block_batch.hpp"
#include "tools/sweep/progress.hpp"

namespace mxemu::sweep {
namespace {

using conformance::Staircase;

/// One binade of one sign under one scale: where its staircase stands, and what has come so far.
struct Track {
  int scale_code;
  std::uint32_t anchor;
  std::uint8_t scale;  ///< that the blocks must have
  std::uint8_t anchor_code;
  const Staircase* golden;
  std::size_t step;
  CodeRuns runs;
};

/// The field of the anchors: the largest binade whose blocks have the scale.
int top_field(const spec::ElementFormat& element, int scale_code) {
  return scale_code + e8m0.emin + element.emax + float32.bias;
}

std::uint32_t anchor_bits(int field) {
  // Below the normal numbers, 2^(emin - 1) is the largest power of two.
  return field > 0 ? static_cast<std::uint32_t>(field) << float32.mantissa_bits : field_size / 2;
}

/// A NaN or an Inf poisons its block: scale 0xff, codes 0.
Staircase poisoned(bool negative) {
  const std::uint32_t first = sign_bits(negative) | non_finite_field << float32.mantissa_bits;
  return {.steps = {{first, 0}}, .last_bits = first + (field_size - 1)};
}

class FieldSweep {
 public:
  FieldSweep(const spec::Request& request, fast::Isa isa, std::uint32_t first_bits)
      : request_(request), isa_(isa), first_bits_(first_bits) {}

  void add_scale(const Golden& golden, int scale_code, const Staircase* poison) {
    const std::uint32_t anchor = anchor_bits(top_field(request_.element_format(), scale_code));
    const bool negative = first_bits_ >= sign_bits(true);
    const Staircase& elements = golden.elements(scale_code, negative);
    tracks_.push_back(
        {.scale_code = scale_code,
         .anchor = anchor,
         .scale = poison ? e8m0.nan_code : static_cast<std::uint8_t>(scale_code),
         .anchor_code = poison ? std::uint8_t{0} : golden.elements(scale_code, false).code_of(anchor),
         .golden = poison ? poison : &elements,
         .step = 0,
         .runs = {}});
  }

  void run() {
    std::size_t turn = 0;
    for (std::uint32_t done = 0; done < field_size; done += BlockBatch::inputs, ++turn) {
      const std::size_t count = std::min<std::size_t>(BlockBatch::inputs, field_size - done);
      batch_.fill(first_bits_ + done, count, turn % BlockBatch::block_size);
      for (Track& track : tracks_) {
        batch_.quantize(request_, isa_, track.anchor);
        compare(track, first_bits_ + done, count);
      }
    }
  }

  const Findings& findings() const { return findings_; }
  const std::vector<Track>& tracks() const { return tracks_; }

 private:
  void compare(Track& track, std::uint32_t first_bits, std::size_t count) {
    const auto& steps = track.golden->steps;
    while (track.step + 1 < steps.size() && steps[track.step + 1].first_bits <= first_bits) ++track.step;
    const std::uint32_t last_bits = first_bits + static_cast<std::uint32_t>(count - 1);
    const bool one_run = track.step + 1 == steps.size() || steps[track.step + 1].first_bits > last_bits;
    const std::uint8_t code = steps[track.step].code;
    if (count == BlockBatch::inputs && one_run && batch_.is(track.scale, code, track.anchor_code)) {
      findings_.compared += count;
      track.runs.add(first_bits, code);
      return;
    }
    compare_in_detail(track, first_bits, count);
  }

  /// At a step of the staircase, at the end of the binade, and where something is wrong.
  void compare_in_detail(Track& track, std::uint32_t first_bits, std::size_t count) {
    std::uint8_t codes[BlockBatch::inputs];
    const std::span taken(codes, count);
    batch_.take_codes(taken);
    check_codes(*track.golden, "block code", track.scale_code, first_bits, taken, findings_, track.runs);
    for (std::size_t b = 0; b * BlockBatch::inputs_per_block < count; ++b) {
      const auto first = first_bits + static_cast<std::uint32_t>(b * BlockBatch::inputs_per_block);
      if (batch_.scale(b) != track.scale)
        findings_.add({"block scale", track.scale_code, first, track.scale, batch_.scale(b)});
      if (batch_.anchor_code(b) != track.anchor_code)
        findings_.add(
            {"block code", track.scale_code, track.anchor, track.anchor_code, batch_.anchor_code(b)});
    }
  }

  spec::Request request_;
  fast::Isa isa_;
  std::uint32_t first_bits_;
  BlockBatch batch_;
  std::vector<Track> tracks_;
  Findings findings_;
};

constexpr std::size_t field_count = 2 * (non_finite_field + 1);

/// Of each scale code, the runs of each field in turn, first the positive ones.
using RunsOfScales = std::vector<std::array<CodeRuns, field_count>>;

void digest(const RunsOfScales& runs, std::span<const int> scale_codes, Sha256& sha) {
  for (const int scale_code : scale_codes) {
    CodeRuns all;
    for (const CodeRuns& part : runs[static_cast<std::size_t>(scale_code)]) all.append(part);
    sha.add("blocks");
    sha.add(static_cast<std::uint8_t>(scale_code));
    all.digest(sha);
  }
}

std::uint64_t count_inputs(const spec::ElementFormat& element, std::span<const int> scale_codes) {
  std::uint64_t fields = 0;
  for (const int scale_code : scale_codes)  // 0 … the top one, and the Inf and NaN
    fields += static_cast<std::uint64_t>(top_field(element, scale_code) + 2);
  return 2 * field_size * fields;
}

}  // namespace

int largest_block_scale(const spec::ElementFormat& element) {
  return e8m0.nan_code - 1 - element.emax;
}

Findings sweep_blocks(const spec::Request& request, fast::Isa isa, const Golden& golden,
                      std::span<const int> scale_codes, Sha256& sha) {
  const spec::ElementFormat& element = request.element_format();
  std::vector<int> reached;
  for (const int scale_code : scale_codes)
    if (scale_code <= largest_block_scale(element)) reached.push_back(scale_code);
  const Staircase poison[] = {poisoned(false), poisoned(true)};
  RunsOfScales runs(scale_code_count);
  Findings findings;
  std::mutex mutex;
  const std::uint64_t total = count_inputs(element, reached);
  Progress progress(std::string(request.block_format().name) + " blocks", total);
  // Small fields first: they stand under the most scales.
  conformance::on_all_cores(field_count, [&](std::uint64_t index) {
    const auto field = static_cast<std::uint32_t>(index / 2);
    const bool negative = index % 2 == 1;
    const bool finite = field != non_finite_field;
    FieldSweep sweep(request, isa, sign_bits(negative) | field << float32.mantissa_bits);
    for (const int scale_code : reached)
      if (!finite || static_cast<int>(field) <= top_field(element, scale_code))
        sweep.add_scale(golden, scale_code, finite ? nullptr : &poison[negative]);
    sweep.run();
    const std::lock_guard lock(mutex);
    findings.merge(sweep.findings());
    const std::size_t place = negative * (field_count / 2) + field;
    for (const Track& track : sweep.tracks())
      runs[static_cast<std::size_t>(track.scale_code)][place] = track.runs;
    progress.add(sweep.findings().compared);
  });
  require_all(findings, total);
  digest(runs, reached, sha);
  return findings;
}

}  // namespace mxemu::sweep
