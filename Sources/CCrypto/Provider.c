#include "Provider.h"

#include <openssl/bio.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>

// OpenSSL's default provider names some 300 algorithms. The linker keeps every one of them, and OpenSSL looks at every
// one for each key that it decodes. So there is a provider here with tables of its own, of the same
// implementations: what libssl takes in a certificate, a key or a revocation list, and what makes a self-signed
// certificate. CONTRIBUTING.md says how the tables are kept complete. See provider(7) and provider-base(7).
//
// No header declares the implementations; their names are the same from OpenSSL 3.0 to 3.5.

#define DIGESTS(ALGORITHM)                                                                       \
  ALGORITHM("MD5:SSL3-MD5:1.2.840.113549.2.5", "", md5)                                          \
  ALGORITHM("SHA1:SHA-1:SSL3-SHA1:1.3.14.3.2.26", "", sha1)                                      \
  ALGORITHM("SHA2-224:SHA-224:SHA224:2.16.840.1.101.3.4.2.4", "", sha224)                        \
  ALGORITHM("SHA2-256:SHA-256:SHA256:2.16.840.1.101.3.4.2.1", "", sha256)                        \
  ALGORITHM("SHA2-384:SHA-384:SHA384:2.16.840.1.101.3.4.2.2", "", sha384)                        \
  ALGORITHM("SHA2-512:SHA-512:SHA512:2.16.840.1.101.3.4.2.3", "", sha512)                        \
  ALGORITHM("SHA2-512/224:SHA-512/224:SHA512-224:2.16.840.1.101.3.4.2.5", "", sha512_224)        \
  ALGORITHM("SHA2-512/256:SHA-512/256:SHA512-256:2.16.840.1.101.3.4.2.6", "", sha512_256)        \
  ALGORITHM("SHA3-224:2.16.840.1.101.3.4.2.7", "", sha3_224)                                     \
  ALGORITHM("SHA3-256:2.16.840.1.101.3.4.2.8", "", sha3_256)                                     \
  ALGORITHM("SHA3-384:2.16.840.1.101.3.4.2.9", "", sha3_384)                                     \
  ALGORITHM("SHA3-512:2.16.840.1.101.3.4.2.10", "", sha3_512)                                    \
  /* Ed448 hashes with it. */                                                                    \
  ALGORITHM("SHAKE-256:SHAKE256:2.16.840.1.101.3.4.2.12", "", shake_256)

#define RSA "RSA:rsaEncryption:1.2.840.113549.1.1.1"
#define RSA_PSS "RSA-PSS:RSASSA-PSS:1.2.840.113549.1.1.10"
#define EC "EC:id-ecPublicKey:1.2.840.10045.2.1"
#define ED25519 "ED25519:1.3.101.112"
#define ED448 "ED448:1.3.101.113"
#define DSA "DSA:dsaEncryption:1.2.840.10040.4.1"

#define KEYS(ALGORITHM)                                                                          \
  ALGORITHM(RSA, "", rsa_keymgmt)                                                                \
  ALGORITHM(RSA_PSS, "", rsapss_keymgmt)                                                         \
  ALGORITHM(EC, "", ec_keymgmt)                                                                  \
  ALGORITHM(ED25519, "", ed25519_keymgmt)                                                        \
  ALGORITHM(ED448, "", ed448_keymgmt)                                                            \
  ALGORITHM(DSA, "", dsa_keymgmt)

#define SIGNATURES(ALGORITHM)                                                                    \
  ALGORITHM(RSA, "", rsa_signature)                                                              \
  ALGORITHM("ECDSA", "", ecdsa_signature)                                                        \
  ALGORITHM(ED25519, "", ed25519_signature)                                                      \
  ALGORITHM(ED448, "", ed448_signature)                                                          \
  ALGORITHM(DSA, "", dsa_signature)

#define PKCS8 ",input=der,structure=PrivateKeyInfo"
#define SPKI ",input=der,structure=SubjectPublicKeyInfo"
#define PLAIN ",input=der,structure=type-specific"

