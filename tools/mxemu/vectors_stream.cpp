// mxemu vectors stream and judge: the two ends of a pipe with a device in the middle.
#include <cstdio>
#include <memory>

#include "conformance/device/batch_talk.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/vectors/case_lines.hpp"
#include "conformance/vectors/dot_lines.hpp"
#include "conformance/verdict/check_words.hpp"
#include "tools/mxemu/accumulator_list.hpp"
#include "tools/mxemu/pipe_judge.hpp"
#include "tools/mxemu/vectors.hpp"

namespace mxemu::cli {
namespace {

namespace vectors = conformance::vectors;
using conformance::Cases;
using conformance::Operation;

struct StreamOptions {
  std::string format;
  std::string operation;
  bool no_greeting = false;
  CaseOptions cases;
  DotOptions dots;

  bool of_dots() const { return operation == conformance::dot_operation; }
  void add_flags(CLI::App& command) {
    command.add_option("--format", format, "an MX format, or all");
    command.add_option("--operation", operation, known_words<Operation>() + ", all of these; or dot");
    cases.add_flags(command);
    dots.add_flags(command, "block_exact");
  }
};

struct JudgeOptions {
  StreamOptions stream;
  std::string cases_file;
  std::string trust = "reference";
  std::size_t show = 3;
  bool json_output = false;
};

std::vector<Operation> parse_operations(const std::string& text) {
  if (text == "all")
    return {std::begin(conformance::block_operations), std::end(conformance::block_operations)};
  const auto operation = parse_flag<Operation>("--operation", text);
  if (is_tensor(operation))
    throw BadInput("--operation: vectors are of blocks, and " + text + " is of tensors");
  return {operation};
}

/// Hands over the batches that the flags name, in the order of the stream.
void for_each_batch(const StreamOptions& options, const vectors::TakeBatch& take) {
  if (options.format.empty() || options.operation.empty())
    throw BadInput("--format and --operation say which cases; `mxemu vectors --help` shows an example");
  for (const spec::BlockType format : parse_formats(options.format))
    for (const Operation operation : parse_operations(options.operation))
      vectors::for_each_batch({.operation = operation,
                               .request = options.cases.conversion.request(format),
                               .type = parse_float_type(options.cases.dtype),
                               .level = options.cases.parsed_level(),
                               .seed = options.cases.seed,
                               .random_cases = options.cases.parsed_random_cases()},
                              take);
}

void write_out(std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw BadInput("writing to standard output failed");
  text.clear();
}

/// The accumulator of --accumulator, of which a stream of dot products has one.
const spec::Accumulator& dot_row(const StreamOptions& options) {
  if (!options.format.empty())
    throw BadInput("--format is of conversions; --operands names the pair of a dot product");
  return spec::row_of(parse_accumulator_flag("--accumulator", options.dots.accumulator));
}

void for_each_dot_batch(const StreamOptions& options,
                        const std::function<void(const vectors::DotBatch&)>& take) {
  vectors::for_each_dot_batch(options.dots.recipe(dot_row(options), options.cases), take);
}

void stream(const StreamOptions& options) {
  std::string text =
      options.no_greeting ? "" : "mxemu " + std::to_string(conformance::protocol_version) + "\n";
  if (options.of_dots()) {
    for_each_dot_batch(options, [&](const vectors::DotBatch& batch) {
      conformance::DotAnswers none;
      const conformance::DotTalk talk(batch.cases, none);
      for (std::size_t index = 0; index < talk.count(); ++index) talk.append(index, text);
      write_out(text);
    });
  } else {
    for_each_batch(options, [&](const vectors::Batch& batch) {
      const conformance::CaseWriter writer(batch.cases);
      for (std::size_t index = 0; index < batch.notes.size(); ++index) writer.append(index, text);
      write_out(text);
    });
  }
  write_out(text);
  if (std::fflush(stdout) != 0) throw BadInput("writing to standard output failed");
}

vectors::Verdict judge_conversions(const JudgeOptions& options) {
  PipeJudge pipe(options.show, options.trust);
  if (options.cases_file.empty()) {
    std::size_t line = 1;
    for_each_batch(options.stream, [&](const vectors::Batch& batch) {
      pipe.take(batch.cases, line);
      line += batch.notes.size();
    });
  } else {
    vectors::read_case_lines(options.cases_file, read_text(options.cases_file),
                             [&](const Cases& cases, std::size_t line) { pipe.take(cases, line); });
  }
  return pipe.finish();
}

vectors::Verdict judge_dots(const JudgeOptions& options) {
  PipeJudge pipe(options.show, options.trust);
  const spec::Accumulator& row = dot_row(options.stream);
  if (options.cases_file.empty()) {
    std::size_t line = 1;
    for_each_dot_batch(options.stream, [&](const vectors::DotBatch& batch) {
      pipe.take(row, batch.cases, line);
      line += batch.cases.count();
    });
    return pipe.finish();
  }
  vectors::read_dot_lines(options.cases_file, read_text(options.cases_file),
                          [&](const conformance::DotCases& one, std::size_t line) {
                            if (!conformance::accepts(row, one.pair(), one.block_size))
                              throw BadInput(options.cases_file + ": line " + std::to_string(line) +
                                             ": the accumulator " + row.name + " does not sum " +
                                             describe(one.pair()));
                            pipe.take(row, one, line);
                          });
  return pipe.finish();
}

int judge(const JudgeOptions& options) {
  return report_verdict(options.stream.of_dots() ? judge_dots(options) : judge_conversions(options),
                        "standard input", options.json_output);
}

}  // namespace

void add_vectors_stream(CLI::App& vectors) {
  auto options = std::make_shared<StreamOptions>();
  CLI::App* command = vectors.add_subcommand(
      "stream", "Write cases to standard output, in the lines of conformance/PROTOCOL.md");
  command->footer(
      "Example:\n  mxemu vectors stream --format MXFP4_E2M1 --operation quantize | ./dut |\n"
      "    mxemu vectors judge --format MXFP4_E2M1 --operation quantize\n"
      "  mxemu vectors stream --operation dot --operands MXFP8_E4M3,MXFP4_E2M1,f32");
  options->add_flags(*command);
  command->add_flag("--no-greeting", options->no_greeting, "leave out the first line, \"mxemu 1\"");
  command->callback([options] { stream(*options); });
}

void add_vectors_judge(CLI::App& vectors, int& status) {
  auto options = std::make_shared<JudgeOptions>();
  CLI::App* command = vectors.add_subcommand(
      "judge", "Judge a device's answers on standard input to the cases that `stream` wrote");
  command->footer(
      "Example:\n  mxemu vectors stream --format MXFP4_E2M1 --operation quantize | ./dut |\n"
      "    mxemu vectors judge --format MXFP4_E2M1 --operation quantize\n"
      "The flags are those of `stream`, or --cases names a file of its lines. A declaration before the\n"
      "answers is passed over. Exit status: 0 passed, 1 failed, 2 answers that are none, 3 nothing judged.");
  options->stream.add_flags(*command);
  command->add_option("--cases", options->cases_file, "a file of the lines that the device answered");
  command
      ->add_option("--first", options->trust,
                   "what is compared first: reference, or fast, which equals it and is faster; the reference "
                   "has the last word on every difference")
      ->capture_default_str()
      ->check(CLI::IsMember({"reference", "fast"}));
  command->add_option("--show", options->show, "failing cases to explain")->capture_default_str();
  command->add_flag("--json", options->json_output, "print JSON");
  command->callback([options, &status] { status = judge(*options); });
}

}  // namespace mxemu::cli
