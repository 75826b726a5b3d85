// mxemu_sweep: the fast library against the reference on every float32 input and every scale of a format.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <thread>

#include "tools/sweep/print.hpp"

namespace mxemu::sweep {
namespace {

struct Options {
  std::vector<std::string> formats;
  std::string tier;
  std::string recorded;
  bool quick = false;
  bool json = false;
};

std::vector<spec::BlockFormat> formats_of(const std::vector<std::string>& names) {
  std::vector<spec::BlockFormat> formats;
  for (const std::string& name : names) {
    const auto* row = std::find_if(std::begin(spec::block_formats), std::end(spec::block_formats),
                                   [&](const auto& format) { return format.name == name; });
    if (row == std::end(spec::block_formats)) throw std::invalid_argument("no format \"" + name + "\"");
    formats.push_back(*row);
  }
  if (formats.empty()) formats.assign(std::begin(spec::block_formats), std::end(spec::block_formats));
  return formats;
}

fast::Isa tier_of(const std::string& name) {
  if (name.empty()) return fast::choose_isa();
  const auto isa = spec::parse_word<fast::Isa>(name);
  if (!isa) throw std::invalid_argument("no tier \"" + name + "\"");
  return fast::choose_isa(isa);
}

/// True when every format passed.
bool run(const Options& options) {
  const std::vector<spec::BlockFormat> formats = formats_of(options.formats);
  const fast::Isa isa = tier_of(options.tier);
  const Plan plan = make_plan(options.quick);
  if (!options.json)
    std::printf("tier %s, %u threads; MX 6.3 under the profile ocp\n\n", spec::name_of(isa),
                std::thread::hardware_concurrency());
  nlohmann::ordered_json list = nlohmann::json::array();
  bool passed = true;
  for (const spec::BlockFormat& format : formats) {
    const Outcome outcome = sweep_format(format, plan, isa, options.recorded);
    passed = passed && outcome.passed();
    if (options.json)
      list.push_back(json_of(outcome, plan, isa));
    else
      print(outcome, plan, format.element_format());
  }
  if (options.json) std::cout << list.dump(2) << "\n";
  return passed;
}

}  // namespace
}  // namespace mxemu::sweep

int main(int argc, char** argv) {
  CLI::App app{"Sweeps the float32 inputs x scales square of MX formats: fast library against reference"};
  app.name("mxemu_sweep");
  mxemu::sweep::Options options;
  app.add_option("FORMAT", options.formats, "such as MXFP4_E2M1; none: all of them");
  app.add_option("--tier", options.tier, "portable, avx2, avx512 or amx; else MXEMU_ISA, else the widest");
  app.add_option("--recorded", options.recorded, "table of digests to compare with");
  app.add_flag("--quick", options.quick, "two scales of blocks, samples of three");
  app.add_flag("--json", options.json, "one JSON document instead of text");
  app.footer(
      "  mxemu_sweep MXFP4_E2M1 --recorded tools/sweep/DIGESTS.md\n"
      "Exit status: 0 all equal, 1 a mismatch or another digest than the one on record, 2 bad arguments.");
  try {
    app.parse(argc, argv);
    return mxemu::sweep::run(options) ? 0 : 1;
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : (app.exit(error), 2);
  } catch (const std::exception& error) {
    std::cerr << "mxemu_sweep: " << error.what() << "\n";
    return 2;
  }
}
