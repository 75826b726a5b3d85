/* A simulator in C: a layer's weights kept as MXFP4, as an accelerator would hold them, and read back. */
#include <stdio.h>
#include <stdlib.h>

#include <mxemu.h>

static void check(mxemu_status status) {
  if (status == MXEMU_OK) return;
  fprintf(stderr, "simulator: %s\n", mxemu_last_error());
  exit(2);
}

int main(void) {
  enum { rows = 4, columns = 64 };
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
  if (mxemu_request_set(request, "scale_rule", "sideways") != MXEMU_OK) printf("%s\n", mxemu_last_error());
  mxemu_request_destroy(request);
  return 0;
}