#define DECODERS(ALGORITHM)                                                                      \
  ALGORITHM(RSA, PKCS8, PrivateKeyInfo_der_to_rsa_decoder)                                       \
  ALGORITHM(RSA, SPKI, SubjectPublicKeyInfo_der_to_rsa_decoder)                                  \
  ALGORITHM(RSA, PLAIN, type_specific_keypair_der_to_rsa_decoder)                                \
  ALGORITHM(RSA_PSS, PKCS8, PrivateKeyInfo_der_to_rsapss_decoder)                                \
  ALGORITHM(RSA_PSS, SPKI, SubjectPublicKeyInfo_der_to_rsapss_decoder)                           \
  ALGORITHM(EC, PKCS8, PrivateKeyInfo_der_to_ec_decoder)                                         \
  ALGORITHM(EC, SPKI, SubjectPublicKeyInfo_der_to_ec_decoder)                                    \
  ALGORITHM(EC, PLAIN, type_specific_no_pub_der_to_ec_decoder)                                   \
  ALGORITHM(ED25519, PKCS8, PrivateKeyInfo_der_to_ed25519_decoder)                               \
  ALGORITHM(ED25519, SPKI, SubjectPublicKeyInfo_der_to_ed25519_decoder)                          \
  ALGORITHM(ED448, PKCS8, PrivateKeyInfo_der_to_ed448_decoder)                                   \
  ALGORITHM(ED448, SPKI, SubjectPublicKeyInfo_der_to_ed448_decoder)                              \
  ALGORITHM(DSA, PKCS8, PrivateKeyInfo_der_to_dsa_decoder)                                       \
  ALGORITHM(DSA, SPKI, SubjectPublicKeyInfo_der_to_dsa_decoder)                                  \
  ALGORITHM(DSA, PLAIN, type_specific_der_to_dsa_decoder)                                        \
  ALGORITHM("DER", ",input=pem", pem_to_der_decoder)

// Random numbers for the key of the self-signed certificate, without a cipher.
#define GENERATORS(ALGORITHM)                                                                    \
  ALGORITHM("HASH-DRBG", "", drbg_hash)                                                          \
  ALGORITHM("SEED-SRC", "", seed_src)

#define OPERATIONS(OPERATION)                                                                    \
  OPERATION(OSSL_OP_DIGEST, DIGESTS)                                                             \
  OPERATION(OSSL_OP_KEYMGMT, KEYS)                                                               \
  OPERATION(OSSL_OP_SIGNATURE, SIGNATURES)                                                       \
  OPERATION(OSSL_OP_DECODER, DECODERS)                                                           \
  OPERATION(OSSL_OP_RAND, GENERATORS)

#define DECLARATION(names, properties, name) extern const OSSL_DISPATCH ossl_##name##_functions[];
#define ENTRY(names, properties, name) {names, PROVIDER properties, ossl_##name##_functions, NULL},
#define TABLE(operation, LIST)                                                                   \
  LIST(DECLARATION)                                                                              \
  static const OSSL_ALGORITHM LIST##_table[] = {LIST(ENTRY){NULL, NULL, NULL, NULL}};
#define PROVIDER "provider=entrypoint"
OPERATIONS(TABLE)

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache) {
  (void)context;
  *no_cache = 0;
#define CASE(operation, LIST)                                                                    \
  case operation:                                                                                \
    return LIST##_table;
  switch (operation) {
    OPERATIONS(CASE)
  }
  return NULL;
}

// What the implementations expect as their provider's context, which is that of OpenSSL's own providers.
typedef struct prov_ctx_st PROV_CTX;
extern PROV_CTX *ossl_prov_ctx_new(void);
extern void ossl_prov_ctx_set0_libctx(PROV_CTX *, OSSL_LIB_CTX *);
extern void ossl_prov_ctx_set0_handle(PROV_CTX *, const OSSL_CORE_HANDLE *);
extern void ossl_prov_ctx_set0_core_bio_method(PROV_CTX *, BIO_METHOD *);
extern BIO_METHOD *ossl_bio_prov_init_bio_method(void);
extern int ossl_prov_bio_from_dispatch(const OSSL_DISPATCH *);
extern int ossl_prov_seeding_from_dispatch(const OSSL_DISPATCH *);

int ccrypto_provider_init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
                          const OSSL_DISPATCH **out, void **context) {
  // It is never unloaded, and has nothing to tell about itself.
  static const OSSL_DISPATCH functions[] = {
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query}, {0, NULL}};
  OSSL_FUNC_core_get_libctx_fn *library = NULL;
  if (!ossl_prov_bio_from_dispatch(in) || !ossl_prov_seeding_from_dispatch(in)) return 0;
  for (; in->function_id != 0; in++)
    if (in->function_id == OSSL_FUNC_CORE_GET_LIBCTX) library = OSSL_FUNC_core_get_libctx(in);
  PROV_CTX *own = ossl_prov_ctx_new();
  BIO_METHOD *method = ossl_bio_prov_init_bio_method();
  if (library == NULL || own == NULL || method == NULL) return 0;
  ossl_prov_ctx_set0_libctx(own, (OSSL_LIB_CTX *)library(handle));
  ossl_prov_ctx_set0_handle(own, handle);
  ossl_prov_ctx_set0_core_bio_method(own, method);
  *out = functions;
  *context = own;
  return 1;
}
