/* mxemu_check.h: the conformance suite as a library, libmxemu_check. What is judged is handed over as the functions of
 * mx_subject.h, or as tensors that something has quantised. C11 or C++.
 *
 * What is wanted is said in words, as `mxemu check` and `mxemu judge` take them: "format=MXFP4_E2M1 level=quick". A call that
 * ends in MXEMU_CHECK_ERROR leaves one sentence for mxemu_check_last_error(). No exception crosses. Runs in several threads
 * at once are independent of each other as long as their subjects are.
 */
#ifndef MXEMU_CHECK_H
#define MXEMU_CHECK_H

#include <stdint.h>

#include "mx_subject.h"

#if defined(__GNUC__)
#define MXEMU_CHECK_API __attribute__((visibility("default")))
#else
#define MXEMU_CHECK_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What mxemu_check_version() returns. Grows when something is added; what breaks callers changes the SONAME. */
#define MXEMU_CHECK_VERSION 1u

/* The exit statuses of the command. */
enum {
  MXEMU_CHECK_PASSED = 0,   /* judged, passed and trusted */
  MXEMU_CHECK_FAILED = 1,   /* something failed */
  MXEMU_CHECK_ERROR = 2,    /* a bad option or size, or a subject that broke: no verdict */
  MXEMU_CHECK_UNTRUSTED = 3 /* cells that a check promises were not hit, or nothing was judged */
};

/* A verdict with its reports. */
typedef struct mxemu_check_verdict mxemu_check_verdict;

MXEMU_CHECK_API uint32_t mxemu_check_version(void);

/* What was wrong in this thread's last call that returned MXEMU_CHECK_ERROR; "" before any. */
MXEMU_CHECK_API const char *mxemu_check_last_error(void);

/* Runs the suite on a subject. `options` (NULL or "": all defaults) are NAME=WORD separated by spaces; the first three may
 * be given several times:
 *
 *   format=MXFP4_E2M1         a format (all that the subject declares)
 *   type=f32                  a float type (all)
 *   operation=quantize        an operation (all)
 *   profile=ocp               what the subject is meant to do, or auto: what it is found to do
 *   level=quick               or full, exhaustive
 *   check=element/rounding    a check or a group of checks (all)
 *   seed=1                    of the random cases
 *   case=1187                 this case alone, as the repro line of a failure has it
 *   allow=scale_rule=ceil     an alternative of the standard that the subject is known by, as a repro line has it (none);
 *                             may be given several times
 *   strict=no                 yes: conformant with an alternative counts as failed
 *   adapts=yes                no: the subject does one thing whatever the request says, so that only cases of the profile's
 *                             own request are put to it, and others count as unsupported
 *
 * Returns an exit status, and a verdict in `*verdict` (NULL with MXEMU_CHECK_ERROR). */
MXEMU_CHECK_API int mxemu_check_run(const mx_subject_functions *subject, const char *options,
                                    mxemu_check_verdict **verdict);

/* A tensor that was quantised: numbers row-major, in the byte order of the machine; codes in the order of the numbers,
 * packed as the options say; scales one byte per block, in the order of the shape with the axis shortened to its blocks. */
typedef struct {
  const char *name;     /* for the report; NULL: "tensor" */
  const int64_t *shape; /* outermost first */
  uint64_t rank;
  const void *numbers;
  uint64_t number_bytes;
  const uint8_t *codes;
  uint64_t code_bytes;
  const uint8_t *scales;
  uint64_t scale_bytes;
} mxemu_check_tensor;

/* Judges codes and scales against the golden model. Options: format (required), type=f32 of the numbers, axis=-1,
 * packing=bytes or bit_stream, profile=ocp or auto (the one that differs least), and what amends the profile: scale_rule,
 * rounding, overflow, tail, seed, block_size, policy=NAME=WORD (may be given several times). Nothing amends auto but tail
 * and block_size. */
MXEMU_CHECK_API int mxemu_check_judge(const mxemu_check_tensor *tensor, const char *options,
                                      mxemu_check_verdict **verdict);

/* The verdict as "text" or "json", that of the suite also as "html" or "junit"; NULL for what there is not. The text belongs
 * to the verdict. */
MXEMU_CHECK_API const char *mxemu_check_report(const mxemu_check_verdict *verdict, const char *kind);

MXEMU_CHECK_API void mxemu_check_destroy(mxemu_check_verdict *verdict);

/* The checks there are, as a table. */
MXEMU_CHECK_API const char *mxemu_check_list(void);

#ifdef __cplusplus
}
#endif

#endif
