#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

// The Swift half of the program.
int entrypoint_main(int argc, char **argv);

static char *append_text(char *end, const char *text) {
  while (*text != '\0') *end++ = *text++;
  return end;
}

static char *append_hexadecimal(char *end, uintptr_t number) {
  for (int shift = (int)sizeof number * 8 - 4; shift >= 0; shift -= 4)
    *end++ = "0123456789abcdef"[(number >> shift) & 15];
  return end;
}

// A trap of Swift's prints nothing in a release build, which is linked to run at a fixed address. It
// tells the line: llvm-symbolizer --obj=entrypoint.debug ADDRESS
static void report_defect(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)context;
  char message[160];
  char *end = append_text(message, "entrypoint: error: internal error at address 0x");
  end = append_hexadecimal(end, (uintptr_t)info->si_addr);
  end = append_text(end, "\n  hint: Please report it with this line.\n");
  (void)!write(STDERR_FILENO, message, (size_t)(end - message));
  _exit(70);
}

static void carry_on(int signal) { (void)signal; }

// A message that nobody reads, and a file that is as long as it may be, are errors of write(2) and end
// nobody. One who had the signal ignored has it ignored in the program that we become, too.
static void survive_failing_writes(void) {
  const int signals[] = {SIGPIPE, SIGXFSZ};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction old, action = {.sa_handler = carry_on, .sa_flags = SA_RESTART};
    sigaction(signals[i], NULL, &old);
    if (old.sa_handler == SIG_DFL) sigaction(signals[i], &action, NULL);
  }
}

// Where a standard stream is closed, the next file that is opened would take its place, and messages
// would be written into it. The program that we become finds it closed again.
static void occupy_standard_streams(void) {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
    if (fcntl(stream, F_GETFD) == -1) (void)!open("/dev/null", O_RDWR | O_CLOEXEC);
}

int main(int argc, char **argv) {
  // execve resets handlers, so the program that we become has none of them.
  struct sigaction action = {.sa_sigaction = report_defect, .sa_flags = SA_SIGINFO};
  const int defects[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};
  for (unsigned i = 0; i < sizeof defects / sizeof *defects; i++)
    sigaction(defects[i], &action, NULL);
  survive_failing_writes();
  occupy_standard_streams();
  return entrypoint_main(argc, argv);
}
