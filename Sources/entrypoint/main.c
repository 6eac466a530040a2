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
  char *end = append_text(message, "entrypoint: error: internal defect at address 0x");
  end = append_hexadecimal(end, (uintptr_t)info->si_addr);
  end = append_text(end, "\n  hint: Please report it with this line.\n");
  (void)!write(STDERR_FILENO, message, (size_t)(end - message));
  _exit(70);
}

int main(int argc, char **argv) {
  // execve resets handlers, so the program that we become has none of them.
  struct sigaction action = {.sa_sigaction = report_defect, .sa_flags = SA_SIGINFO};
  const int defects[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};
  for (unsigned i = 0; i < sizeof defects / sizeof *defects; i++)
    sigaction(defects[i], &action, NULL);
  return entrypoint_main(argc, argv);
}
