// The least that any entrypoint does: becomes the program called patroni.
#include <unistd.h>

int main(void) {
  char *words[] = {"patroni", "patroni.yml", NULL};
  execvp(words[0], words);
  return 127;
}
