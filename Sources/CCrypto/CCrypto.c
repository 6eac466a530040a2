#include "CCrypto.h"

#include "Provider.h"

#include <openssl/provider.h>
#include <openssl/rand.h>

// In the place of the library's own function, which has the texts of all parts, those for mail and time
// stamps among them, in a program that is to be small.
#define PARTS(PART)                                                                              \
  PART(ERR) PART(ASN1) PART(BIO) PART(BN) PART(CRYPTO) PART(DSA) PART(EC) PART(EVP) PART(OBJ)    \
  PART(OSSL_DECODER) PART(PEM) PART(PROV) PART(RAND) PART(RSA) PART(X509) PART(X509V3)
#define DECLARE(part) extern int ossl_err_load_##part##_strings(void);
PARTS(DECLARE)

int ossl_err_load_crypto_strings(void) {
#define LOAD(part) ossl_err_load_##part##_strings() &&
  return PARTS(LOAD) 1;
}

// Texts of errors are registered by the hundred unless somebody objects.
static int initialize_library(void) {
  uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT |
                     OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                     OPENSSL_INIT_NO_ADD_ALL_DIGESTS;
  return OPENSSL_init_crypto(options, NULL);
}

static int load_provider(void) {
  static const char *const name = "entrypoint";
  return OSSL_PROVIDER_add_builtin(NULL, name, ccrypto_provider_init) &&
         OSSL_PROVIDER_load(NULL, name) != NULL &&
         RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA2-256");
}

// Only the digests of signatures are looked up by name. OpenSSL copies all that have one already into the names of
// what providers have, which takes longer than all else here, so the first provider comes before them.
static int name_digests(void) {
  const EVP_MD *digests[] = {EVP_md5(),        EVP_sha1(),       EVP_sha224(),   EVP_sha256(),
                             EVP_sha384(),     EVP_sha512(),     EVP_sha512_224(),
                             EVP_sha512_256(), EVP_sha3_224(),   EVP_sha3_256(), EVP_sha3_384(),
                             EVP_sha3_512()};
  EVP_MD_free(EVP_MD_fetch(NULL, "SHA2-256", NULL));
  for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
    if (!EVP_add_digest(digests[i])) return 0;
  return 1;
}

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int is_ready;

static void initialize(void) { is_ready = initialize_library() && load_provider() && name_digests(); }

int ccrypto_initialize(void) { return CRYPTO_THREAD_run_once(&once, initialize) && is_ready; }

const char *ccrypto_err_reason_string(unsigned long code) {
  return ossl_err_load_crypto_strings() ? ERR_reason_error_string(code) : NULL;
}
