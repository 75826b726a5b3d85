// The command line of `mxemu matmul`.
#include <iostream>
#include <memory>

#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/commands.hpp"
#include "tools/mxemu/matmul_work.hpp"

namespace mxemu::cli {
namespace {

/// Flags that would have no effect are errors.
void check_flags(const MatmulOptions& options) {
  if (options.a.path.empty() || options.b.path.empty()) throw BadInput("matmul needs two files, A and B");
  const bool compares = !options.compare.empty() || !options.got.empty();
  if (options.output.empty() && !compares && options.explain.empty())
    throw BadInput(
        "matmul has nothing to do: -o writes the product, --compare and --got compare it, --explain "
        "explains one element");
  if (!options.report.empty() && !compares) throw BadInput("--report shows comparisons: --compare or --got");
  if (!compares && names_cell_of_comparison(options.explain))
    throw BadInput("--explain " + options.explain + " goes with --compare or --got");
  if (!options.report.empty() && options.report.lexically_normal() == options.output.lexically_normal())
    throw BadInput("-o and --report name the same file, " + options.report.string());
  if (options.rounding_out.empty()) return;
  if (options.seed_out &&
      parse_rounding("--rounding-out", options.rounding_out).mode != spec::RoundingMode::Stochastic)
    throw BadInput("--seed-out goes with --rounding-out stochastic, not with " + options.rounding_out);
  bool taken = spec::row_of(parse_accumulator_flag("--accumulator", options.accumulator)).takes_rounding;
  for (const std::string& name : options.compare)
    taken |=
        name == every_accumulator || spec::row_of(parse_accumulator_flag("--compare", name)).takes_rounding;
  if (!taken)
    throw BadInput("--rounding-out goes with the accumulator " +
                   std::string(spec::name_of(spec::AccumulatorType::Exact)) +
                   "; the others have a rounding of their own");
}

void add_operand_flags(CLI::App& command, MatmulOptions& options) {
  for (OperandOptions* side : {&options.a, &options.b}) {
    const std::string of = " of " + std::string(side == &options.a ? "A" : "B");
    command
        .add_option("--format-" + side->letter, side->format,
                    "what the numbers" + of +
                        " become: an MX format, quantised in blocks along K; an element format such as "
                        "E4M3, encoded without scales; bf16, f16 or f32, as they are")
        ->group("Operands");
    command
        .add_option("--tensor-" + side->letter, side->tensor, "the tensor" + of + ", where a file holds more")
        ->group("Operands");
  }
  command.add_flag("--transpose-b", options.transpose_b, "B is stored as N x K, as weights are")
      ->group("Operands");
  CLI::Option* c =
      command.add_option("--c", options.c, "file of the M x N numbers that the product is added to")
          ->group("Operands");
  command.add_option("--tensor-c", options.tensor_c, "the tensor of --c, where a file holds more")
      ->group("Operands")
      ->needs(c);
  const std::string exactly = ": a decimal number or a fraction, taken exactly; for the accumulator exact";
  command.add_option("--alpha", options.alpha, "what the product is multiplied by" + exactly)
      ->group("Operands")
      ->capture_default_str();
  command.add_option("--beta", options.beta, "what --c is multiplied by" + exactly + ", but for 0")
      ->group("Operands")
      ->capture_default_str()
      ->needs(c);
}

void add_sum_flags(CLI::App& command, MatmulOptions& options) {
  const std::string group = "Accumulation";
  command.add_option("--accumulator", options.accumulator, "how products are summed; --list-accumulators")
      ->group(group)
      ->capture_default_str();
  command.add_flag("--list-accumulators", options.list, "print the accumulators, their sources and operands")
      ->group(group);
  command
      .add_option("--output-type", options.output_type, "f32, bf16 or f16, where the accumulator gives it")
      ->group(group)
      ->capture_default_str();
  CLI::Option* rounding = command
                              .add_option("--rounding-out", options.rounding_out,
                                          "rounding of the accumulator exact (nearest_even)")
                              ->group(group);
  command.add_option("--seed-out", options.seed_out, "seed of --rounding-out stochastic (0)")
      ->group(group)
      ->needs(rounding);
  options.conversion.add_conversion_flags(command);
  command
      .add_option("--tail", options.conversion.tail,
                  "a K that is no multiple of the block size: " + known_words<spec::Tail>())
      ->group("Conversion");
  command
      .add_option("--subject", options.conversion.subject,
                  "what converts and multiplies, with the same result: fast, reference")
      ->group("Conversion")
      ->capture_default_str();
}

void add_result_flags(CLI::App& command, MatmulOptions& options) {
  command.add_option("-o,--output", options.output, "write the product: .safetensors, .npy, .gguf, .raw");
  command
      .add_option("--compare", options.compare,
                  "another accumulator beside the first, or all that take the operands; may be repeated")
      ->allow_extra_args(false);
  CLI::Option* got =
      command.add_option("--got", options.got, "file of a device's product, compared with the accumulators'");
  command.add_option("--tensor-got", options.tensor_got, "the tensor of --got, where a file holds more")
      ->needs(got);
  CLI::Option* explain = command.add_option(
      "--explain", options.explain,
      "ROW,COLUMN of one element, or the first or worst that differs: its sum step by step");
  command
      .add_option("--step", options.step,
                  "the step of --explain whose terms are shown (that which lost most)")
      ->needs(explain);
  command.add_option("--report", options.report, "write the comparisons as an HTML page with plots");
  command.add_flag("--json", options.json_output, "print JSON");
}

}  // namespace

void add_matmul_command(CLI::App& app, int& status) {
  auto options = std::make_shared<MatmulOptions>();
  CLI::App* command =
      app.add_subcommand("matmul", "A matrix product as a named accumulator sums it, compared and explained");
  command->footer(
      "Examples:\n  mxemu matmul x.safetensors w.safetensors --transpose-b --format-a MXFP8_E4M3 --format-b "
      "MXFP4_E2M1 \\\n    --accumulator blackwell_mxf8f6f4 -o c.safetensors\n"
      "  mxemu matmul x.npy w.npy --format-a E4M3 --format-b E4M3 --accumulator hopper_fp8 --compare exact "
      "--explain worst\n"
      "  mxemu matmul x.npy w.npy --format-a E4M3 --format-b E4M3 --accumulator hopper_fp8 --got kernel.npy "
      "--compare all\n"
      "  mxemu matmul x.npy w.npy --format-a bf16 --format-b bf16 --accumulator exact --alpha 1/3 --c c.npy "
      "--beta -0.5 -o d.npy\n"
      "A is M x K, B is K x N. Tensors that `mxemu quantize` wrote keep their format; their blocks lie along "
      "K.\n"
      "Cells differ when their bits do, except that a NaN is a NaN; beside --got it must be the one that "
      "the\n"
      "accumulator states, if it states one. Exit status: 0 done; 1 what --got holds is not the "
      "accumulator's\n"
      "product; 2 bad input.");
  command->add_option("A", options->a.path, "M x K: .safetensors, .npy, .gguf");
  command->add_option("B", options->b.path, "K x N: .safetensors, .npy, .gguf");
  add_operand_flags(*command, *options);
  add_sum_flags(*command, *options);
  add_result_flags(*command, *options);
  command->callback([options, &status] {
    if (options->list) {
      print_accumulators(std::cout);
      status = 0;
      return;
    }
    check_flags(*options);
    status = run_matmul(*options);
  });
}

}  // namespace mxemu::cli
