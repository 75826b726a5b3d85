/* A plugin with the fault that the environment asks for, on the quantisation of single float32 zeros. */
#include <stdlib.h>
#include <string.h>

#include "mx_subject.h"

static int has_fault(const char *name) {
  const char *fault = getenv("MX_PLUGIN_FAULT");
  return fault && strcmp(fault, name) == 0;
}

uint32_t mx_subject_version(void) { return has_fault("version") ? 7 : MX_SUBJECT_VERSION; }

const char *mx_subject_name(void) { return has_fault("no name") ? NULL : "bad"; }

const char *mx_subject_capabilities(void) {
  if (has_fault("no capabilities")) return "";
  if (has_fault("wrong capability")) return "scale * f32\nfly * f32\n";
  return "quantize MXFP4_E2M1 f32\nscale * f32";
}

const char *mx_subject_last_error(void) { return has_fault("status with words") ? "the queue is full" : NULL; }

int mx_subject_answer(const mx_subject_cases *cases) {
  if (has_fault("status") || has_fault("status with words")) return -5;
  if ((uintptr_t)cases->numbers % 64 != 0 || (uintptr_t)cases->answer_codes % 64 != 0) return -64;
  if (has_fault("unsupported")) return MX_SUBJECT_UNSUPPORTED;
  if (has_fault("silent")) return MX_SUBJECT_OK;
  for (uint64_t i = 0; i < cases->count; ++i) cases->answer_scales[i] = 0;
  memset(cases->answer_codes, 0, cases->count * cases->elements);
  if (has_fault("wide code")) cases->answer_codes[3] = 0x1f;
  if (has_fault("one unsupported")) cases->unsupported[1] = 1;
  if (has_fault("past the end")) cases->answer_codes[cases->count * cases->elements] = 0;
  if (has_fault("before the start")) cases->answer_scales[-1] = 0;
  if (has_fault("changes input")) memset((void *)cases->numbers, 1, 4);
  return MX_SUBJECT_OK;
}
