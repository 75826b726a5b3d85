// The suite's side of the line protocol: element cases per second written, read, and through a pipe. The
// number after the name is the elements of a case: one, the worst, or a block.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/request_text.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t elements_per_batch = 1 << 18;

Cases make_cases(Operation operation, std::size_t elements) {
  Cases cases = {
      .operation = operation,
      .request = spec::make_request(spec::BlockType::MXFP8_E4M3),
      .elements = elements,
      .numbers = Numbers(spec::FloatType::Float32, takes_numbers(operation) ? elements_per_batch : 0)};
  std::mt19937 random(1);
  for (auto& byte : cases.numbers.bytes()) byte = static_cast<std::byte>(random());
  if (takes_codes(operation)) {
    cases.codes.resize(elements_per_batch);
    for (auto& code : cases.codes) code = static_cast<std::uint8_t>(random());
  }
  return cases;
}

std::string answer_line(Operation operation, std::size_t elements) {
  std::string line;
  for (std::size_t i = 0; i < elements; ++i) line += operation == Operation::Encode ? "7e " : "3f800000 ";
  line.pop_back();
  return line;
}

void count_elements(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(elements_per_batch) * state.iterations());
}

void write_lines(benchmark::State& state, Operation operation) {
  const Cases cases = make_cases(operation, static_cast<std::size_t>(state.range(0)));
  const CaseWriter writer(cases);
  std::string text;
  for (auto _ : state)
    for (std::size_t i = 0; i < cases.count(); ++i) {
      if (text.size() > 1 << 16) text.clear();
      writer.append(i, text);
      benchmark::DoNotOptimize(text.data());
    }
  count_elements(state);
}

void parse_lines(benchmark::State& state, Operation operation) {
  const Cases cases = make_cases(operation, static_cast<std::size_t>(state.range(0)));
  const std::string line = answer_line(operation, cases.elements);
  const AnswerParser parser(cases);
  Answers answers = make_answers(cases);
  for (auto _ : state)
    for (std::size_t i = 0; i < cases.count(); ++i)
      if (!parser.parse(line, i, answers).empty()) state.SkipWithError("the line is no answer");
  count_elements(state);
}

/// Wall time: both processes, and the pipe between them.
void exchange(benchmark::State& state, Operation operation) {
  const Cases cases = make_cases(operation, static_cast<std::size_t>(state.range(0)));
  const std::string command = std::string("process:" RESPONDER " ") + spec::name_of(operation) + " '" +
                              answer_line(operation, cases.elements) + "'";
  const auto subject = make_subject(command);
  for (auto _ : state) benchmark::DoNotOptimize(subject->answer(cases));
  count_elements(state);
}

void register_all() {
  for (const Operation operation : {Operation::Encode, Operation::Decode}) {
    const std::string name = spec::name_of(operation);
    const auto with_sizes = [](benchmark::internal::Benchmark* bench) { bench->Arg(1)->Arg(32); };
    with_sizes(benchmark::RegisterBenchmark(("write/" + name).c_str(), write_lines, operation));
    with_sizes(benchmark::RegisterBenchmark(("parse/" + name).c_str(), parse_lines, operation));
    with_sizes(
        benchmark::RegisterBenchmark(("through_a_pipe/" + name).c_str(), exchange, operation)->UseRealTime());
  }
}

}  // namespace
}  // namespace mxemu::conformance

int main(int argc, char** argv) {
  mxemu::conformance::register_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
