// usage COMMAND...: prints the peak memory of COMMAND in KiB.
//
// A process inherits the peak of the one that it was forked from, so what forks it must be small:
// hence this program, linked statically, in the place of time(1).
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2) return 64;
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 71;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 70;
  printf("%ld\n", usage.ru_maxrss);
  return 0;
}
