/* The example plugin on an accelerator that is none: its memory is malloc's, and an array that does not stand in it is a
 * failure. With ONLY_ALLOCATE it exports one of the four functions and forgets the rest. */
#include <stdlib.h>

#define mx_subject_answer answer_on_the_device
#define mx_subject_capabilities capabilities_of_the_converter
#include "conformance/examples/plugin.c"
#undef mx_subject_answer
#undef mx_subject_capabilities

enum { most = 16 };
static struct {
  char *memory;
  uint64_t bytes;
} allocations[most];

static int has_fault(const char *name) {
  const char *fault = getenv("MX_PLUGIN_FAULT");
  return fault && strcmp(fault, name) == 0;
}

void *mx_subject_allocate(uint64_t bytes) {
  if (has_fault("no memory")) return NULL;
  for (int i = 0; i < most; ++i)
    if (!allocations[i].memory) {
      allocations[i].bytes = bytes;
      return allocations[i].memory = malloc(bytes);
    }
  return NULL; /* a suite that does not release comes here */
}

#ifndef ONLY_ALLOCATE
void mx_subject_release(void *memory) {
  for (int i = 0; i < most; ++i)
    if (allocations[i].memory == memory) allocations[i].memory = NULL;
  free(memory);
}

int mx_subject_copy_to_device(void *device, const void *host, uint64_t bytes) {
  memcpy(device, host, bytes);
  return has_fault("copy to device");
}

int mx_subject_copy_to_host(void *host, const void *device, uint64_t bytes) {
  memcpy(host, device, bytes);
  return has_fault("copy to host");
}
#endif

const char *mx_subject_capabilities(void) { return capabilities_of_the_converter(); }

static bool is_on_device(const void *array) {
  const char *byte = array;
  if (!array) return true;
  for (int i = 0; i < most; ++i)
    if (allocations[i].memory && byte >= allocations[i].memory && byte < allocations[i].memory + allocations[i].bytes)
      return true;
  return false;
}

int mx_subject_answer(const mx_subject_cases *cases) {
  const bool all = is_on_device(cases->numbers) && is_on_device(cases->codes) && is_on_device(cases->scales) &&
                   is_on_device(cases->answer_numbers) && is_on_device(cases->answer_codes) &&
                   is_on_device(cases->answer_scales) && is_on_device(cases->unsupported);
  return all ? answer_on_the_device(cases) : -1;
}
