#include "tools/sweep/print.hpp"

#include <cstdio>

#include "tools/sweep/block_sweep.hpp"

namespace mxemu::sweep {
namespace {

const char* words(Record record) {
  switch (record) {
    case Record::Equal: return "equal to the one on record";
    case Record::Differs: return "differs from the one on record";
    case Record::Absent: return "none on record";
  }
  return "";
}

std::string scales_text(const std::vector<int>& scales) {
  if (scales.size() > 3)
    return std::to_string(scales.size()) + " scale codes from " + std::to_string(scales.front()) + " to " +
           std::to_string(scales.back());
  std::string text = scales.size() == 1 ? "scale code" : "scale codes";
  for (const int scale : scales) text += (scale == scales.front() ? " " : ", ") + std::to_string(scale);
  return text;
}

}  // namespace

void print(const Outcome& outcome, const Plan& plan, const spec::ElementFormat& element) {
  std::vector<int> reached = plan.blocks;
  std::erase_if(reached, [&](int code) { return code > largest_block_scale(element); });
  const auto line = [](const char* label, std::uint64_t count, const std::string& text) {
    std::printf("  %-10s %15llu  %s\n", label, static_cast<unsigned long long>(count), text.c_str());
  };
  const Findings all = outcome.all();
  std::printf("%s\n", outcome.format);
  line("blocks", outcome.blocks.compared,
       "every float32 that a block of the scale can hold, Inf and NaN too: " + scales_text(reached));
  if (!plan.whole_elements.empty())
    line("elements", outcome.whole_elements.compared,
         "all 2^32 by themselves: " + scales_text(plan.whole_elements));
  line("samples", outcome.sampled_elements.compared,
       "by themselves, near every code boundary and in every binade: " + scales_text(plan.sampled_elements));
  line("compared", all.compared, "");
  line("mismatches", all.mismatches, all.mismatches == 0 ? "" : "the first:");
  for (const Mismatch& mismatch : all.first) std::printf("    %s\n", describe(mismatch).c_str());
  if (all.mismatches == 0)
    std::printf("  %-10s %s, %s\n", "digest", outcome.digest.c_str(), words(outcome.record));
  std::printf("  %-10s %.1f, of the processors %.1f\n\n", "seconds", outcome.seconds,
              outcome.processor_seconds);
  std::fflush(stdout);
}

nlohmann::ordered_json json_of(const Outcome& outcome, const Plan& plan, fast::Isa isa) {
  const Findings all = outcome.all();
  nlohmann::ordered_json first = nlohmann::json::array();
  for (const Mismatch& m : all.first)
    first.push_back({{"what", m.what},
                     {"scale_code", m.scale_code},
                     {"bits", m.bits},
                     {"expected", m.expected},
                     {"got", m.got}});
  return {{"format", outcome.format},
          {"extent", plan.extent},
          {"tier", spec::name_of(isa)},
          {"block_conversions", outcome.blocks.compared},
          {"element_conversions", outcome.whole_elements.compared},
          {"sampled_conversions", outcome.sampled_elements.compared},
          {"mismatches", all.mismatches},
          {"first_mismatches", first},
          {"digest", all.mismatches == 0 ? nlohmann::ordered_json(outcome.digest) : nullptr},
          {"record", words(outcome.record)},
          {"seconds", outcome.seconds},
          {"processor_seconds", outcome.processor_seconds}};
}

}  // namespace mxemu::sweep
