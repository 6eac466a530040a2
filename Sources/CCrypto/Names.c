#include <string.h>

// OpenSSL numbers the names of algorithms. For each key that it decodes, it looks up the same dozen of names
// hundreds of times, and with each the place where the numbers are. The linker puts what stands here before the library's own
// functions (--wrap), so that the answers are remembered. They never change: there is one library context, which is never
// freed, and a name keeps its number.

typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;
typedef struct ossl_namemap_st OSSL_NAMEMAP;

extern OSSL_NAMEMAP *__real_ossl_namemap_stored(OSSL_LIB_CTX *library);
extern int __real_ossl_namemap_name2num(const OSSL_NAMEMAP *map, const char *name);
OSSL_NAMEMAP *__wrap_ossl_namemap_stored(OSSL_LIB_CTX *library);
int __wrap_ossl_namemap_name2num(const OSSL_NAMEMAP *map, const char *name);

OSSL_NAMEMAP *__wrap_ossl_namemap_stored(OSSL_LIB_CTX *library) {
  static _Thread_local OSSL_LIB_CTX *known;
  static _Thread_local OSSL_NAMEMAP *map;
  if (map == NULL || known != library) {
    known = library;
    map = __real_ossl_namemap_stored(library);
  }
  return map;
}

int __wrap_ossl_namemap_name2num(const OSSL_NAMEMAP *map, const char *name) {
  enum { longest = 31, most = 32 };
  static _Thread_local struct {
    char name[longest + 1];
    int number;
  } memory[most];
  static _Thread_local const OSSL_NAMEMAP *known;
  if (name == NULL || map == NULL || strlen(name) > longest) return __real_ossl_namemap_name2num(map, name);
  if (known != map) memset(memory, 0, sizeof memory);
  known = map;
  unsigned place = 0;
  for (const char *next = name; *next != 0; next++) place = place * 31 + (unsigned char)*next;
  place %= most;
  if (memory[place].number == 0 || strcmp(memory[place].name, name) != 0) {
    int number = __real_ossl_namemap_name2num(map, name);
    if (number == 0) return 0;
    strcpy(memory[place].name, name);
    memory[place].number = number;
  }
  return memory[place].number;
}
