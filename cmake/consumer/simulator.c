/* A simulator in C: a layer's weights kept as MXFP4, as an accelerator would hold them, read back, and multiplied. */
#include <stdio.h>
#include <stdlib.h>

#include <mxemu.h>

static void check(mxemu_status status) {
  if (status == MXEMU_OK) return;
  fprintf(stderr, "simulator: %s\n", mxemu_last_error());
  exit(2);
}

enum { rows = 4, columns = 64 };

/* The sums of the rows, as products with ones in bfloat16: whole, and as the matrix library adds them. */
static void multiply(const mxemu_request *request, const mxemu_matrix *weights) {
  uint16_t ones[columns];
  float whole[rows], added[rows];
  const mxemu_matrix activations = {.codes = ones, .code_bytes = sizeof ones, .rows = 1, .depth = columns};
  mxemu_dot_request *exact;
  int i;

  for (i = 0; i < columns; ++i) ones[i] = 0x3f80;
  check(mxemu_dot_request_create("exact", "bf16", "E2M1", &exact));
  check(mxemu_matmul_factors(exact, &activations, weights, 0.5f, 1, NULL, 0, whole, sizeof whole));
  check(mxemu_matmul_bf16(NULL, &activations, request, weights, added, sizeof added));
  mxemu_dot_request_destroy(exact);
  for (i = 0; i < rows; ++i) printf("%g is half of %g%s", whole[i], added[i], i + 1 < rows ? ", " : "\n");
}

int main(void) {
  static float weights[rows][columns], back[rows][columns];
  uint8_t codes[rows * columns / 2], scales[rows * columns / 32];
  const mxemu_grid grid = {rows, columns, 1};
  mxemu_request *request;
  uint64_t code_bytes, scale_bytes;
  int r, c;

  for (r = 0; r < rows; ++r)
    for (c = 0; c < columns; ++c) weights[r][c] = (float)((r * 37 + c * 11) % 101 - 50) / 16;

  check(mxemu_request_create("MXFP4_E2M1", NULL, &request));
  check(mxemu_request_set(request, "scale_rule", "rceil"));
  check(mxemu_sizes(request, &grid, MXEMU_BIT_STREAM, &code_bytes, &scale_bytes));
  check(mxemu_quantize(request, &grid, MXEMU_F32, weights, sizeof weights, MXEMU_BIT_STREAM, codes, code_bytes, scales,
                       scale_bytes, NULL));
  check(mxemu_dequantize(request, &grid, MXEMU_BIT_STREAM, codes, code_bytes, scales, scale_bytes, MXEMU_F32, back,
                         sizeof back));
  printf("%u scales from %02x, codes from %02x %02x, %g becomes %g\n", (unsigned)scale_bytes, scales[0], codes[0],
         codes[1], weights[0][1], back[0][1]);
  multiply(request, &(const mxemu_matrix){.codes = codes,
                                          .code_bytes = code_bytes,
                                          .scales = scales,
                                          .scale_bytes = scale_bytes,
                                          .rows = rows,
                                          .depth = columns,
                                          .packing = MXEMU_BIT_STREAM});
  if (mxemu_request_set(request, "scale_rule", "sideways") != MXEMU_OK) printf("%s\n", mxemu_last_error());
  mxemu_request_destroy(request);
  return 0;
}
