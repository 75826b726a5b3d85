// A test bench for mxfp4_quantizer that knows no MX: it makes numbers, watches the handshakes, and has the golden model
// judge every block.
//
// It wants a clock and says when it is done, so that every simulator can run it: Verilator from mxfp4_quantizer_tb.cpp, any
// other from the module with the clock at the end of this file. A failure ends it with $fatal.
`default_nettype none

// One process owns all of the bench's variables, so it may assign to them as a program does, and reads its own reset.
// verilator lint_off BLKSEQ
// verilator lint_off SYNCASYNCNET

module mxfp4_quantizer_tb #(
    parameter int K = 32,
    parameter int unsigned RandomBlocks = 3000
) (
    input  wire  logic clk,
    output logic       done
);
  import mxemu_pkg::*;

  typedef logic [K-1:0][31:0] block_t;

  localparam int unsigned Latency = 3;  // clocks from a transfer in to the transfer out, when nothing stalls
  localparam int unsigned ResetClocks = 4;
  localparam int unsigned Resets = 10;  // while blocks are under way
  localparam int unsigned DirectedBlocks = 11;
  localparam int unsigned StreamedBlocks = 200;
  localparam int unsigned LongestIdle = 1000;  // clocks without a transfer before the design is said to hang

  // ---- the design ----

  logic              rst_n = 1'b0;
  logic              in_valid = 1'b0;
  logic              in_ready;
  block_t            in_numbers = '0;
  logic              out_valid;
  logic              out_ready = 1'b1;
  logic [7:0]        out_scale;
  logic [K-1:0][3:0] out_codes;

  mxfp4_quantizer #(.K(K)) dut (.*);

  // ---- numbers ----

  // A float32 at or somewhat below a biased exponent: any, near it, on a tie of E2M1 or next to one, any bits at all.
  function automatic logic [31:0] random_number(input int unsigned kind, input int unsigned exponent);
    logic [31:0] number;
    int unsigned below;
    number = $urandom;
    if (kind == 3) return number;
    below = kind == 1 ? $urandom_range(1) : $urandom_range(7);
    number[30:23] = exponent > below ? 8'(exponent - below) : 8'd0;
    if (kind == 2)
      case ($urandom_range(3))
        0: number[19:0] = '0;
        1: number[19:0] = 20'd1;
        2: number[19:0] = '1;
        default: number[18:0] = '0;
      endcase
    return number;
  endfunction

  function automatic block_t random_block(input int unsigned index);
    int unsigned exponent;
    exponent = index % 5 == 0 ? $urandom_range(5) : $urandom_range(254);  // 0 to 5: the smallest scales
    for (int unsigned i = 0; i < K; i++) random_block[i] = random_number(index % 4, exponent);
    if (index % 16 == 7) random_block[$urandom_range(K - 1)] = 32'h7f800000;
    if (index % 16 == 11) random_block[$urandom_range(K - 1)] = 32'h7f800001 | $urandom;
  endfunction

  function automatic logic [31:0] directed_number(input int unsigned index, input int unsigned i);
    case (index)
      0: return 32'h00000000;                                          // a block of zeros
      1: return 32'h80000000;                                          // of -0
      2: return 32'h00000001;                                          // of the smallest float32
      3: return 32'h007fffff << i % 3;                                 // subnormal float32 and the next binades
      4: return 32'h7f7fffff;                                          // the largest float32
      5: return 32'h40c00000 + (i % 16 << 17);                         // 6 and above
      6: return 32'h3e000000 + (i % 32 << 20);                         // 0.125 and up, an eighth of a binade a step
      7: return i == 0 ? 32'h40800000 : 32'h3e800001 - i % 3;          // 0.25 under the scale 1, a tie, and its neighbours
      8: return i == 0 ? 32'h40800000 : 32'hbf400001 - i % 3;          // -0.75, between subnormal and normal
      9: return i == 0 ? 32'h7fc00000 : 32'h3f800000;                  // a NaN in the first lane
      default: return i == K - 1 ? 32'hff800000 : 32'h3f800000;        // -Inf in the last
    endcase
  endfunction

  function automatic block_t make_block(input int unsigned index);
    if (index >= DirectedBlocks) return random_block(index);
    for (int unsigned i = 0; i < K; i++) make_block[i] = directed_number(index, i);
  endfunction

  // ---- the bench: what happens at a rising edge, from the values before it ----

  typedef enum int unsigned {
    Alone,   // the next block when the last one is out: latency
    Stream,  // a block a clock, no stalls: throughput
    Random,  // stalls on both sides, resets on the way
    Drain
  } phase_e;

  typedef struct packed {
    block_t      numbers;
    int unsigned clock;
    logic        alone;
  } sent_t;

  chandle      request;
  phase_e      phase = Alone;
  int unsigned clock = 0;
  int unsigned reset_left = ResetClocks;
  int unsigned next_reset = RandomBlocks / Resets;
  int unsigned made = 0;      // blocks, directed and then random
  int unsigned in_phase = 0;  // blocks sent in this phase
  int unsigned judged = 0;
  int unsigned idle = 0;
  sent_t       waiting[$];    // sent and not yet answered

  bit                stalled = 1'b0;  // an output was not taken at the last edge
  logic [7:0]        stalled_scale;
  logic [K-1:0][3:0] stalled_codes;

  initial begin
    done    = 1'b0;
    request = make_request("MXFP4_E2M1", $sformatf("scale_rule=floor rounding=nearest_even block_size=%0d", K));
  end

  final free_request(request);

  task automatic fail(input string sentence);
    $fatal(1, "mxfp4_quantizer_tb: clock %0d, after %0d blocks: %s", clock, judged, sentence);
  endtask

  task automatic judge_output();
    sent_t block;
    int unsigned latency;
    if (waiting.size() == 0) fail("an output without an input");
    block = waiting.pop_front();
    latency = clock - block.clock;
    if (latency < Latency || (block.alone && latency != Latency))
      fail($sformatf("a latency of %0d clocks instead of %0d", latency, Latency));
    if (!judge_block(request, K, numbers_t'(block.numbers), out_scale, codes_t'(out_codes)))
      fail({"not what MX says\n", explanation(request)});
    judged++;
  endtask

  task automatic watch();
    if ($isunknown(in_ready) || $isunknown(out_valid)) fail("X or Z on in_ready or out_valid");
    if (stalled && !out_valid) fail("out_valid fell before out_ready came");
    if (stalled && {out_scale, out_codes} !== {stalled_scale, stalled_codes}) fail("the output changed while it waited");
    if (phase == Stream && !in_ready) fail("in_ready fell although nothing stalls");
    stalled       = out_valid && !out_ready;
    stalled_scale = out_scale;
    stalled_codes = out_codes;
    if (out_valid && out_ready) judge_output();
    if (in_valid && in_ready) begin
      waiting.push_back(sent_t'{numbers: in_numbers, clock: clock, alone: phase == Alone});
      in_phase++;
    end
    idle = (in_valid && in_ready) || (out_valid && out_ready) ? 0 : idle + 1;
    if (idle > LongestIdle) fail("no transfer for a long time");
  endtask

  task automatic enter(input phase_e next);
    phase    = next;
    in_phase = 0;
  endtask

  task automatic choose_phase();
    if (phase == Alone && in_phase == DirectedBlocks && waiting.size() == 0) enter(Stream);
    if (phase == Stream && in_phase == StreamedBlocks) enter(Random);
    if (phase == Random && in_phase == RandomBlocks) enter(Drain);
    if (phase == Random && in_phase >= next_reset) begin
      next_reset += RandomBlocks / Resets;
      reset_left = ResetClocks;
    end
  endtask

  function automatic bit wants_to_send();
    case (phase)
      Alone: return waiting.size() == 0 && in_phase < DirectedBlocks;
      Stream: return 1'b1;
      Random: return $urandom_range(2) != 0;
      default: return 1'b0;
    endcase
  endfunction

  // Nonblocking: the design sees it after this edge. What is offered stays until it is taken.
  task automatic drive();
    bit send;
    rst_n     <= 1'b1;
    out_ready <= phase != Random || $urandom_range(2) != 0;
    if (in_valid && !in_ready) return;
    send = wants_to_send();
    in_valid   <= send;
    in_numbers <= send ? make_block(made) : {K{$urandom}};  // nothing may depend on numbers that are not valid
    if (send) made++;
  endtask

  task automatic hold_in_reset();
    if (!rst_n && reset_left < ResetClocks && out_valid !== 1'b0) fail("out_valid under reset");
    rst_n    <= 1'b0;
    in_valid <= 1'b0;
    stalled  = 1'b0;
    waiting.delete();
    reset_left--;
  endtask

  // What a converter cannot be trusted without.
  task automatic check_coverage();
    string cells[16] = '{"tie_even_below", "tie_even_above", "sticky_only", "carry_to_next_binade", "saturation",
                         "subnormal_element", "subnormal_boundary", "underflow_to_zero", "scale_clamp_low",
                         "lowest_scale", "nan_scale", "zero_block", "negative_zero", "nan", "infinity",
                         "subnormal_source"};
    foreach (cells[i]) if (coverage(request, cells[i]) == 0) fail({"never hit: ", cells[i]});
  endtask

  always @(posedge clk) begin
    clock++;
    if (rst_n && reset_left == 0) watch();
    choose_phase();
    if (reset_left != 0) hold_in_reset();
    else drive();
    if (phase == Drain && !in_valid && waiting.size() == 0 && !done) begin
      check_coverage();
      $display("mxfp4_quantizer_tb: PASSED, %0d blocks judged\n%s", judged, coverage_text(request));
      done <= 1'b1;
    end
  end

endmodule

`ifndef VERILATOR
// For simulators with events: the clock.
module mxfp4_quantizer_tb_top;
  timeunit 1ns; timeprecision 1ps;
  logic clk = 1'b0;
  logic done;
  mxfp4_quantizer_tb tb (.*);
  always #5 clk = !clk;
  always @(posedge done) $finish;
endmodule
`endif

`default_nettype wire
