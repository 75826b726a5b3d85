/* The converter of mxfp4.h behind a pipe: conformance/PROTOCOL.md, with binary batches.
 *
 *   cc -std=c11 -O2 conformance/examples/device.c -o device
 *   mxemu check --subject process:./device
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mxfp4.h"

enum { line_size = 1 << 20, block_size = 32, batch_elements = 65536 };

static char line[line_size];
static uint8_t bytes_in[13 * batch_elements], bytes_out[5 * batch_elements];

typedef enum { QUANTIZE, DEQUANTIZE, NEITHER } operation;

/* What this device does not know it does not do: other rules, roundings, and any option. */
static operation parse_request(const char *request) {
  if (strcmp(request, "quantize MXFP4_E2M1 f32 floor nearest_even") == 0) return QUANTIZE;
  if (strcmp(request, "dequantize MXFP4_E2M1 f32 * *") == 0) return DEQUANTIZE;
  return NEITHER;
}

static void answer_quantize(char *words) {
  uint32_t numbers[block_size];
  size_t count = 0;
  for (char *word = strtok(words, " \r\n"); word && count < block_size; word = strtok(NULL, " \r\n"))
    numbers[count++] = (uint32_t)strtoul(word, NULL, 16);
  const uint8_t scale = mxfp4_scale(numbers, count);
  printf("%02x", scale);
  for (size_t i = 0; i < count; ++i) printf(" %x", mxfp4_encode(numbers[i], scale));
  printf("\n");
}

static void answer_dequantize(char *words) {
  const char *word = strtok(words, " \r\n");
  const uint8_t scale = word ? (uint8_t)strtoul(word, NULL, 16) : 0;
  while ((word = strtok(NULL, " \r\n"))) printf("%08x ", mxfp4_decode((uint8_t)strtoul(word, NULL, 16), scale));
  printf("\n");
}

static void answer_line(void) {
  char *dash = strstr(line, " - ");
  if (dash) *dash = '\0';
  const operation asked = dash ? parse_request(line) : NEITHER;
  if (asked == QUANTIZE) answer_quantize(dash + 3);
  if (asked == DEQUANTIZE) answer_dequantize(dash + 3);
  if (asked == NEITHER) printf("unsupported\n");
}

static uint32_t load(const uint8_t *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store(uint8_t *bytes, uint32_t word) {
  for (int i = 0; i < 4; ++i) bytes[i] = (uint8_t)(word >> 8 * i);
}

/* Scales first, then the elements, both in what comes and in what goes. Returns the bytes that go. */
static size_t quantize_batch(size_t count, size_t elements) {
  uint8_t *scales = bytes_out, *codes = bytes_out + count;
  for (size_t i = 0; i < count; ++i) {
    uint32_t numbers[block_size];
    for (size_t j = 0; j < elements; ++j) numbers[j] = load(bytes_in + 4 * (i * elements + j));
    scales[i] = mxfp4_scale(numbers, elements);
    for (size_t j = 0; j < elements; ++j) codes[i * elements + j] = mxfp4_encode(numbers[j], scales[i]);
  }
  return count + count * elements;
}

static size_t dequantize_batch(size_t count, size_t elements) {
  const uint8_t *scales = bytes_in, *codes = bytes_in + count;
  for (size_t i = 0; i < count * elements; ++i)
    store(bytes_out + 4 * i, mxfp4_decode(codes[i], scales[i / elements]));
  return 4 * count * elements;
}

/* "binary BYTES COUNT ELEMENTS REQUEST", and the bytes. False when the input is not what it says. */
static bool answer_batch(void) {
  size_t size = 0, count = 0, elements = 0;
  int start = 0;
  line[strcspn(line, "\r\n")] = '\0';
  if (sscanf(line, "binary %zu %zu %zu %n", &size, &count, &elements, &start) < 3) return false;
  if (size > sizeof bytes_in || fread(bytes_in, 1, size, stdin) != size) return false;
  const bool fits = elements <= block_size && count <= batch_elements && count * elements <= batch_elements;
  const operation asked = fits ? parse_request(line + start) : NEITHER;
  if (asked == NEITHER) {
    printf("unsupported\n");
    return true;
  }
  const size_t answer = asked == QUANTIZE ? quantize_batch(count, elements) : dequantize_batch(count, elements);
  printf("binary %zu\n", answer);
  fwrite(bytes_out, 1, answer, stdout);
  return true;
}

int main(void) {
  while (fgets(line, line_size, stdin)) {
    if (strncmp(line, "mxemu ", 6) == 0)
      printf("device mxfp4.h\ncan quantize MXFP4_E2M1 f32\ncan dequantize MXFP4_E2M1 f32\nbinary\nready\n");
    else if (strncmp(line, "binary ", 7) != 0)
      answer_line();
    else if (!answer_batch())
      return 1;
    fflush(stdout);
  }
  return 0;
}
