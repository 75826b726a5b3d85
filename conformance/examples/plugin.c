/* The converter of mxfp4.h as a plugin: conformance/plugin/mx_subject.h.
 *
 *   cc -std=c11 -O2 -shared -fPIC -I conformance/plugin conformance/examples/plugin.c -o plugin.so
 *   mxemu check --subject plugin:./plugin.so
 */
#include <stdbool.h>
#include <string.h>

#include "mx_subject.h"
#include "mxfp4.h"

uint32_t mx_subject_version(void) { return MX_SUBJECT_VERSION; }

const char *mx_subject_name(void) { return "mxfp4.h"; }

const char *mx_subject_capabilities(void) { return "quantize MXFP4_E2M1 f32\ndequantize MXFP4_E2M1 f32\n"; }

/* "*" stands where the operation does not depend on the word. */
static bool is(const char *word, const char *known) { return strcmp(word, known) == 0 || strcmp(word, "*") == 0; }

int mx_subject_answer(const mx_subject_cases *cases) {
  /* What this converter does not know it does not do: other rules, roundings, and any option. */
  if (strcmp(cases->format, "MXFP4_E2M1") != 0 || strcmp(cases->type, "f32") != 0) return MX_SUBJECT_UNSUPPORTED;
  if (!is(cases->scale_rule, "floor") || !is(cases->rounding, "nearest_even")) return MX_SUBJECT_UNSUPPORTED;
  if (cases->options[0] != '\0') return MX_SUBJECT_UNSUPPORTED;

  const uint64_t elements = cases->elements;
  if (strcmp(cases->operation, "quantize") == 0) {
    const uint32_t *numbers = cases->numbers;
    for (uint64_t i = 0; i < cases->count; ++i) {
      const uint8_t scale = mxfp4_scale(numbers + i * elements, elements);
      cases->answer_scales[i] = scale;
      for (uint64_t j = i * elements; j < (i + 1) * elements; ++j)
        cases->answer_codes[j] = mxfp4_encode(numbers[j], scale);
    }
    return MX_SUBJECT_OK;
  }
  if (strcmp(cases->operation, "dequantize") == 0) {
    uint32_t *numbers = cases->answer_numbers;
    for (uint64_t j = 0; j < cases->count * elements; ++j)
      numbers[j] = mxfp4_decode(cases->codes[j], cases->scales[j / elements]);
    return MX_SUBJECT_OK;
  }
  return MX_SUBJECT_UNSUPPORTED;
}
