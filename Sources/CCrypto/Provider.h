#ifndef CCRYPTO_PROVIDER_H
#define CCRYPTO_PROVIDER_H

#include <openssl/core.h>

// The provider of what certificates and keys are made of; for OSSL_PROVIDER_add_builtin(3).
OSSL_provider_init_fn ccrypto_provider_init;

#endif
