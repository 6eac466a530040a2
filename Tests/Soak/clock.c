// A clock that can be set for some processes and not for the machine: preloaded, it adds the seconds that
// the file CLOCK_FILE names to what the wall clock shows. Clocks that nobody can set stay as they are.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *result) {
  const long outcome = syscall(SYS_clock_gettime, clock, result);
  long offset = 0;
  FILE *file = clock == CLOCK_REALTIME && outcome == 0 ? fopen(CLOCK_FILE, "re") : NULL;
  if (file != NULL) {
    if (fscanf(file, "%ld", &offset) == 1) result->tv_sec += offset;
    fclose(file);
  }
  return (int)outcome;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}
