// mxemu_pkg: the golden model of the OCP Microscaling (MX) formats, for test benches.
//
//   chandle mx = mxemu_pkg::make_request("MXFP4_E2M1");
//   mxemu_pkg::quantize_block(mx, 32, mxemu_pkg::numbers_t'(numbers), scale, codes);
//
// Compile this file before what imports it and load libmxemu_dpi.so the way your simulator loads DPI libraries
// (conformance/README.md). A mistake in a call (an unknown word, a block of more numbers than its size) ends the
// simulation with $fatal and one sentence.
//
// Vectors are lanes without gaps. Number i of a block stands at bits W*i +: W, where W is the width of the request's type:
// 32 unless the options say otherwise. Code i stands at bits w*i +: w, where w is the width of an element: 4, 6 or 8. A
// packed array `logic [K-1:0][W-1:0]` is such a vector; cast it to numbers_t or codes_t, which are as wide as the widest.
// Scales are E8M0 bytes: 0x7f is 1, 0xff is NaN. `count` numbers are a block, or the short block at the end of a line.
`ifndef MXEMU_LANES
`define MXEMU_LANES 32  // of the vectors; more for larger blocks than those of the standard
`endif

package mxemu_pkg;

  localparam int unsigned Lanes = `MXEMU_LANES;

  typedef logic [64*Lanes-1:0] numbers_t;
  typedef logic [8*Lanes-1:0]  codes_t;
  typedef bit   [32*Lanes-1:0] random_words_t;

  // Names that begin with dpi_ are for the functions below: those of mxemu_dpi.h, whose arguments have two states.
  typedef bit [64*Lanes-1:0] numbers_bits_t;
  typedef bit [8*Lanes-1:0]  codes_bits_t;

  import "DPI-C" mxemu_dpi_last_error = function string dpi_last_error();
  import "DPI-C" mxemu_dpi_make_request = function chandle dpi_make_request(input string format, input string options);
  import "DPI-C" mxemu_dpi_free_request = function void dpi_free_request(input chandle request);
  import "DPI-C" mxemu_dpi_number_bits = function int unsigned dpi_number_bits(input chandle request);
  import "DPI-C" mxemu_dpi_code_bits = function int unsigned dpi_code_bits(input chandle request);
  import "DPI-C" mxemu_dpi_encode_element = function int dpi_encode_element(
      input chandle request, input longint unsigned number, input byte unsigned scale, input int unsigned random_word,
      output byte unsigned code);
  import "DPI-C" mxemu_dpi_decode_element = function int dpi_decode_element(
      input chandle request, input byte unsigned code, input byte unsigned scale, output longint unsigned number);
  import "DPI-C" mxemu_dpi_shared_scale = function int dpi_shared_scale(
      input chandle request, input int unsigned lanes, input int unsigned count, input numbers_bits_t numbers,
      output byte unsigned scale);
  import "DPI-C" mxemu_dpi_quantize_block = function int dpi_quantize_block(
      input chandle request, input int unsigned lanes, input int unsigned count, input numbers_bits_t numbers,
      input random_words_t random_words, output byte unsigned scale, output codes_bits_t codes);
  import "DPI-C" mxemu_dpi_dequantize_block = function int dpi_dequantize_block(
      input chandle request, input int unsigned lanes, input int unsigned count, input byte unsigned scale,
      input codes_bits_t codes, output numbers_bits_t numbers);
  import "DPI-C" mxemu_dpi_expect_block = function int dpi_expect_block(
      input chandle request, input int unsigned lanes, input int unsigned count, input numbers_bits_t numbers,
      input random_words_t random_words, output byte unsigned scale, output byte unsigned scale_care,
      output codes_bits_t codes, output codes_bits_t codes_care);
  import "DPI-C" mxemu_dpi_expect_numbers = function int dpi_expect_numbers(
      input chandle request, input int unsigned lanes, input int unsigned count, input byte unsigned scale,
      input codes_bits_t codes, output numbers_bits_t numbers, output numbers_bits_t numbers_care);
  import "DPI-C" mxemu_dpi_judge_scale = function int dpi_judge_scale(
      input chandle request, input int unsigned lanes, input int unsigned count, input numbers_bits_t numbers,
      input byte unsigned scale, output int conforms);
  import "DPI-C" mxemu_dpi_judge_block = function int dpi_judge_block(
      input chandle request, input int unsigned lanes, input int unsigned count, input numbers_bits_t numbers,
      input random_words_t random_words, input byte unsigned scale, input codes_bits_t codes, output int conforms);
  import "DPI-C" mxemu_dpi_judge_codes = function int dpi_judge_codes(
      input chandle request, input int unsigned lanes, input int unsigned count, input byte unsigned scale,
      input numbers_bits_t numbers, input random_words_t random_words, input codes_bits_t codes, output int conforms);
  import "DPI-C" mxemu_dpi_judge_numbers = function int dpi_judge_numbers(
      input chandle request, input int unsigned lanes, input int unsigned count, input byte unsigned scale,
      input codes_bits_t codes, input numbers_bits_t numbers, output int conforms);
  import "DPI-C" mxemu_dpi_reject_unknown = function int dpi_reject_unknown(
      input chandle request, input string what);
  import "DPI-C" mxemu_dpi_explanation = function string dpi_explanation(input chandle request);
  import "DPI-C" mxemu_dpi_coverage = function int dpi_coverage(
      input chandle request, input string bin_name, output longint unsigned count);
  import "DPI-C" mxemu_dpi_coverage_text = function string dpi_coverage_text(input chandle request);

  // ---- requests ----

  // `format` is one of MXFP8_E5M2, MXFP8_E4M3, MXFP6_E3M2, MXFP6_E2M3, MXFP4_E2M1, MXINT8. `options` are words NAME=WORD
  // separated by spaces, such as "scale_rule=rceil rounding=nearest_away overflow=nonfinite type=bf16". The names are
  // profile, type (f32, bf16, f16, f64: of the numbers), scale_rule, rounding, random_bits, block_size, and the freedoms in
  // conformance/PROTOCOL.md. What is not named is the profile's, and the profile is ocp.
  function automatic chandle make_request(input string format, input string options = "");
    chandle request;
    request = dpi_make_request(format, options);
    if (request == null) $fatal(1, "mxemu: %s", dpi_last_error());
    return request;
  endfunction

  function automatic void free_request(input chandle request);
    dpi_free_request(request);
  endfunction

  function automatic void dpi_check(input int status);
    if (status != 0) $fatal(1, "mxemu: %s", dpi_last_error());
  endfunction

  // ---- elements ----

  // The code of a number over a scale that is given (MX 5.3, 6.3).
  function automatic byte unsigned encode_element(input chandle request, input longint unsigned number,
                                                  input byte unsigned scale = 8'h7f, input int unsigned random_word = 0);
    byte unsigned code;
    dpi_check(dpi_encode_element(request, number, scale, random_word, code));
    return code;
  endfunction

  // The bits of a code's number times the scale (MX 5.1).
  function automatic longint unsigned decode_element(input chandle request, input byte unsigned code,
                                                     input byte unsigned scale = 8'h7f);
    longint unsigned number;
    dpi_check(dpi_decode_element(request, code, scale, number));
    return number;
  endfunction

  // ---- blocks ----

  // The scale that a block of numbers gets (MX 6.3).
  function automatic byte unsigned shared_scale(input chandle request, input int unsigned count, input numbers_t numbers);
    byte unsigned scale;
    dpi_check(dpi_shared_scale(request, Lanes, count, numbers, scale));
    return scale;
  endfunction

  // The scale and the codes of a block of numbers (MX 6.3). Under stochastic rounding number i takes random word i.
  function automatic void quantize_block(input chandle request, input int unsigned count, input numbers_t numbers,
                                         output byte unsigned scale, output codes_t codes,
                                         input random_words_t random_words = '0);
    codes_bits_t bits;
    dpi_check(dpi_quantize_block(request, Lanes, count, numbers, random_words, scale, bits));
    codes = bits;
  endfunction

  // The numbers of a block (MX 5.1).
  function automatic void dequantize_block(input chandle request, input int unsigned count, input byte unsigned scale,
                                           input codes_t codes, output numbers_t numbers);
    numbers_bits_t bits;
    dpi_check(dpi_dequantize_block(request, Lanes, count, scale, codes, bits));
    numbers = bits;
  endfunction

  // ---- expectations: a value, and a mask of the bits that matter ----
  //
  // A bit whose mask is 0 is the implementation's to choose: compare (got ^ value) & care with zero. A mask is less than
  // the whole truth ("any scale but NaN" leaves no bit of it); the judges below know all of it.

  function automatic void expect_block(input chandle request, input int unsigned count, input numbers_t numbers,
                                       output byte unsigned scale, output byte unsigned scale_care, output codes_t codes,
                                       output codes_t codes_care, input random_words_t random_words = '0);
    codes_bits_t bits, care;
    dpi_check(dpi_expect_block(request, Lanes, count, numbers, random_words, scale, scale_care, bits, care));
    codes      = bits;
    codes_care = care;
  endfunction

  function automatic void expect_numbers(input chandle request, input int unsigned count, input byte unsigned scale,
                                         input codes_t codes, output numbers_t numbers, output numbers_t numbers_care);
    numbers_bits_t bits, care;
    dpi_check(dpi_expect_numbers(request, Lanes, count, scale, codes, bits, care));
    numbers      = bits;
    numbers_care = care;
  endfunction

  // ---- X and Z ----

  function automatic bit dpi_unknown(input chandle request, input string what);
    dpi_check(dpi_reject_unknown(request, what));
    return 1'b0;
  endfunction

  function automatic codes_t dpi_used_codes(input chandle request, input int unsigned count);
    return ~(~codes_t'(0) << count * dpi_code_bits(request));
  endfunction

  function automatic numbers_t dpi_used_numbers(input chandle request, input int unsigned count);
    return ~(~numbers_t'(0) << count * dpi_number_bits(request));
  endfunction

  function automatic void dpi_check_numbers(input chandle request, input int unsigned count, input numbers_t numbers);
    if ($isunknown(numbers & dpi_used_numbers(request, count))) $fatal(1, "mxemu: X or Z in the numbers that were asked");
  endfunction

  // ---- judges: 1 where a design answered what the request and the standard allow ----
  //
  // An X or a Z in what a design answered does not conform; in what it was asked it is a fault of the bench. After a 0,
  // explanation() says which word differs and why, in exact arithmetic. Judges count the cells of interest that they hit.

  function automatic bit judge_scale(input chandle request, input int unsigned count, input numbers_t numbers,
                                     input logic [7:0] scale);
    int conforms;
    if ($isunknown(scale)) return dpi_unknown(request, "the scale");
    dpi_check_numbers(request, count, numbers);
    dpi_check(dpi_judge_scale(request, Lanes, count, numbers, scale, conforms));
    return conforms != 0;
  endfunction

  // A block converter: numbers in, a scale and codes out.
  function automatic bit judge_block(input chandle request, input int unsigned count, input numbers_t numbers,
                                     input logic [7:0] scale, input codes_t codes,
                                     input random_words_t random_words = '0);
    int conforms;
    if ($isunknown(scale)) return dpi_unknown(request, "the scale");
    if ($isunknown(codes & dpi_used_codes(request, count))) return dpi_unknown(request, "the codes");
    dpi_check_numbers(request, count, numbers);
    dpi_check(dpi_judge_block(request, Lanes, count, numbers, random_words, scale, codes, conforms));
    return conforms != 0;
  endfunction

  // An element converter: numbers and a scale in, codes out.
  function automatic bit judge_codes(input chandle request, input int unsigned count, input byte unsigned scale,
                                     input numbers_t numbers, input codes_t codes,
                                     input random_words_t random_words = '0);
    int conforms;
    if ($isunknown(codes & dpi_used_codes(request, count))) return dpi_unknown(request, "the codes");
    dpi_check_numbers(request, count, numbers);
    dpi_check(dpi_judge_codes(request, Lanes, count, scale, numbers, random_words, codes, conforms));
    return conforms != 0;
  endfunction

  // A block converter back: a scale and codes in, numbers out.
  function automatic bit judge_numbers(input chandle request, input int unsigned count, input byte unsigned scale,
                                       input codes_t codes, input numbers_t numbers);
    int conforms;
    if ($isunknown(numbers & dpi_used_numbers(request, count))) return dpi_unknown(request, "the numbers");
    if ($isunknown(codes & dpi_used_codes(request, count))) $fatal(1, "mxemu: X or Z in the codes that were asked");
    dpi_check(dpi_judge_numbers(request, Lanes, count, scale, codes, numbers, conforms));
    return conforms != 0;
  endfunction

  // Why the last judgement of a request was 0: several lines.
  function automatic string explanation(input chandle request);
    return dpi_explanation(request);
  endfunction

  // ---- coverage of what was judged ----

  // How many numbers (for scales: blocks) hit a bin: tie_even_below, tie_even_above, sticky_only, carry_to_next_binade,
  // saturation, subnormal_element, scale_clamp_low, nan_scale, zero_block, ...; coverage_text() lists all.
  function automatic longint unsigned coverage(input chandle request, input string bin_name);
    longint unsigned count;
    dpi_check(dpi_coverage(request, bin_name, count));
    return count;
  endfunction

  function automatic string coverage_text(input chandle request);
    return dpi_coverage_text(request);
  endfunction

endpackage
