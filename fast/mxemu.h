/* mxemu: OCP Microscaling (MX) conversions at the speed of memory, dot and matrix products, from C.
 *
 * Numbers, codes and scales live in the caller's buffers; what a conversion is lives in an opaque request, which is made
 * from names (those that `mxemu formats` prints). Functions that can fail return a status; mxemu_last_error() then says, in
 * one sentence, what was wrong. Everything is thread-safe: a request may be used by many threads while none changes it.
 *
 * Results are the reference's bits, whatever the machine, the number of threads or the floating-point environment; those
 * of mxemu_matmul_bf16 alone are not.
 */
#ifndef MXEMU_H
#define MXEMU_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MXEMU_API __attribute__((visibility("default")))
#else
#define MXEMU_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when something is added; a change that breaks callers changes the library's SONAME. */
#define MXEMU_ABI_VERSION 3

typedef enum {
  MXEMU_OK = 0,
  MXEMU_INVALID_ARGUMENT = 1, /* a null pointer, a wrong size, an unknown name, overlapping buffers */
  MXEMU_NOT_SUPPORTED = 2,    /* an instruction set that this machine or build lacks */
  MXEMU_INTERNAL_ERROR = 3
} mxemu_status;

/* Floating-point formats of values. Passed as an integer, so that a value that is none of them is an error. */
typedef uint32_t mxemu_float_type;
enum { MXEMU_F32 = 0, MXEMU_BF16 = 1, MXEMU_F16 = 2, MXEMU_F64 = 3 };

/* How codes stand in bytes: one per byte, or as a stream of bits, least significant first. */
typedef uint32_t mxemu_packing;
enum { MXEMU_BYTES = 0, MXEMU_BIT_STREAM = 1 };

/* The ABI version and the release ("0.1.0") of the library that is linked. */
MXEMU_API uint32_t mxemu_abi_version(void);
MXEMU_API const char *mxemu_version(void);

/* What went wrong in this thread's last call that did not return MXEMU_OK; "" before any. Valid until the next such call. */
MXEMU_API const char *mxemu_last_error(void);

/* The instruction set in use: "portable", "avx2", "avx512" or "amx". MXEMU_ISA in the environment chooses; so does
 * mxemu_set_isa(name) for the whole process (NULL: the widest). */
MXEMU_API const char *mxemu_isa(void);
MXEMU_API mxemu_status mxemu_set_isa(const char *name);

/* A format (such as "MXFP4_E2M1"), a scale rule, a rounding and a policy. */
typedef struct mxemu_request mxemu_request;

/* A request for `format` under `profile` (NULL: "ocp"). Free it with mxemu_request_destroy. */
MXEMU_API mxemu_status mxemu_request_create(const char *format, const char *profile, mxemu_request **request);
MXEMU_API void mxemu_request_destroy(mxemu_request *request);

/* Changes one thing: "scale_rule", "rounding", "random_bits", "seed", "block_size", or a freedom of the standard such as
 * "overflow" or "nan_in_block". Values are words or decimal integers. */
MXEMU_API mxemu_status mxemu_request_set(mxemu_request *request, const char *name, const char *value);

/* How the blocks of a row-major array lie: element (o, j, i) at (o * length + j) * inner + i, blocks along j, each
 * line's last one possibly short. For blocks along the last dimension inner is 1. */
typedef struct {
  uint64_t outer;
  uint64_t length;
  uint64_t inner;
} mxemu_grid;

/* Bytes that codes and scales of a grid take. */
MXEMU_API mxemu_status mxemu_sizes(const mxemu_request *request, const mxemu_grid *grid, mxemu_packing packing,
                                   uint64_t *code_bytes, uint64_t *scale_bytes);

/* Values to codes and scales (MX 6.3). Buffers of no bytes may be NULL; buffers must not overlap; any alignment will do.
 * `random_words` has one word per element for stochastic rounding, or is NULL: the request's seed then makes them. */
MXEMU_API mxemu_status mxemu_quantize(const mxemu_request *request, const mxemu_grid *grid, mxemu_float_type source_type,
                                      const void *source, uint64_t source_bytes, mxemu_packing packing, uint8_t *codes,
                                      uint64_t code_bytes, uint8_t *scales, uint64_t scale_bytes,
                                      const uint32_t *random_words);

