/* A device that costs next to nothing: one and the same answer to every line, so that a benchmark of the pipe measures the
 * suite's side of it.   responder OPERATION "ANSWER" */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { size = 1 << 16 };

static char input[size], output[16 * size];

static int write_all(const char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written <= 0) return 0;
    bytes += written;
    count -= (size_t)written;
  }
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const size_t length = strlen(argv[2]);
  if (length == 0 || length + 1 > size) return 2;
  printf("device responder\ncan %s * *\nready\n", argv[1]);
  fflush(stdout);
  int greeted = 0;
  for (ssize_t count; (count = read(STDIN_FILENO, input, size)) > 0;) {
    size_t used = 0;
    for (const char *end = input + count, *at = input; (at = memchr(at, '\n', (size_t)(end - at))); ++at) {
      if (!greeted++) continue;
      if (used + length + 1 > sizeof output) {
        if (!write_all(output, used)) return 1;
        used = 0;
      }
      memcpy(output + used, argv[2], length);
      output[used + length] = '\n';
      used += length + 1;
    }
    if (!write_all(output, used)) return 1;
  }
  return 0;
}
