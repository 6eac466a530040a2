#ifndef CSYSTEM_H
#define CSYSTEM_H

// The C library for both builds: Embedded Swift has no Glibc module, and neither build can see
// variadic functions or macros. Each wrapper is the call of the same name and nothing more.

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static inline int csystem_errno(void) { return errno; }

static inline char **csystem_environ(void) { return environ; }

// The name is as long as it is, not as long as its declaration.
static inline const char *csystem_entry_name(const struct dirent *entry) {
  return entry->d_name;
}

static inline int csystem_open(const char *path, int flags, mode_t mode) {
  return open(path, flags, mode);
}

// Null at the end with errno 0, or with the reason why there is no next one.
static inline struct dirent *csystem_readdir(DIR *directory) {
  errno = 0;
  return readdir(directory);
}

static inline void csystem_close_from(int first) { closefrom(first); }

static inline pid_t csystem_fork(void) { return fork(); }

static inline int csystem_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

static inline int csystem_set_name(const char *name) { return prctl(PR_SET_NAME, name); }

#endif