/* Codes and scales to values, X * P rounded once (MX 5.1). */
MXEMU_API mxemu_status mxemu_dequantize(const mxemu_request *request, const mxemu_grid *grid, mxemu_packing packing,
                                        const uint8_t *codes, uint64_t code_bytes, const uint8_t *scales,
                                        uint64_t scale_bytes, mxemu_float_type output_type, void *output,
                                        uint64_t output_bytes);

/* Both in one pass (fake quantisation). `output` may be `source` itself when the types are the same. */
MXEMU_API mxemu_status mxemu_roundtrip(const mxemu_request *request, const mxemu_grid *grid, mxemu_float_type source_type,
                                       const void *source, uint64_t source_bytes, mxemu_float_type output_type,
                                       void *output, uint64_t output_bytes, const uint32_t *random_words);

/* What a conversion did to a tensor. Numbers are compared as doubles: an error is |output - input| rounded to a double, a
 * relative error is that divided by |input|. Every figure is the same on any machine and for any number of threads. */
#define MXEMU_ERROR_BINS 18
typedef struct {
  uint64_t struct_size; /* set it to sizeof(mxemu_error_statistics) before the call */
  uint64_t elements;
  uint64_t compared;   /* elements whose input and output are both finite */
  uint64_t not_finite; /* inputs that are NaN or Inf */
  uint64_t lost;       /* finite inputs that became NaN or Inf */
  uint64_t saturated;  /* compared inputs beyond the largest number of their sign at their scale */
  uint64_t flushed;    /* inputs other than zero, NaN and Inf among them, that became zero */
  /* Sums over compared elements of squared inputs and of squared errors: signal * 2^signal_exponent and noise *
   * 2^noise_exponent, where the exponents are 0 unless squares of float64 numbers leave the range of a double. The
   * signal-to-noise ratio in decibels is 10 log10 of their quotient. */
  double signal;
  double noise;
  int32_t signal_exponent;
  int32_t noise_exponent;
  double max_absolute; /* largest error */
  double max_relative; /* largest relative error of inputs other than zero */
  /* Compared elements by relative error: [0] exact, [i] from 2^(i - 17) up to twice that, [1] and [17] open-ended. */
  uint64_t relative_errors[MXEMU_ERROR_BINS];
} mxemu_error_statistics;

/* mxemu_roundtrip, and what it did to the tensor. */
MXEMU_API mxemu_status mxemu_roundtrip_statistics(const mxemu_request *request, const mxemu_grid *grid,
                                                  mxemu_float_type source_type, const void *source, uint64_t source_bytes,
                                                  mxemu_float_type output_type, void *output, uint64_t output_bytes,
                                                  const uint32_t *random_words, mxemu_error_statistics *statistics);

/* The same of a tensor and the output that came back under `scales`, whoever converted it. Only `statistics` is written. */
MXEMU_API mxemu_status mxemu_measure_errors(const mxemu_request *request, const mxemu_grid *grid,
                                            mxemu_float_type source_type, const void *source, uint64_t source_bytes,
                                            const uint8_t *scales, uint64_t scale_bytes, mxemu_float_type output_type,
                                            const void *output, uint64_t output_bytes, mxemu_error_statistics *statistics);

/* Numbers divided by 2^scale_exponent and converted to element codes by themselves, one per byte (MX 5.3, OFP8), and the
 * values of codes under one scale code (127: the scale 1). */
MXEMU_API mxemu_status mxemu_encode_elements(const mxemu_request *request, mxemu_float_type source_type, const void *source,
                                             uint64_t count, int32_t scale_exponent, uint8_t *codes);
MXEMU_API mxemu_status mxemu_decode_elements(const mxemu_request *request, const uint8_t *codes, uint64_t count,
                                             uint8_t scale, mxemu_float_type output_type, void *output);

/* `count` codes of `bits` bits (1 to 8) from one packing to another. Of a stream the unused bits of the last byte are not
 * read, and written as zero; a byte that holds more than `bits` bits is an error. */
MXEMU_API mxemu_status mxemu_repack_codes(mxemu_packing from, mxemu_packing to, int32_t bits, uint64_t count,
                                          const uint8_t *codes, uint64_t code_bytes, uint8_t *repacked,
                                          uint64_t repacked_bytes);

/* MXFP4 codes and scales, in the order of blocks of 32, to ggml's blocks of 17 bytes (type 39), and back. */
MXEMU_API mxemu_status mxemu_pack_ggml_blocks(mxemu_packing packing, const uint8_t *codes, uint64_t code_bytes,
                                              const uint8_t *scales, uint64_t scale_bytes, uint8_t *blocks,
                                              uint64_t block_bytes);
