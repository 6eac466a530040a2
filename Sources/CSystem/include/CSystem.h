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
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

static inline int csystem_openat(int directory, const char *name, int flags, mode_t mode) {
  return openat(directory, name, flags, mode);
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

// What the release script noted about this build: lines of a name, a blank and a value.
const char *csystem_build(void);

// The version of the C library that runs.
const char *csystem_libc_version(void);

// No core dump, and nothing below /proc that tells another process of the same user what is in memory.
static inline int csystem_hide_memory(void) { return prctl(PR_SET_DUMPABLE, 0); }

// The C library keeps the signals 32 and 33 to itself and lets nobody block them, so this asks the kernel.
static inline int csystem_block_signals(void) {
  const unsigned long long all = ~0ULL;
  return (int)syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof all);
}

// The signals by which a process learns of a defect of its own; main has a handler for them.
static inline int csystem_admit_defects(void) {
  const int defects[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};
  sigset_t set;
  sigemptyset(&set);
  for (unsigned i = 0; i < sizeof defects / sizeof *defects; i++) sigaddset(&set, defects[i]);
  return sigprocmask(SIG_UNBLOCK, &set, NULL);
}

// A descriptor that can be read when somebody has sent one of the signals that mean "look now".
static inline int csystem_open_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGUSR2);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

// The width of the terminal, or -1 where the file is none.
int csystem_columns(int file);

int csystem_set_lease(int file, int kind);
// F_WRLCK as long as nobody waits for its end.
int csystem_lease(int file);
int csystem_pipe(int ends[2], int flags);

// The signal that ended a process, or 0.
static inline int csystem_ending_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

static inline int csystem_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

// The name is as long as it is, not as long as its declaration.
static inline const char *csystem_event_name(const struct inotify_event *event) { return event->name; }

// The path by which this program was executed.
static inline const char *csystem_program(void) { return (const char *)getauxval(AT_EXECFN); }

#endif
