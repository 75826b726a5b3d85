// The clock of mxfp4_quantizer_tb.sv under Verilator. Arguments such as +verilator+seed+2 are Verilator's.
#include <cstdio>
#include <memory>

#include "Vmxfp4_quantizer_tb.h"
#include "verilated.h"

int main(int argc, char** argv) {
  constexpr long most_clocks = 1'000'000;
  const auto context = std::make_unique<VerilatedContext>();
  context->commandArgs(argc, argv);
  const auto bench = std::make_unique<Vmxfp4_quantizer_tb>(context.get());
  for (long clock = 0; clock < most_clocks && !context->gotFinish(); ++clock) {
    for (const unsigned char level : {0, 1}) {
      bench->clk = level;
      bench->eval();
      context->timeInc(1);
    }
    if (bench->done) {
      bench->final();
      return 0;
    }
  }
  std::fputs("mxfp4_quantizer_tb: not done after a million clocks\n", stderr);
  return 1;
}
