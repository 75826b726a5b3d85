// float32 to MXFP4 (E2M1, one E8M0 scale for K numbers): scale rule floor, roundTiesToEven, saturating; MX 6.3.
//
//   in_numbers  --> [ amax ] --> [ scale, align ] --> [ round ] -->  out_scale, out_codes
//
// Three pipeline stages, a block a clock. A transfer happens at a rising edge with valid and ready both high. An output
// that is valid stays as it is until it is taken. in_ready depends on out_ready in the same clock.
//
//   amax     the largest biased exponent: all that the floor rule asks about the largest magnitude of a block
//   scale    2^(exponent - emax); below 2^-127 it is clamped. A NaN or an Inf, which have the biased exponent 255, make
//            the scale NaN (0xff) and every code 0; a block of zeros has the scale 0x00
//   align    each significand is shifted to the fixed point of the scaled number, which is below 8; what falls out on
//            the right is kept as one sticky bit
//   round    to the nearest code, ties to the even one; 6 is the largest. The sign of zero is kept
//
// The data registers have no reset: nothing looks at them before valid says so.
`default_nettype none

`ifndef MXFP4_QUANTIZER_BUG
`define MXFP4_QUANTIZER_BUG None
`endif

module mxfp4_quantizer #(
    parameter int K = 32
) (
    input  wire               clk,
    input  wire               rst_n,       // asynchronous, active low

    input  wire               in_valid,
    output logic              in_ready,
    input  wire [K-1:0][31:0] in_numbers,  // float32; number i at bits 32*i +: 32

    output logic              out_valid,
    input  wire               out_ready,
    output logic [7:0]        out_scale,   // E8M0
    output logic [K-1:0][3:0] out_codes    // E2M1; code i at bits 4*i +: 4
);

  // Bugs to plant, for tests that show that they are found.
  typedef enum logic [2:0] {None, TiesAway, NoSticky, NoStall, NoReset} bug_e;
  localparam logic [2:0] Bug = `MXFP4_QUANTIZER_BUG;

  localparam logic [7:0] Emax = 8'd2;  // of E2M1
  localparam logic [7:0] NanScale = 8'hff;

  // A number over its scale, in fixed point: bits of weight 4, 2, 1, 1/2, 1/4, and whether anything lies below.
  typedef struct packed {
    logic       sign;
    logic [4:0] quarters;
    logic       sticky;
  } scaled_t;

  // ---- handshake: a stage takes a block when it is empty or hands its own on ----

  logic valid_0, valid_1, valid_2;
  logic take_0, take_1, take_2;

  assign take_2 = !valid_2 || out_ready || Bug == NoStall;
  assign take_1 = !valid_1 || take_2;
  assign take_0 = !valid_0 || take_1;

  assign in_ready  = take_0;
  assign out_valid = valid_2;

  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      valid_0 <= 1'b0;
      valid_2 <= 1'b0;
      if (Bug != NoReset) valid_1 <= 1'b0;
    end else begin
      if (take_0) valid_0 <= in_valid;
      if (take_1) valid_1 <= valid_0;
      if (take_2) valid_2 <= valid_1;
    end

  // ---- stage 0: amax ----

  function automatic logic [7:0] largest_exponent(input logic [K-1:0][31:0] numbers);
    logic [7:0] exponent;
    largest_exponent = '0;
    for (int i = 0; i < K; i++) begin
      exponent = 8'(numbers[i] >> 23);  // without the sign
      if (exponent > largest_exponent) largest_exponent = exponent;
    end
  endfunction

  logic [K-1:0][31:0] numbers_0;
  logic [7:0]         amax_exponent_0;

  always_ff @(posedge clk)
    if (take_0 && in_valid) begin
      numbers_0       <= in_numbers;
      amax_exponent_0 <= largest_exponent(in_numbers);
    end

  // ---- stage 1: scale, align ----

  function automatic logic [7:0] shared_scale(input logic [7:0] amax_exponent);
    if (amax_exponent == 8'hff) return NanScale;
    return amax_exponent > Emax ? amax_exponent - Emax : '0;
  endfunction

  // A number over a scale that makes it less than 8. Subnormal numbers have the exponent of the smallest normal ones.
  function automatic scaled_t align(input logic [31:0] number, input logic [7:0] scale);
    logic        is_normal;
    logic [7:0]  exponent;
    logic [7:0]  distance;
    logic [23:0] significand;
    logic [23:0] shifted;
    logic [23:0] lost;
    is_normal   = number[30:23] != '0;
    exponent    = is_normal ? number[30:23] : 8'd1;
    significand = {is_normal, number[22:0]};
    distance    = scale + Emax - exponent;  // 0 in the binade of 4
    shifted     = significand >> distance;
    lost        = significand & ~(~24'd0 << distance);
    align.sign     = number[31];
    align.quarters = shifted[23:19];
    align.sticky   = |shifted[18:0] || (|lost && Bug != NoSticky);
  endfunction

  logic    [7:0]   scale_0, scale_1;
  scaled_t [K-1:0] scaled_1;

  assign scale_0 = shared_scale(amax_exponent_0);

  always_ff @(posedge clk)
    if (take_1 && valid_0) begin
      scale_1 <= scale_0;
      for (int i = 0; i < K; i++) scaled_1[i] <= align(numbers_0[i], scale_0);
    end

  // ---- stage 2: round ----

  // Codes without their sign are in the order of their numbers, so the next one is one more.
  function automatic logic [3:0] round(input scaled_t scaled);
    logic [2:0] code;  // of the number at or below
    logic       half;  // what is left is at least half of the way to the next
    logic       more;  // and not exactly half
    if (scaled.quarters[4]) begin           // 4, 6
      code = {2'b11, scaled.quarters[3]};
      half = scaled.quarters[2];
      more = |scaled.quarters[1:0] || scaled.sticky;
    end else if (scaled.quarters[3]) begin  // 2, 3
      code = {2'b10, scaled.quarters[2]};
      half = scaled.quarters[1];
      more = scaled.quarters[0] || scaled.sticky;
    end else begin                          // 0, 0.5, 1, 1.5
      code = {1'b0, scaled.quarters[2:1]};
      half = scaled.quarters[0];
      more = scaled.sticky;
    end
    if (half && (more || code[0] || Bug == TiesAway) && code != 3'b111) code += 3'd1;
    return {scaled.sign, code};
  endfunction

  always_ff @(posedge clk)
    if (take_2 && valid_1) begin
      out_scale <= scale_1;
      for (int i = 0; i < K; i++) out_codes[i] <= scale_1 == NanScale ? '0 : round(scaled_1[i]);
    end

endmodule

`default_nettype wire
