/* The suite from C: one block, as a converter quantised it, judged against the golden model. */
#include <mxemu_check.h>
#include <stdio.h>

int main(void) {
  const float numbers[2] = {0.625f, 6.5f};
  const uint8_t codes[2] = {0x1, 0x7};
  const uint8_t scales[1] = {0x7f};
  const int64_t shape[1] = {2};
  const mxemu_check_tensor tensor = {.name = "block", .shape = shape, .rank = 1,
                                     .numbers = numbers, .number_bytes = sizeof numbers,
                                     .codes = codes, .code_bytes = sizeof codes,
                                     .scales = scales, .scale_bytes = sizeof scales};
  mxemu_check_verdict *verdict = NULL;
  const int status = mxemu_check_judge(&tensor, "format=MXFP4_E2M1", &verdict);
  fputs(status == MXEMU_CHECK_ERROR ? mxemu_check_last_error() : mxemu_check_report(verdict, "text"), stdout);
  mxemu_check_destroy(verdict);
  return status;
}
