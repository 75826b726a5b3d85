/* A test bench that reaches the golden model from C, and the SystemVerilog package where it was installed. */
#include <stdio.h>

#include <mxemu_dpi.h>

int main(void) {
  const uint32_t numbers[2 * 3] = {0x40800000, 0x40200000, 0xbf800000}; /* 4, 2.5, -1; 64 bits of room a lane */
  uint32_t codes[1];
  unsigned char scale;
  void *request = mxemu_dpi_make_request("MXFP4_E2M1", "");
  FILE *package = fopen(SV_PACKAGE, "r");

  if (request == NULL || mxemu_dpi_quantize_block(request, 3, 3, numbers, NULL, &scale, codes) != 0) {
    fprintf(stderr, "bench: %s\n", mxemu_dpi_last_error());
    return 2;
  }
  printf("%02x: %03x, package %s\n", scale, (unsigned)codes[0], package ? "found" : "missing");
  mxemu_dpi_free_request(request);
  if (package) fclose(package);
  return 0;
}
