#include "CTestCrypto.h"

#include <CCrypto.h>
#include <openssl/core.h>
#include <openssl/provider.h>

// The default provider, which the program leaves out; no header declares it.
extern OSSL_provider_init_fn ossl_default_provider_init;

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int is_ready;

static void initialize(void) {
  is_ready = ccrypto_initialize() &&
             OSSL_PROVIDER_add_builtin(NULL, "default", ossl_default_provider_init) &&
             OSSL_PROVIDER_load(NULL, "default") != NULL;
}

int ctestcrypto_initialize(void) { return CRYPTO_THREAD_run_once(&once, initialize) && is_ready; }
