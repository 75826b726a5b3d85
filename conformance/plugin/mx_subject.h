/* mx_subject.h: what a shared object exports to be judged as `plugin:FILE.so`. C11 or C++; needs nothing else.
 *
 * For kernels that run at full speed: a call answers many cases at once, from arrays. The words (operations, formats,
 * types, scale rules, roundings, options) are those of conformance/PROTOCOL.md, and so is the meaning of a case. A plugin
 * runs inside the suite's process: if it crashes, so does the suite. Put one that may behind `process:` instead.
 *
 *   cc -std=c11 -O2 -shared -fPIC -I conformance/plugin my_plugin.c -o my_plugin.so
 *   mxemu check --subject plugin:./my_plugin.so
 */
#ifndef MX_SUBJECT_H
#define MX_SUBJECT_H

#include <stdint.h>

#if defined(__GNUC__)
#define MX_SUBJECT_EXPORT __attribute__((visibility("default")))
#else
#define MX_SUBJECT_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What mx_subject_version() returns. A suite refuses a plugin of another version. */
#define MX_SUBJECT_VERSION 1u

/* What mx_subject_answer() returns. Any other value is a failure of the plugin, which ends the run. */
#define MX_SUBJECT_OK 0
#define MX_SUBJECT_UNSUPPORTED 1 /* none of these cases; for single ones there is `unsupported` below */

/* `count` cases of one request, of `elements` elements each. Case i owns elements i * elements ... of every array that has
 * one entry per element. Pointers to what the operation neither takes nor gives are NULL; the others are aligned to 64
 * bytes in host memory.
 *
 *   operation        takes                    gives
 *   encode           numbers                  answer_codes
 *   decode           codes                    answer_numbers
 *   scale            numbers                  answer_scales
 *   encode_scaled    scales, numbers          answer_codes
 *   quantize         numbers                  answer_scales, answer_codes
 *   dequantize       scales, codes            answer_numbers
 *
 * and of tensors as they stand in memory (PROTOCOL.md, "Tensors"), with `shape` to `case_scales` below:
 *
 *   quantize_tensor    numbers                answer_scales, answer_codes
 *   dequantize_tensor  scales, codes          answer_numbers
 *   pack               scales, codes          answer_scales, answer_codes
 *   unpack             scales, codes          answer_scales, answer_codes
 *
 * Case i of these owns bytes i * case_codes ... of the codes in memory and i * case_scales ... of the scales in memory.
 */
typedef struct {
  /* The request, in words. "*" where the operation does not depend on it. */
  const char *operation;  /* "quantize" */
  const char *format;     /* "MXFP4_E2M1" */
  const char *type;       /* of the numbers: "f32", "bf16", "f16", "f64" */
  const char *scale_rule; /* "floor" */
  const char *rounding;   /* "nearest_even" */
  const char *options;    /* "" or, separated by single spaces, what is not the default: "overflow=nonfinite block_size=16".
                             A plugin that does not know every one of them returns MX_SUBJECT_UNSUPPORTED. */
  uint64_t count;
  uint64_t elements;

  const void *numbers;           /* in the byte order of the machine, 2, 4 or 8 bytes each */
  const uint8_t *codes;          /* one per byte, in its low bits */
  const uint8_t *scales;         /* one per case */
  const uint32_t *random_words;  /* one per element; NULL unless the rounding is "stochastic" */

  void *answer_numbers;
  uint8_t *answer_codes;
  uint8_t *answer_scales;
  uint8_t *unsupported;          /* one per case, all 0: set to 1 for a case that is not supported */

  /* Added after version 1 was fixed, at the end: a plugin built before does not know of them and is not asked for tensors. */
  const uint64_t *shape;         /* of a tensor, outermost dimension first, row-major; its product is `elements` */
  uint64_t dimensions;           /* how many extents `shape` has; 0 where the operation is none on tensors */
  uint64_t axis;                 /* along which blocks lie, 0 is the outermost */
  const char *packing;           /* "bit_stream"; NULL where the operation is none on tensors, and so below */
  const char *scale_order;       /* "row_major" */
  uint64_t case_codes;           /* codes of a case; of a tensor, bytes of the codes in memory */
  uint64_t case_scales;          /* scales of a case; of a tensor, bytes of the scales in memory: 0 for ggml_block */
} mx_subject_cases;

