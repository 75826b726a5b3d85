// A test bench without DPI, for a simulator that reads memories and knows all four states: golden vectors in, and an answer
// that differs, or has an X in a bit that matters, is a failure.
//
//   mxemu vectors export conformance/vectors/ocp/quantize_MXFP4_E2M1_f32.jsonl --memh mem
//   iverilog -g2012 -o bench mxfp4_quantizer.sv mxfp4_quantizer_memh_tb.sv
//   vvp bench +inputs=mem/quantize_MXFP4_E2M1_f32.inputs.memh +expected=mem/quantize_MXFP4_E2M1_f32.expected.memh
module mxfp4_quantizer_memh_tb;
  localparam int K = 32;
  localparam int MostWords = 65536;

  // The layout that the README.md beside the memories states.
  reg [8+32*K-1:0] inputs   [0:MostWords-1];  // count of numbers, numbers
  reg [8+4*K-1:0]  expected [0:MostWords-1];  // scale, codes; x where any value will do

  reg                clk = 1'b0;
  reg                rst_n = 1'b0;
  reg                in_valid = 1'b0;
  wire               in_ready;
  reg [K-1:0][31:0]  in_numbers;
  wire               out_valid;
  reg                out_ready = 1'b0;
  wire [7:0]         out_scale;
  wire [K-1:0][3:0]  out_codes;

  mxfp4_quantizer #(.K(K)) dut (
      .clk(clk), .rst_n(rst_n), .in_valid(in_valid), .in_ready(in_ready), .in_numbers(in_numbers),
      .out_valid(out_valid), .out_ready(out_ready), .out_scale(out_scale), .out_codes(out_codes));

  reg [8*256-1:0] inputs_file, expected_file;
  integer words, sent = 0, judged = 0, failed = 0, idle = 0;

  initial begin
    if (!$value$plusargs("inputs=%s", inputs_file) || !$value$plusargs("expected=%s", expected_file)) begin
      $display("mxfp4_quantizer_memh_tb: wants +inputs=FILE and +expected=FILE");
      $finish;
    end
    $readmemh(inputs_file, inputs);
    $readmemh(expected_file, expected);
    words = 0;
    while (words < MostWords && inputs[words][0] !== 1'bx) words = words + 1;
    repeat (4) @(posedge clk);
    rst_n <= 1'b1;
  end

  always #5 clk = !clk;

  task judge(input integer word);
    if (({out_scale, out_codes} ==? expected[word]) !== 1'b1) begin
      failed = failed + 1;
      $display("FAILED word %0d\n  expected  %h\n  got       %h", word, expected[word], {out_scale, out_codes});
    end
  endtask

  always @(posedge clk)
    if (rst_n) begin
      if ((^{in_ready, out_valid}) === 1'bx) begin
        failed = failed + 1;
        $display("FAILED: X on in_ready or out_valid");
      end
      idle = out_valid && out_ready ? 0 : idle + 1;
      if (out_valid && out_ready) begin
        judge(judged);
        judged = judged + 1;
      end
      out_ready <= $random;
      if (!in_valid || in_ready) begin
        in_valid   <= sent < words;
        in_numbers <= sent < words ? inputs[sent][32*K-1:0] : {32*K{1'bx}};
        if (sent < words) sent = sent + 1;
      end
      if (judged == words || idle == 1000 || failed > 10) begin
        $display("mxfp4_quantizer_memh_tb: %s, %0d of %0d words judged, %0d failed",
                 failed == 0 && words > 0 && judged == words ? "PASSED" : "FAILED", judged, words, failed);
        $finish;
      end
    end

endmodule
