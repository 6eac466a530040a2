#ifndef CCRYPTO_H
#define CCRYPTO_H

// OpenSSL's libcrypto. Swift cannot see its macros, so each wrapper is the macro of the same name and
// nothing more.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdbool.h>

// Makes OpenSSL ready to read and to verify certificates, and to sign with P-256. Reads no openssl.cnf: the answers must
// not depend on files that nobody looked at. Once is enough, and more does no harm.
int ccrypto_initialize(void);

// What an error number means, in words; loads the words first.
const char *ccrypto_err_reason_string(unsigned long code);

static inline int ccrypto_err_lib(unsigned long code) { return ERR_GET_LIB(code); }
static inline int ccrypto_err_reason(unsigned long code) { return ERR_GET_REASON(code); }

static inline long ccrypto_bio_get_mem_data(BIO *bio, char **data) {
  return BIO_get_mem_data(bio, data);
}

static inline int ccrypto_sk_x509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *ccrypto_sk_x509_value(const STACK_OF(X509) *stack, int index) {
  return sk_X509_value(stack, index);
}
static inline STACK_OF(X509) *ccrypto_sk_x509_new(void) { return sk_X509_new_null(); }
static inline int ccrypto_sk_x509_push(STACK_OF(X509) *stack, X509 *certificate) {
  return sk_X509_push(stack, certificate);
}
static inline void ccrypto_sk_x509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }

static inline int ccrypto_sk_x509_info_num(const STACK_OF(X509_INFO) *stack) {
  return sk_X509_INFO_num(stack);
}
static inline X509_INFO *ccrypto_sk_x509_info_value(const STACK_OF(X509_INFO) *stack, int index) {
  return sk_X509_INFO_value(stack, index);
}
static inline void ccrypto_sk_x509_info_pop_free(STACK_OF(X509_INFO) *stack) {
  sk_X509_INFO_pop_free(stack, X509_INFO_free);
}

static inline int ccrypto_sk_general_name_num(const GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}
static inline GENERAL_NAME *ccrypto_sk_general_name_value(const GENERAL_NAMES *names, int index) {
  return sk_GENERAL_NAME_value(names, index);
}
// The string of a name that is a string: dNSName and iPAddress are.
static inline const ASN1_STRING *ccrypto_general_name_string(const GENERAL_NAME *name) {
  return name->type == GEN_DNS ? name->d.dNSName
                               : name->type == GEN_IPADD ? name->d.iPAddress : NULL;
}

// Whether the value of an extension that OpenSSL knows can be decoded.
static inline bool ccrypto_x509_extension_decodes(X509_EXTENSION *extension) {
  const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
  void *value = X509V3_EXT_d2i(extension);
  if (value == NULL || method == NULL) return value != NULL;
  if (method->it) ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
  else method->ext_free(value);
  return true;
}

static inline int ccrypto_sk_x509_revoked_num(const STACK_OF(X509_REVOKED) *stack) {
  return sk_X509_REVOKED_num(stack);
}

// The error of NAME_CONSTRAINTS_check(3) for a certificate below `authority`, or X509_V_OK.
static inline int ccrypto_x509_check_constraints(X509 *authority, X509 *certificate) {
  NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(authority, NID_name_constraints, NULL, NULL);
  if (constraints == NULL) return X509_V_OK;
  int error = NAME_CONSTRAINTS_check(certificate, constraints);
  if (error == X509_V_OK) error = NAME_CONSTRAINTS_check_CN(certificate, constraints);
  NAME_CONSTRAINTS_free(constraints);
  return error;
}

static inline void *ccrypto_x509_store_ctx_get_app_data(X509_STORE_CTX *context) {
  return X509_STORE_CTX_get_app_data(context);
}
static inline int ccrypto_x509_store_ctx_set_app_data(X509_STORE_CTX *context, void *data) {
  return X509_STORE_CTX_set_app_data(context, data);
}

static inline EVP_PKEY *ccrypto_ec_generate_p256(void) { return EVP_EC_gen("P-256"); }

// `CN=node,O=example`: RFC 2253, with letters beyond ASCII as they are.
static inline int ccrypto_x509_name_print(BIO *bio, const X509_NAME *name) {
  return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

#endif
