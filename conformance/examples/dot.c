/* Dot products of MXFP4 blocks behind a pipe (conformance/PROTOCOL.md, "Dot products"): each block exact in integers,
 * rounded once to float32, blocks added in float32.
 *
 *   cc -std=c11 -O2 -ffp-contract=off conformance/examples/dot.c -lm -o dot
 *   mxemu check --subject process:./dot
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { line_size = 1 << 20, block_size = 32, most_elements = 65536 };

static char line[line_size];
static uint8_t words[2][2 * most_elements]; /* of a and of b: the scales, then the codes */

/* The words up to the next dash or the end. Returns how many; `rest` is what follows the dash. */
static size_t take_words(char **rest, uint8_t *out) {
  size_t count = 0;
  char *at = *rest, *end = at;
  for (;; at = end) {
    while (*at == ' ') ++at;
    const unsigned long word = strtoul(at, &end, 16);
    if (end == at || count == 2 * most_elements) break;
    out[count++] = (uint8_t)word;
  }
  *rest = *at == '-' ? at + 1 : at;
  return count;
}

/* Twice the number that a code stands for. */
static int halves(uint8_t code) {
  static const int magnitudes[8] = {0, 1, 2, 3, 4, 6, 8, 12};
  return code & 8 ? -magnitudes[code & 7] : magnitudes[code & 7];
}

/* 33 words a block: n elements and their ceil(n / 32) scales. */
static float dot(float sum, size_t count) {
  const size_t blocks = (count + block_size) / (block_size + 1), elements = count - blocks;
  for (size_t block = 0; block < blocks; ++block) {
    const uint8_t scale_a = words[0][block], scale_b = words[1][block];
    int quarters = 0;
    for (size_t i = block * block_size; i < elements && i < (block + 1) * block_size; ++i)
      quarters += halves(words[0][blocks + i]) * halves(words[1][blocks + i]);
    const int nan = scale_a == 0xff || scale_b == 0xff;
    const float product = nan ? NAN : ldexpf((float)quarters, scale_a - 127 + (scale_b - 127) - 2);
    sum += product;
  }
  return sum;
}

int main(void) {
  static const char request[] = "dot MXFP4_E2M1 MXFP4_E2M1 f32 - ";
  while (fgets(line, line_size, stdin)) {
    if (strncmp(line, "mxemu ", 6) == 0) {
      printf("device dot.c\ncan dot MXFP4_E2M1 MXFP4_E2M1 f32 accumulator=block_exact\nready\n");
    } else if (strncmp(line, request, sizeof request - 1) == 0) {
      char *rest;
      uint32_t bits = (uint32_t)strtoul(line + sizeof request - 1, &rest, 16);
      rest += strspn(rest, " -");
      const size_t a = take_words(&rest, words[0]), b = take_words(&rest, words[1]);
      float sum;
      memcpy(&sum, &bits, sizeof sum);
      sum = dot(sum, a < b ? a : b);
      memcpy(&bits, &sum, sizeof bits);
      printf("%08x\n", bits);
    } else {
      printf("unsupported\n");
    }
    fflush(stdout);
  }
  return 0;
}