MXEMU_API mxemu_status mxemu_unpack_ggml_blocks(const uint8_t *blocks, uint64_t block_bytes, mxemu_packing packing,
                                                uint8_t *codes, uint64_t code_bytes, uint8_t *scales,
                                                uint64_t scale_bytes);

/* What a dot product or a matrix product is: an accumulator, by its name in spec/accumulator.hpp ("block_exact", "exact",
 * "float32_sequential", "hopper_fp8", "blackwell_mxf4", "cdna3", ...), and the types of both operands ("E5M2", "E4M3",
 * "E3M2", "E2M3", "E2M1", "INT8", "bf16", "f16" or "f32"). */
typedef struct mxemu_dot_request mxemu_dot_request;

/* Free it with mxemu_dot_request_destroy. */
MXEMU_API mxemu_status mxemu_dot_request_create(const char *accumulator, const char *type_a, const char *type_b,
                                                mxemu_dot_request **request);
MXEMU_API void mxemu_dot_request_destroy(mxemu_dot_request *request);

/* Changes one thing: "output" ("f32", "bf16" or "f16"), "block_size", "tail", and where the accumulator takes a rounding
 * "rounding", "random_bits" and "seed". */
MXEMU_API mxemu_status mxemu_dot_request_set(mxemu_dot_request *request, const char *name, const char *value);

/* Where the lines of an operand along K stand: they are the rows of memory, or the columns of a row-major matrix of
 * depth x rows (A stored as K x M, B as K x N), whose scales are one of ceil(depth / block size) x rows. */
typedef uint32_t mxemu_lines;
enum { MXEMU_ROWS = 0, MXEMU_COLUMNS = 1 };

/* Lines along K of one operand: of A its rows, of B its columns. Codes of elements are packed as `packing` says;
 * floating-point numbers are in the machine's byte order. `scales` has one byte per block, or is NULL: no block has a scale.
 * Strides count elements and scales from a row of memory to the next; 0: rows follow each other. */
typedef struct {
  const void *codes;
  uint64_t code_bytes;
  const uint8_t *scales;
  uint64_t scale_bytes;
  uint64_t rows;  /* lines: M of A, N of B */
  uint64_t depth; /* K */
  uint64_t row_stride;
  uint64_t scale_stride;
  mxemu_packing packing;
  mxemu_lines lines;
} mxemu_matrix;

/* output = c + A B (MX 6.1, 6.2): a->rows x b->rows numbers of the request's output type, row-major; so is c, or it is NULL:
 * +0. With one row each this is a dot product. */
MXEMU_API mxemu_status mxemu_matmul(const mxemu_dot_request *request, const mxemu_matrix *a, const mxemu_matrix *b,
                                    const void *c, uint64_t c_bytes, void *output, uint64_t output_bytes);

/* output = alpha A B + beta c, in the same way; c is not read where beta is 0. Factors other than alpha = 1 and beta = 1 or
 * 0 are for the accumulator "exact", which rounds the whole expression once. They are finite. */
MXEMU_API mxemu_status mxemu_matmul_factors(const mxemu_dot_request *request, const mxemu_matrix *a,
                                            const mxemu_matrix *b, float alpha, float beta, const void *c,
                                            uint64_t c_bytes, void *output, uint64_t output_bytes);

/* output = A B, row-major, in bfloat16 with sums in float32: the speed of a matrix library, and no bit-exact contract. A
 * request gives the format of an operand's blocks, which are first dequantised to bfloat16 (mxemu_dequantize); where it is
 * NULL the operand has bfloat16 numbers, at an even address. Rows of memory must follow each other; `output` stands at a
 * multiple of 4. With the backend "oneDNN" sums are in the library's own order, the same for the same machine, sizes,
 * layouts and number of threads, and products and sums below 2^-126 may be flushed; with "portable" the bits are those of
 * mxemu_matmul under "float32_fma". */
MXEMU_API mxemu_status mxemu_matmul_bf16(const mxemu_request *request_a, const mxemu_matrix *a,
                                         const mxemu_request *request_b, const mxemu_matrix *b, float *output,
                                         uint64_t output_bytes);

/* What mxemu_matmul_bf16 multiplies with: "oneDNN", or "portable" where the build had none. */
MXEMU_API const char *mxemu_bf16_backend(void);

#ifdef __cplusplus
}
#endif

#endif
