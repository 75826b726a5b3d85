// mxemu inspect: what is in a tensor file.
#include <array>
#include <cmath>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/input.hpp"
#include "tools/mxemu/mx_tensor.hpp"
#include "tools/mxemu/numbers.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using Align = TextTable::Align;

/// The numbers of one floating-point tensor at a glance.
struct Summary {
  std::uint64_t nans = 0;
  std::uint64_t infinities = 0;
  std::uint64_t zeros = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  double amax = 0;
  std::map<int, std::uint64_t> block_binades;  ///< blocks of 32 in memory order, by floor(log2(amax))
};

constexpr std::size_t block_size = 32;

Summary summarize(spec::FloatType type, std::span<const std::byte> bytes) {
  const std::size_t count = bytes.size() / static_cast<std::size_t>(spec::format_of(type).bytes());
  Summary summary;
  double block_amax = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = number_at(type, bytes, i);
    summary.nans += std::isnan(x);
    summary.infinities += std::isinf(x);
    summary.zeros += x == 0;
    if (std::isfinite(x)) {
      summary.min = std::min(summary.min, x);
      summary.max = std::max(summary.max, x);
      block_amax = std::max(block_amax, std::fabs(x));
    }
    if ((i + 1) % block_size != 0 && i + 1 != count) continue;
    if (block_amax > 0) ++summary.block_binades[std::ilogb(block_amax)];
    summary.amax = std::max(summary.amax, block_amax);
    block_amax = 0;
  }
  return summary;
}

/// "2^-7 ▁▃█▅ 2^-2": how block maxima spread over binades.
std::string sparkline(const std::map<int, std::uint64_t>& binades) {
  constexpr std::array bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr int widest = 40;
  if (binades.empty()) return "-";
  std::uint64_t most = 0;
  for (const auto& [binade, count] : binades) most = std::max(most, count);
  const int last = binades.rbegin()->first;
  const int first = std::max(binades.begin()->first, last - widest + 1);
  std::string text = (first > binades.begin()->first ? "..2^" : "2^") + std::to_string(first) + " ";
  for (int binade = first; binade <= last; ++binade) {
    const auto found = binades.find(binade);
    text += found == binades.end() ? " " : bars[found->second * (bars.size() - 1) / most];
  }
  return text + " 2^" + std::to_string(last);
}

void print_text(const io::TensorFile& file, const std::map<std::string, MxTensor>& mx) {
  std::uint64_t bytes = 0;
  for (const io::TensorInfo& info : file.tensors()) bytes += info.byte_size;
  std::cout << io::printable(file.path().string()) << "  " << io::name_of(file.container()) << ", "
            << file.tensors().size() << " tensor(s), " << bytes << " bytes of data\n\n";
  TextTable table({{"tensor", Align::Left},
                   {"dtype", Align::Left},
                   {"shape", Align::Left},
                   {"min"},
                   {"max"},
                   {"amax"},
                   {"zeros"},
                   {"NaN"},
                   {"Inf"},
                   {"amax of blocks of 32", Align::Left}});
  for (const io::TensorInfo& info : file.tensors()) {
    std::vector<std::string> cells{io::printable(info.name), io::name_of(info.dtype),
                                   io::shape_text(info.shape)};
    if (const auto type = io::float_type_of(info.dtype)) {
      const Summary s = summarize(*type, file.bytes(info));
      const bool any = s.min <= s.max;
      for (std::string cell : {any ? significant(s.min, 4) : "-", any ? significant(s.max, 4) : "-",
                               significant(s.amax, 4), std::to_string(s.zeros), std::to_string(s.nans),
                               std::to_string(s.infinities), sparkline(s.block_binades)})
        cells.push_back(std::move(cell));
      file.release(info);
    } else if (mx.contains(info.name)) {
      cells.insert(cells.end(), 6, "");
      cells.push_back(std::string("MX: ") + mx.at(info.name).request.block_format().name);
    }
    table.row(std::move(cells));
  }
  table.print(std::cout);
}

nlohmann::json to_json(const Summary& summary) {
  nlohmann::json binades = nlohmann::json::object();
  for (const auto& [binade, count] : summary.block_binades) binades[std::to_string(binade)] = count;
  return {{"min", summary.min},           {"max", summary.max},  {"amax", summary.amax},
          {"zeros", summary.zeros},       {"nan", summary.nans}, {"inf", summary.infinities},
          {"block_amax_binades", binades}};
}

void print_json(const io::TensorFile& file, const std::map<std::string, MxTensor>& mx) {
  nlohmann::json tensors = nlohmann::json::array();
  for (const io::TensorInfo& info : file.tensors()) {
    nlohmann::json tensor{{"name", info.name},
                          {"dtype", io::name_of(info.dtype)},
                          {"shape", info.shape},
                          {"bytes", info.byte_size}};
    if (const auto type = io::float_type_of(info.dtype)) {
      tensor["values"] = to_json(summarize(*type, file.bytes(info)));
      file.release(info);
    }
    if (mx.contains(info.name)) {
      const MxTensor& found = mx.at(info.name);
      tensor["mx"] = {{"format", found.request.block_format().name},
                      {"block_size", found.request.block_size},
                      {"axis", found.geometry.axis},
                      {"packing", spec::name_of(found.packing)}};
    }
    tensors.push_back(std::move(tensor));
  }
  const nlohmann::json document{{"path", file.path().string()},
                                {"container", io::name_of(file.container())},
                                {"metadata", file.metadata()},
                                {"tensors", tensors}};
  std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

}  // namespace

void add_inspect_command(CLI::App& app) {
  struct Options {
    std::filesystem::path input;
    bool json_output = false;
    int block_size = 0;
    InputOptions source;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("inspect", "The tensors of a file: types, shapes, ranges, NaN and Inf");
  command->footer("Example:\n  mxemu inspect model.safetensors");
  command->add_option("FILE", options->input, "a .safetensors, .npy, .gguf or .raw file")->required();
  command->add_option("--dtype", options->source.dtype, "element type of a raw input: f32, bf16, f16, f64");
  command->add_option("--shape", options->source.shape, "shape of a raw input, such as 128,64");
  command->add_option("--block-size", options->block_size, "of MX tensors without a record (32)")
      ->check(CLI::Range(1, 1 << 30));
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options] {
    const io::TensorFile file = options->source.open(options->input);
    std::map<std::string, MxTensor> mx;
    try {
      mx = find_mx_tensors(file, options->block_size);
    } catch (const BadInput& error) {
      std::cerr << "mxemu: " + std::string(error.what()) + "; MX tensors are not marked\n";
    }
    options->json_output ? print_json(file, mx) : print_text(file, mx);
  });
}

}  // namespace mxemu::cli
