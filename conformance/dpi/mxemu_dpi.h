/* mxemu_dpi.h: what mxemu_pkg.sv imports from libmxemu_dpi.so; the golden model for test benches.
 *
 * In SystemVerilog, import the package and leave this file alone. It is for what reaches C in another way (VPI, VHPI,
 * cocotb, SystemC), and it pins the types: those that IEEE 1800 annex H gives the package's arguments, so that the library
 * needs no header of a simulator and is the same for all of them. A SystemVerilog `bit [N-1:0]` is an array of 32-bit words,
 * the lowest bits first; `chandle` is a pointer, `string` characters that end with a zero, `byte unsigned` an unsigned char.
 *
 * Vectors are lanes without gaps: number i of a block stands at bits W*i and up, where W is the width of the request's
 * type; code i at bits w*i and up, where w is the width of its element format; random word i at bits 32*i and up. `lanes` is
 * how many the vectors have room for, 64 bits each for numbers and 8 for codes, and `count` how many the block has. Every
 * word of a vector that is given is written, unused lanes as zeros.
 *
 * Functions that return int return 0, or something else when the arguments make no sense; mxemu_dpi_last_error() then says
 * what was wrong. A request is for one thread at a time.
 */
#ifndef MXEMU_DPI_H
#define MXEMU_DPI_H

#include <stdint.h>

#if defined(__GNUC__)
#define MXEMU_DPI_API __attribute__((visibility("default")))
#else
#define MXEMU_DPI_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One sentence about the last call in this thread that returned neither 0 nor a request. Valid until the next such call. */
MXEMU_DPI_API const char *mxemu_dpi_last_error(void);

/* `format` is a block format such as "MXFP4_E2M1"; `options` are words NAME=WORD separated by spaces: profile, type (of
 * the numbers: f32), scale_rule, rounding, random_bits, block_size, and the freedoms of conformance/PROTOCOL.md. NULL when
 * a word is unknown. Free it with mxemu_dpi_free_request. */
MXEMU_DPI_API void *mxemu_dpi_make_request(const char *format, const char *options);
MXEMU_DPI_API void mxemu_dpi_free_request(void *request);

/* Bits of a number and of a code; 0 for no request. */
MXEMU_DPI_API unsigned int mxemu_dpi_number_bits(void *request);
MXEMU_DPI_API unsigned int mxemu_dpi_code_bits(void *request);

/* MX 5.3, 6.3: one number under a scale that is given (0x7f is 1), and one code back (MX 5.1). */
MXEMU_DPI_API int mxemu_dpi_encode_element(void *request, unsigned long long number, unsigned char scale,
                                           unsigned int random_word, unsigned char *code);
MXEMU_DPI_API int mxemu_dpi_decode_element(void *request, unsigned char code, unsigned char scale,
                                           unsigned long long *number);

/* MX 6.3: the scale of a block alone; the scale and the codes; MX 5.1: the numbers back. */
MXEMU_DPI_API int mxemu_dpi_shared_scale(void *request, unsigned int lanes, unsigned int count, const uint32_t *numbers,
                                         unsigned char *scale);
MXEMU_DPI_API int mxemu_dpi_quantize_block(void *request, unsigned int lanes, unsigned int count, const uint32_t *numbers,
                                           const uint32_t *random_words, unsigned char *scale, uint32_t *codes);
MXEMU_DPI_API int mxemu_dpi_dequantize_block(void *request, unsigned int lanes, unsigned int count, unsigned char scale,
                                             const uint32_t *codes, uint32_t *numbers);

/* The same as values and care masks: bits whose care bit is 0 are left to the implementation by the standard. */
MXEMU_DPI_API int mxemu_dpi_expect_block(void *request, unsigned int lanes, unsigned int count, const uint32_t *numbers,
                                         const uint32_t *random_words, unsigned char *scale, unsigned char *scale_care,
                                         uint32_t *codes, uint32_t *codes_care);
MXEMU_DPI_API int mxemu_dpi_expect_numbers(void *request, unsigned int lanes, unsigned int count, unsigned char scale,
                                           const uint32_t *codes, uint32_t *numbers, uint32_t *numbers_care);

/* What a design answered: 1 in `conforms` where it is what the standard and the request allow, else 0, and
 * mxemu_dpi_explanation() says why. judge_codes is for a scale that is given. Each counts what its block hit. */
MXEMU_DPI_API int mxemu_dpi_judge_scale(void *request, unsigned int lanes, unsigned int count, const uint32_t *numbers,
                                        unsigned char scale, int *conforms);
MXEMU_DPI_API int mxemu_dpi_judge_block(void *request, unsigned int lanes, unsigned int count, const uint32_t *numbers,
                                        const uint32_t *random_words, unsigned char scale, const uint32_t *codes,
                                        int *conforms);
MXEMU_DPI_API int mxemu_dpi_judge_codes(void *request, unsigned int lanes, unsigned int count, unsigned char scale,
                                        const uint32_t *numbers, const uint32_t *random_words, const uint32_t *codes,
                                        int *conforms);
MXEMU_DPI_API int mxemu_dpi_judge_numbers(void *request, unsigned int lanes, unsigned int count, unsigned char scale,
                                          const uint32_t *codes, const uint32_t *numbers, int *conforms);

/* A block that is not judged since the simulator has an X or a Z in `what` ("the scale"): does not conform. */
MXEMU_DPI_API int mxemu_dpi_reject_unknown(void *request, const char *what);

/* The last block of this request that did not conform, in several lines; "" before any. Valid until the next one. */
MXEMU_DPI_API const char *mxemu_dpi_explanation(void *request);

/* How often judged blocks hit a bin, such as "tie_even_below"; all of them as text, one a line: name, count, meaning. */
MXEMU_DPI_API int mxemu_dpi_coverage(void *request, const char *bin, unsigned long long *count);
MXEMU_DPI_API const char *mxemu_dpi_coverage_text(void *request);

#ifdef __cplusplus
}
#endif

#endif
