#include "CCrypto.h"

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <string.h>

// OpenSSL's default provider has some 300 algorithms, and OpenSSL looks at every one of them for every
// key that it decodes. That is most of the time that a short-lived program spends in it. So the
// default provider is loaded through another one that tells of those algorithms only that
// certificates are made of. See provider(7) and provider-base(7).

// What the static library has under these names, and no header declares: the default provider's entry,
// and what loads the texts of errors, for each part.
extern OSSL_provider_init_fn ossl_default_provider_init;
#define PARTS(PART)                                                                              \
  PART(ERR) PART(ASN1) PART(BIO) PART(BN) PART(CRYPTO) PART(DSA) PART(EC) PART(EVP) PART(OBJ)    \
  PART(OSSL_DECODER) PART(PEM) PART(PROV) PART(RAND) PART(RSA) PART(X509) PART(X509V3)
#define DECLARE(part) extern int ossl_err_load_##part##_strings(void);
PARTS(DECLARE)

// In the place of the library's own function, which has the texts of all parts, those for mail and time
// stamps among them, in a program that is to be small.
int ossl_err_load_crypto_strings(void) {
#define LOAD(part) ossl_err_load_##part##_strings() &&
  return PARTS(LOAD) 1;
}

static OSSL_FUNC_provider_query_operation_fn *query_default;

// The first of the names that an algorithm has, which are separated by colons.
static const char *const wanted[] = {
    "RSA", "RSA-PSS", "EC", "ECDSA", "ED25519", "ED448", "DSA", "DER", "MD5", "SHA1",
    "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512", "SHA3-256", "SHA3-384", "SHA3-512", "SHAKE-256",
};

// Of the decoders, those for formats of Microsoft's are left out, and those that stand there twice.
static const char *const unwanted[] = {
    "input=msblob", "input=pvk", "structure=rsa", "structure=ec", "structure=dsa",
    "structure=EncryptedPrivateKeyInfo",
};

static int is_wanted(const OSSL_ALGORITHM *algorithm) {
  const char *names = algorithm->algorithm_names;
  const char *properties = algorithm->property_definition;
  for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
    if (strstr(properties, unwanted[i]) != NULL) return 0;
  size_t length = strcspn(names, ":");
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    if (strlen(wanted[i]) == length && strncmp(wanted[i], names, length) == 0) return 1;
  return 0;
}

// The operations that are offered, and what is offered of each.
static struct {
  int operation;
  int is_known;
  OSSL_ALGORITHM algorithms[64];
} offers[] = {{.operation = OSSL_OP_DIGEST},
              {.operation = OSSL_OP_KEYMGMT},
              {.operation = OSSL_OP_SIGNATURE},
              {.operation = OSSL_OP_DECODER}};

// OpenSSL asks again and again, and the answer stays the same.
static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache) {
  for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
    if (offers[i].operation != operation) continue;
    OSSL_ALGORITHM *next = offers[i].algorithms;
    const OSSL_ALGORITHM *last = next + sizeof offers[i].algorithms / sizeof *next - 1;
    *no_cache = 0;
    if (offers[i].is_known) return next;
    const OSSL_ALGORITHM *all = query_default(context, operation, no_cache);
    for (; all != NULL && all->algorithm_names != NULL && next < last; all++)
      if (is_wanted(all)) *next++ = *all;
    offers[i].is_known = 1;
    return offers[i].algorithms;
  }
  return NULL;
}

static int initialize_provider(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
                               const OSSL_DISPATCH **out, void **context) {
  static OSSL_DISPATCH functions[16];
  const OSSL_DISPATCH *all;
  if (!ossl_default_provider_init(handle, in, &all, context)) return 0;
  size_t count = 0;
  for (; all->function_id != 0 && count < sizeof functions / sizeof *functions - 1; all++) {
    functions[count] = *all;
    if (all->function_id == OSSL_FUNC_PROVIDER_QUERY_OPERATION) {
      query_default = OSSL_FUNC_provider_query_operation(all);
      functions[count].function = (void (*)(void))query;
    }
    count++;
  }
  functions[count] = (OSSL_DISPATCH){0};
  *out = functions;
  return query_default != NULL;
}

// Texts of errors, and names of ciphers and digests, are registered by the hundred unless somebody
// objects. Of the names only the digests of signatures are asked for.
static int initialize_library(void) {
  const EVP_MD *digests[] = {EVP_md5(),    EVP_sha1(),   EVP_sha224(),   EVP_sha256(),
                             EVP_sha384(), EVP_sha512(), EVP_sha3_256(), EVP_sha3_512()};
  uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT |
                     OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS;
  if (!OPENSSL_init_crypto(options, NULL)) return 0;
  for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
    if (!EVP_add_digest(digests[i])) return 0;
  return 1;
}

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int is_ready;

static void initialize(void) {
  static const char *const name = "entrypoint";
  is_ready = initialize_library() &&
             OSSL_PROVIDER_add_builtin(NULL, name, initialize_provider) &&
             OSSL_PROVIDER_load(NULL, name) != NULL;
}

int ccrypto_initialize(void) { return CRYPTO_THREAD_run_once(&once, initialize) && is_ready; }

const char *ccrypto_err_reason_string(unsigned long code) {
  return ossl_err_load_crypto_strings() ? ERR_reason_error_string(code) : NULL;
}

int ccrypto_initialize_for_making(void) {
  return ccrypto_initialize() && OSSL_PROVIDER_load(NULL, "default") != NULL;
}
