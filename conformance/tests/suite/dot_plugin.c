/* A plugin that knows one dot product: two bf16 numbers times two, in float32, c last; longer ones are unsupported. */
#include <stdint.h>
#include <string.h>

#include "mx_subject.h"

uint32_t mx_subject_version(void) { return MX_SUBJECT_VERSION; }
const char *mx_subject_name(void) { return "dot plugin"; }
const char *mx_subject_capabilities(void) { return "dot bf16 bf16 f32 accumulator=float32_pairwise\n"; }
int mx_subject_answer(const mx_subject_cases *cases) { return cases ? MX_SUBJECT_UNSUPPORTED : 99; }

static float number(const void *codes, uint64_t index) {
  const uint32_t bits = (uint32_t)((const uint16_t *)codes)[index] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

int mx_subject_dot(const mx_subject_dots *dots) {
  if (dots->elements > 2) return MX_SUBJECT_UNSUPPORTED;
  if (dots->a_scales || dots->b_scales || strcmp(dots->a, "bf16") != 0 || strcmp(dots->type, "f32") != 0) return 98;
  for (uint64_t i = 0; i < dots->count; ++i) {
    float sum = 0;
    for (uint64_t k = 0; k < dots->elements; ++k) {
      const uint64_t at = i * dots->elements + k;
      const float product = number(dots->a_codes, at) * number(dots->b_codes, at);
      sum = k == 0 ? product : sum + product;
    }
    ((float *)dots->answer)[i] = ((const float *)dots->c)[i] + sum;
  }
  return MX_SUBJECT_OK;
}
