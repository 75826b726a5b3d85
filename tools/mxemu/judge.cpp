// mxemu judge: what a kernel read and wrote, dumped to files, against the golden model.
#include <algorithm>
#include <iostream>
#include <memory>

#include "conformance/verdict/check_words.hpp"
#include "conformance/verdict/judge_tensor.hpp"
#include "tools/io/error.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/input.hpp"
#include "tools/mxemu/mx_tensor.hpp"
#include "tools/mxemu/progress.hpp"

namespace mxemu::cli {
namespace {

struct JudgeOptions {
  std::filesystem::path input;
  std::filesystem::path output;
  std::string format = "all";
  bool json_output = false;
  RequestOptions conversion;
};

/// The tensor as GOT has it, to be judged by what the flags say.
MxTensor judged_tensor(const JudgeOptions& options, const io::TensorFile& input, const MxTensor& found) {
  const io::TensorInfo* info = input.find(found.name);
  const auto where = options.input.string() + ": " + io::tensor_prefix(found.name);
  if (info == nullptr) throw BadInput(where + "is in " + options.output.string() + " and not here");
  const auto type = io::float_type_of(info->dtype);
  if (!type) throw BadInput(where + "is no floating-point tensor");
  if (info->shape != found.geometry.shape)
    throw BadInput(where + "has another shape than in " + options.output.string());
  MxTensor tensor = found;
  tensor.source_type = *type;
  tensor.profile = options.conversion.profile;
  RequestOptions conversion = options.conversion;
  if (conversion.profile == conformance::automatic_profile) {
    conversion.require_unamended();
    conversion.profile = spec::default_profile.name;
  }
  if (conversion.block_size == 0) conversion.block_size = found.request.block_size;
  tensor.request = conversion.request(found.request.format);
  return tensor;
}

std::vector<conformance::TensorVerdict> judge_files(const JudgeOptions& options) {
  const io::TensorFile input = io::TensorFile::open(options.input);
  const io::TensorFile output = io::TensorFile::open(options.output);
  const std::vector<spec::BlockType> formats = parse_formats(options.format);
  std::vector<MxTensor> tensors;
  std::size_t elements = 0;
  for (const auto& [name, tensor] : find_mx_tensors(output, options.conversion.block_size)) {
    if (std::find(formats.begin(), formats.end(), tensor.request.format) == formats.end()) continue;
    tensors.push_back(judged_tensor(options, input, tensor));
    elements += tensors.back().element_count();
  }
  if (tensors.empty())
    throw BadInput(options.output.string() + ": holds no MX tensor" +
                   (options.format == "all" ? "" : " of " + options.format));
  std::vector<conformance::TensorVerdict> verdicts;
  Progress progress(elements);
  for (const MxTensor& tensor : tensors) {
    progress.label(tensor.name);
    const MxData got = from_storage(output, tensor);
    const conformance::JudgedTensor judged = {tensor.name,        tensor.profile,
                                              tensor.request,     tensor.geometry,
                                              tensor.source_type, input.bytes(*input.find(tensor.name)),
                                              got.codes,          got.scales};
    verdicts.push_back(options.conversion.profile == conformance::automatic_profile
                           ? conformance::judge_by_every_profile(judged)
                           : conformance::judge_tensor(judged));
    progress.advance(tensor.element_count());
  }
  return verdicts;
}

int run(const JudgeOptions& options) {
  const std::vector<conformance::TensorVerdict> verdicts = judge_files(options);
  bool passed = true;
  for (const conformance::TensorVerdict& verdict : verdicts) {
    passed &= verdict.passed();
    if (!options.json_output) std::cout << conformance::to_text(verdict);
  }
  if (options.json_output) std::cout << conformance::to_json(verdicts);
  return passed ? 0 : 1;
}

}  // namespace

void add_judge_command(CLI::App& app, int& status) {
  auto options = std::make_shared<JudgeOptions>();
  CLI::App* command = app.add_subcommand(
      "judge", "What a kernel read (IN) and wrote (GOT), as files, against the golden model");
  command->footer(
      "Example:\n  mxemu judge activations.safetensors kernel-out.safetensors --profile auto\n"
      "--profile auto judges by the profile that differs least. GOT holds codes under the tensors' names and "
      "scales as NAME_scale, as `mxemu quantize` writes them.\n"
      "Exit status: 0 every tensor is the golden model's, 1 one differs, 2 bad input.");
  command->add_option("IN", options->input, "what went in: .safetensors, .npy, .gguf")->required();
  command->add_option("GOT", options->output, "what came out: .safetensors, .gguf")->required();
  command->add_option("--format", options->format, "judge the tensors of this MX format only")
      ->capture_default_str();
  options->conversion.add_conversion_flags(*command);
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace mxemu::cli