/* `count` dot products of one pair of operands, of `elements` elements each, added to c (PROTOCOL.md, "Dot products"). The
 * arrays are as the binary batches have them: codes in the byte order of the machine, 1, 2 or 4 bytes each, case after
 * case; scales `blocks` per case, or NULL for an operand without. */
typedef struct {
  const char *a;       /* "MXFP8_E4M3": elements under scales; "E4M3": elements without; "bf16", "f16", "f32" */
  const char *b;
  const char *type;    /* of c and of the results: "f32", "bf16", "f16" */
  const char *options; /* "" or "block_size=16"; a plugin that does not know it returns MX_SUBJECT_UNSUPPORTED */
  uint64_t count;
  uint64_t elements;
  uint64_t blocks;     /* of one case; the last may be short */

  const void *a_codes;
  const uint8_t *a_scales;
  const void *b_codes;
  const uint8_t *b_scales;
  const void *c;       /* one number per case */

  void *answer;        /* one number per case */
  uint8_t *unsupported; /* one per case, all 0: set to 1 for a case that is not supported */
} mx_subject_dots;

/* Required. */
MX_SUBJECT_EXPORT uint32_t mx_subject_version(void);
MX_SUBJECT_EXPORT const char *mx_subject_name(void);

/* Required: what may be asked, one "OPERATION FORMAT TYPE" a line, each of them a word or "*":
 * "quantize MXFP4_E2M1 f32\ndequantize MXFP4_E2M1 *\n". */
MX_SUBJECT_EXPORT const char *mx_subject_capabilities(void);

/* Optional, for dot products, which its capabilities then name as "dot A B TYPE" or "dot A B TYPE accumulator=NAME":
 * answers every one of them. Returns as mx_subject_answer() does. */
MX_SUBJECT_EXPORT int mx_subject_dot(const mx_subject_dots *dots);

/* Optional, for operations on tensors: how they stand in memory, one "FORMAT PACKING SCALES" a line, FORMAT a word or "*":
 * "MXFP4_E2M1 bit_stream tile_128x4\n". Without it: "* bytes row_major". */
MX_SUBJECT_EXPORT const char *mx_subject_layouts(void);

/* Required: answers every case. Called from one thread at a time. */
MX_SUBJECT_EXPORT int mx_subject_answer(const mx_subject_cases *cases);

/* Optional: one sentence about the last failure, quoted in the report. */
MX_SUBJECT_EXPORT const char *mx_subject_last_error(void);

/* Optional: device memory. A plugin that exports these four gets, for every array above, memory from its own
 * mx_subject_allocate(); `cases` itself and its words stay in host memory. The plugin has its own stream: copies and
 * mx_subject_answer() may return before their work is done if work in that stream keeps its order, and
 * mx_subject_copy_to_host() returns when the bytes have come. The copies return MX_SUBJECT_OK or a failure.
 * Exporting some of the four and not the rest is an error. */
MX_SUBJECT_EXPORT void *mx_subject_allocate(uint64_t bytes); /* NULL: failed */
MX_SUBJECT_EXPORT void mx_subject_release(void *memory);
MX_SUBJECT_EXPORT int mx_subject_copy_to_device(void *device, const void *host, uint64_t bytes);
MX_SUBJECT_EXPORT int mx_subject_copy_to_host(void *host, const void *device, uint64_t bytes);

/* The same functions as pointers, for a program that has them and wants a verdict without making a shared object:
 * mxemu_check.h takes this. What is optional above may be NULL. */
typedef struct {
  uint32_t (*version)(void);
  const char *(*name)(void);
  const char *(*capabilities)(void);
  int (*answer)(const mx_subject_cases *cases);
  const char *(*last_error)(void);
  void *(*allocate)(uint64_t bytes);
  void (*release)(void *memory);
  int (*copy_to_device)(void *device, const void *host, uint64_t bytes);
  int (*copy_to_host)(void *host, const void *device, uint64_t bytes);
  const char *(*layouts)(void);
  int (*dot)(const mx_subject_dots *dots);
} mx_subject_functions;

#ifdef __cplusplus
}
#endif

#endif
