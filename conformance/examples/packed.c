/* The converter of mxfp4.h as a plugin that writes packed memory: two codes to a byte, the low nibble first, and scales
 * row by row. Its axis is the last one, its lines are whole blocks.
 *
 *   cc -std=c11 -O2 -shared -fPIC -I conformance/plugin conformance/examples/packed.c -o packed.so
 *   mxemu check --subject plugin:./packed.so
 */
#include <stdbool.h>
#include <string.h>

#include "mx_subject.h"
#include "mxfp4.h"

uint32_t mx_subject_version(void) { return MX_SUBJECT_VERSION; }

const char *mx_subject_name(void) { return "packed mxfp4.h"; }

const char *mx_subject_capabilities(void) {
  return "quantize_tensor MXFP4_E2M1 f32\ndequantize_tensor MXFP4_E2M1 f32\n";
}

const char *mx_subject_layouts(void) { return "MXFP4_E2M1 bit_stream row_major\n"; }

static bool is(const char *word, const char *known) { return strcmp(word, known) == 0 || strcmp(word, "*") == 0; }

/* What this converter does not know it does not do: other rules, roundings, options, layouts, axes and lengths. */
static bool knows(const mx_subject_cases *cases) {
  return strcmp(cases->format, "MXFP4_E2M1") == 0 && strcmp(cases->type, "f32") == 0 &&
         is(cases->scale_rule, "floor") && is(cases->rounding, "nearest_even") && cases->options[0] == '\0' &&
         strcmp(cases->packing, "bit_stream") == 0 && strcmp(cases->scale_order, "row_major") == 0 &&
         cases->axis + 1 == cases->dimensions && cases->shape[cases->axis] % 32 == 0;
}

int mx_subject_answer(const mx_subject_cases *cases) {
  if (!knows(cases)) return MX_SUBJECT_UNSUPPORTED;
  /* Whole lines of whole blocks: block b has 32 numbers, 16 bytes of codes and byte b of the scales, case after case. */
  const uint64_t blocks = cases->count * cases->elements / 32;
  const bool quantizes = strcmp(cases->operation, "quantize_tensor") == 0;
  for (uint64_t b = 0; b < blocks; ++b) {
    if (quantizes) {
      const uint32_t *numbers = (const uint32_t *)cases->numbers + 32 * b;
      const uint8_t scale = mxfp4_scale(numbers, 32);
      cases->answer_scales[b] = scale;
      for (uint64_t i = 0; i < 16; ++i)
        cases->answer_codes[16 * b + i] = (uint8_t)(mxfp4_encode(numbers[2 * i], scale) |
                                                    mxfp4_encode(numbers[2 * i + 1], scale) << 4);
    } else {
      uint32_t *numbers = (uint32_t *)cases->answer_numbers + 32 * b;
      for (uint64_t i = 0; i < 32; ++i)
        numbers[i] = mxfp4_decode(cases->codes[16 * b + i / 2] >> 4 * (i % 2) & 15, cases->scales[b]);
    }
  }
  return MX_SUBJECT_OK;
}
