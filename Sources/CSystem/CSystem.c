// For leases and pipe2; in the header it would give Swift another fd_set than libyaml's module has.
#define _GNU_SOURCE

#include "CSystem.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>

// scripts/release.sh fills it in after linking, so that a commit neither rebuilds anything nor changes
// any other byte.
__attribute__((section("entrypoint_build"), used)) static const char build[512] = "";

const char *csystem_build(void) { return build; }

const char *csystem_libc_version(void) { return gnu_get_libc_version(); }

int csystem_columns(int file) {
  struct winsize size;
  return ioctl(file, TIOCGWINSZ, &size) == 0 ? size.ws_col : -1;
}

int csystem_set_lease(int file, int kind) { return fcntl(file, F_SETLEASE, kind); }
int csystem_lease(int file) { return fcntl(file, F_GETLEASE); }

int csystem_pipe(int ends[2], int flags) { return pipe2(ends, flags); }

// In the place of posix_memalign in the release. Embedded Swift asks for each object with the alignment that malloc gives
// anyway, and the function that can do more takes twice as long.
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
  void *new = alignment <= _Alignof(max_align_t) ? malloc(size) : aligned_alloc(alignment, size);
  if (new == NULL) return ENOMEM;
  *memory = new;
  return 0;
}
