// The verilated mxfp4_quantizer behind a pipe: conformance/PROTOCOL.md. To put a converter of your own before
// the suite, change what is marked "yours".
//
//   mxemu check --subject process:./mxfp4_device
//
// Every clock, valid and ready are drawn by chance, and as many blocks are under way as the suite has
// written, so that the suite's cases go through stalls and a full pipeline. Verilator's arguments, such as
// +verilator+seed+2, are passed on.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "Vmxfp4_quantizer.h"  // yours
#include "verilated.h"

namespace {

using Model = Vmxfp4_quantizer;                                                                 // yours
constexpr std::size_t lanes = 32;                                                               // yours
constexpr char declaration[] = "device mxfp4_quantizer\ncan quantize MXFP4_E2M1 f32\nready\n";  // yours
constexpr char request[] = "quantize MXFP4_E2M1 f32 floor nearest_even - ";                     // yours
constexpr long longest_idle = 10'000;  // clocks without an answer before the design is said to hang

/// What is owed to the suite, in the order of its lines: an answer of so many elements, or "unsupported".
struct Debt {
  bool supported;
  std::size_t elements;
};

using Numbers = std::vector<std::uint32_t>;

class Bench {
 public:
  explicit Bench(VerilatedContext& context) : context_(context), model_(std::make_unique<Model>(&context)) {
    model_->clk = 0;
    model_->rst_n = 0;
    model_->in_valid = 0;
    model_->out_ready = 0;
    for (int i = 0; i < 4; ++i) clock();
    model_->rst_n = 1;
  }

  void send(const Numbers& numbers) {
    waiting_.push_back(numbers);
    debts_.push_back({true, numbers.size()});
  }
  void refuse() { debts_.push_back({false, 0}); }

  bool owes() const { return !debts_.empty(); }

  /// One clock with new valid and ready, and what it completes. False when the design hangs.
  bool step() {
    while (owes() && !debts_.front().supported) {
      std::puts("unsupported");
      debts_.pop_front();
    }
    if (!model_->in_valid && !waiting_.empty() && coin()) offer(waiting_.front());
    model_->out_ready = coin();
    model_->eval();  // in_ready follows from out_ready in the same clock
    const bool taken = model_->in_valid && model_->in_ready;
    if (model_->out_valid && model_->out_ready) {
      if (!owes()) return complain("an output without an input");
      answer(debts_.front().elements);
      debts_.pop_front();
      idle_ = 0;
    }
    clock();
    if (taken) {
      waiting_.pop_front();
      model_->in_valid = 0;
    }
    idle_ = owes() ? idle_ + 1 : 0;
    return idle_ < longest_idle || complain("no answer after 10000 clocks");
  }

 private:
  bool coin() { return (random_() & 1) != 0; }

  static bool complain(const char* sentence) {
    std::fprintf(stderr, "mxfp4_device: %s\n", sentence);
    return false;
  }

  void clock() {
    for (const unsigned char level : {1, 0}) {
      model_->clk = level;
      model_->eval();
      context_.timeInc(1);
    }
  }

  /// The numbers of a block; +0 in the lanes beyond a short one (MX 6.2).
  void offer(const Numbers& numbers) {  // yours
    model_->in_valid = 1;
    for (std::size_t i = 0; i < lanes; ++i) model_->in_numbers[i] = i < numbers.size() ? numbers[i] : 0;
  }

  void answer(std::size_t elements) {  // yours
    std::printf("%02x", static_cast<unsigned>(model_->out_scale));
    for (std::size_t i = 0; i < elements; ++i)
      std::printf(" %x", static_cast<unsigned>(model_->out_codes[i / 8] >> 4 * (i % 8) & 0xf));
    std::printf("\n");
  }

  VerilatedContext& context_;
  std::unique_ptr<Model> model_;
  std::mt19937 random_{1};
  std::deque<Numbers> waiting_;  // not yet taken
  std::deque<Debt> debts_;
  long idle_ = 0;
};

/// The numbers of a line of our one request; none where it is another.
Numbers parse(const std::string& line) {
  Numbers numbers;
  if (line.rfind(request, 0) != 0) return numbers;
  std::istringstream words(line.substr(sizeof request - 1));
  for (std::string word; words >> word;)
    numbers.push_back(static_cast<std::uint32_t>(std::strtoul(word.c_str(), nullptr, 16)));
  if (numbers.size() > lanes) numbers.clear();
  return numbers;
}

void take_line(const std::string& line, Bench& bench) {
  if (line.rfind("mxemu ", 0) == 0) {
    std::fputs(declaration, stdout);
    std::fflush(stdout);
    return;
  }
  const Numbers numbers = parse(line);
  if (numbers.empty())
    bench.refuse();
  else
    bench.send(numbers);
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);  // so that in_avail() says what has come
  VerilatedContext context;
  context.commandArgs(argc, argv);
  Bench bench(context);
  for (std::string line;;) {
    // Waits for a line only when nothing is under way.
    if (!bench.owes()) {
      std::fflush(stdout);
      if (!std::getline(std::cin, line)) return 0;
      take_line(line, bench);
    }
    while (std::cin.rdbuf()->in_avail() > 0 && std::getline(std::cin, line)) take_line(line, bench);
    if (!bench.step()) return 1;
  }
}
