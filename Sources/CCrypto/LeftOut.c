#ifdef STATIC_PROGRAM

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/core_dispatch.h>
#include <openssl/obj_mac.h>

// Functions of libcrypto and of the C library, public and not, that their other parts name and this program never
// calls. What stands here stands in their place, so that the linker leaves them out with everything that they need.
// All are weak: where another release of a library needs one for itself, the linker takes the library's, and the
// program is larger. `ld.lld --why-extract=FILE` tells why something is linked.
#define LEFT_OUT __attribute__((weak))
// Its own name in C, because a header may declare the function with other parameters.
#define FUNCTION(name)                                                                           \
  LEFT_OUT void *left_out_##name(void) __asm__(#name);                                           \
  void *left_out_##name(void) { return NULL; }

// Providers that are there without being asked for, the names of all ciphers and digests, compression.
LEFT_OUT const char *ossl_predefined_providers[16];
FUNCTION(openssl_add_all_ciphers_int)
FUNCTION(openssl_add_all_digests_int)
FUNCTION(ossl_comp_brotli_cleanup)
FUNCTION(ossl_comp_zlib_cleanup)
FUNCTION(ossl_comp_zstd_cleanup)
FUNCTION(ossl_free_compression_methods_int)
FUNCTION(ossl_load_builtin_compressions)

// Engines.
LEFT_OUT int ENGINE_finish(void *engine);
int ENGINE_finish(void *engine) { return engine == NULL; }
FUNCTION(ENGINE_by_id)
FUNCTION(ENGINE_free)
FUNCTION(ENGINE_get_DH)
FUNCTION(ENGINE_get_DSA)
FUNCTION(ENGINE_get_EC)
FUNCTION(ENGINE_get_RAND)
FUNCTION(ENGINE_get_RSA)
FUNCTION(ENGINE_get_cipher)
FUNCTION(ENGINE_get_cipher_engine)
FUNCTION(ENGINE_get_default_DH)
FUNCTION(ENGINE_get_default_DSA)
FUNCTION(ENGINE_get_default_EC)
FUNCTION(ENGINE_get_default_RAND)
FUNCTION(ENGINE_get_default_RSA)
FUNCTION(ENGINE_get_digest)
FUNCTION(ENGINE_get_digest_engine)
FUNCTION(ENGINE_get_id)
FUNCTION(ENGINE_get_pkey_asn1_meth)
FUNCTION(ENGINE_get_pkey_asn1_meth_engine)
FUNCTION(ENGINE_get_pkey_meth)
FUNCTION(ENGINE_get_pkey_meth_engine)
FUNCTION(ENGINE_init)
FUNCTION(ENGINE_load_builtin_engines)
FUNCTION(ENGINE_pkey_asn1_find_str)
FUNCTION(ENGINE_register_all_complete)
FUNCTION(engine_cleanup_int)
FUNCTION(engine_load_afalg_int)
FUNCTION(engine_load_dynamic_int)
FUNCTION(engine_load_openssl_int)
FUNCTION(engine_load_padlock_int)
FUNCTION(engine_load_rdrand_int)

// The syntax and the sections of openssl.cnf.
FUNCTION(CONF_get_section)
FUNCTION(CONF_get_string)
FUNCTION(CONF_imodule_get_value)
FUNCTION(CONF_module_add)
FUNCTION(CONF_modules_load_file_ex)
FUNCTION(CONF_parse_list)
FUNCTION(CONF_set_nconf)
FUNCTION(NCONF_free)
FUNCTION(NCONF_get0_libctx)
FUNCTION(NCONF_get_section)
FUNCTION(NCONF_get_string)
FUNCTION(NCONF_load)
FUNCTION(NCONF_new)
FUNCTION(OPENSSL_load_builtin_modules)
FUNCTION(ossl_config_int)
FUNCTION(ossl_config_modules_free)
FUNCTION(ossl_no_config_int)

// Libraries that are loaded at run time, lists that are fetched over HTTP, sockets, names of hosts, files.
FUNCTION(DSO_METHOD_openssl)
FUNCTION(OSSL_HTTP_get)
FUNCTION(BIO_new_file)
FUNCTION(BIO_new_fp)
FUNCTION(BIO_s_file)
FUNCTION(bio_sock_cleanup_int)
LEFT_OUT void *bio_lookup_lock;
LEFT_OUT int BIO_socket_wait(void);
int BIO_socket_wait(void) { return -1; }
LEFT_OUT int BIO_sock_non_fatal_error(void);
int BIO_sock_non_fatal_error(void) { return 0; }

// Questions for a pass phrase, keys that are encrypted, PKCS#7.
FUNCTION(EVP_PBE_cleanup)
FUNCTION(PKCS7_ISSUER_AND_SERIAL_it)
FUNCTION(PKCS7_it)
FUNCTION(PKCS8_decrypt)
FUNCTION(PKCS8_encrypt)
FUNCTION(UI_UTIL_wrap_read_pem_callback)
FUNCTION(UI_add_input_string)
FUNCTION(UI_add_user_data)
FUNCTION(UI_add_verify_string)
FUNCTION(UI_construct_prompt)
FUNCTION(UI_destroy_method)
FUNCTION(UI_free)
FUNCTION(UI_get_result_length)
FUNCTION(UI_new)
FUNCTION(UI_process)
FUNCTION(UI_set_method)
FUNCTION(d2i_PKCS7)
FUNCTION(i2d_PKCS7)
FUNCTION(ossl_pkcs7_resolve_libctx)

// Keys of RSA and DSA that are made, or whose numbers are examined more closely than a signature needs.
FUNCTION(BN_check_prime)
FUNCTION(DSA_generate_key)
FUNCTION(RSA_generate_multi_prime_key)
FUNCTION(ossl_dsa_generate_ffc_parameters)
FUNCTION(ossl_dsa_generate_public_key)
FUNCTION(ossl_ffc_params_FIPS186_4_generate)
FUNCTION(ossl_ffc_params_full_validate)
FUNCTION(ossl_ffc_params_simple_validate)
FUNCTION(ossl_ffc_validate_private_key)
FUNCTION(ossl_ffc_validate_public_key)
FUNCTION(ossl_ffc_validate_public_key_partial)
FUNCTION(ossl_rsa_sp800_56b_check_private)
FUNCTION(ossl_rsa_sp800_56b_check_public)

// Messages that are encrypted with a key, secrets that two keys agree on.
FUNCTION(EVP_ASYM_CIPHER_free)
FUNCTION(EVP_ASYM_CIPHER_get0_provider)
FUNCTION(EVP_ASYM_CIPHER_up_ref)
FUNCTION(EVP_KEM_free)
FUNCTION(EVP_KEM_get0_provider)
FUNCTION(EVP_KEM_up_ref)
FUNCTION(EVP_KEYEXCH_free)
FUNCTION(EVP_KEYEXCH_get0_provider)
FUNCTION(EVP_KEYEXCH_up_ref)
FUNCTION(ossl_ecdh_compute_key)
FUNCTION(ossl_ecdh_kdf_X9_63)
FUNCTION(ossl_ecdh_simple_compute_key)

// Text about a signature.
FUNCTION(X509_signature_dump)

// Two exponents at a time, for private RSA keys, where the processor has the instructions. A function that says whether
// it has them is asked first.
FUNCTION(ossl_rsaz_avx512ifma_eligible)
FUNCTION(ossl_rsaz_mod_exp_avx512_x2)

// Diffie-Hellman keys, which sign nothing. OpenSSL searches its lists of kinds of keys, which have these, by the number
// that an entry begins with. One that stands for another kind, which there is not, is passed over.
LEFT_OUT const struct {
  int number, other;
  unsigned long stands_for_other;
  void *functions[64];
} ossl_dh_asn1_meth = {NID_dhKeyAgreement, NID_undef, 1, {NULL}},
  ossl_dhx_asn1_meth = {NID_dhpublicnumber, NID_undef, 1, {NULL}};
struct method {
  int number, flags;
  void *functions[64];
};
LEFT_OUT const struct method *ossl_dh_pkey_method(void);
const struct method *ossl_dh_pkey_method(void) {
  static const struct method method = {NID_dhKeyAgreement, 0, {NULL}};
  return &method;
}
LEFT_OUT const struct method *ossl_dhx_pkey_method(void);
const struct method *ossl_dhx_pkey_method(void) {
  static const struct method method = {NID_dhpublicnumber, 0, {NULL}};
  return &method;
}
LEFT_OUT const OSSL_DISPATCH ossl_dh_keymgmt_functions[] = {{0, NULL}};
LEFT_OUT const OSSL_DISPATCH ossl_dhx_keymgmt_functions[] = {{0, NULL}};
FUNCTION(DH_free)
FUNCTION(DH_get0_g)
FUNCTION(DH_get0_p)
FUNCTION(DH_get0_priv_key)
FUNCTION(DH_get0_pub_key)
FUNCTION(DH_get0_q)
FUNCTION(DH_get_nid)
FUNCTION(DH_new)
FUNCTION(DH_set0_key)
FUNCTION(DH_up_ref)
FUNCTION(d2i_DHparams)
FUNCTION(d2i_DHxparams)
FUNCTION(i2d_DHparams)
FUNCTION(i2d_DHxparams)
FUNCTION(ossl_dh_gen_type_id2name)
FUNCTION(ossl_dh_get0_params)
FUNCTION(ossl_dh_is_foreign)
FUNCTION(ossl_dh_is_named_safe_prime_group)
FUNCTION(ossl_dh_key2buf)
FUNCTION(ossl_dh_key_from_pkcs8)
FUNCTION(ossl_dh_set0_libctx)
FUNCTION(ossl_ffc_name_to_dh_named_group)
FUNCTION(ossl_ffc_named_group_get_name)
FUNCTION(ossl_ffc_named_group_set)
FUNCTION(ossl_ffc_uid_to_dh_named_group)

// Fast arithmetic for curves that few certificates have. The general one serves them, and P-384.
extern const void *EC_GFp_mont_method(void);
LEFT_OUT const void *EC_GFp_nistp224_method(void);
const void *EC_GFp_nistp224_method(void) { return EC_GFp_mont_method(); }
LEFT_OUT const void *EC_GFp_nistp521_method(void);
const void *EC_GFp_nistp521_method(void) { return EC_GFp_mont_method(); }
FUNCTION(EC_nistp224_pre_comp_dup)
FUNCTION(EC_nistp224_pre_comp_free)
FUNCTION(EC_nistp521_pre_comp_dup)
FUNCTION(EC_nistp521_pre_comp_free)
#ifdef __x86_64__
// P-256 is another implementation's there, which is written in assembler.
FUNCTION(EC_nistp256_pre_comp_dup)
FUNCTION(EC_nistp256_pre_comp_free)
#endif

// Translations of the C library's messages, other character sets, and the libraries that it would load for them.
LEFT_OUT char *__dcgettext(const char *domain, const char *message, int category);
char *__dcgettext(const char *domain, const char *message, int category) {
  (void)domain, (void)category;
  return (char *)message;
}
LEFT_OUT int __gconv_lock[16];
FUNCTION(__gconv_btwoc_ascii)
FUNCTION(__gconv_close)
FUNCTION(__gconv_close_transform)
FUNCTION(__gconv_find_transform)
FUNCTION(__gconv_release_step)
FUNCTION(__gconv_transform_ascii_internal)
FUNCTION(__gconv_transform_internal_ascii)
FUNCTION(__dlopen)
FUNCTION(__libc_dlclose)
FUNCTION(__libc_dlopen_mode)
FUNCTION(__libc_dlsym)

// Text that is read by a format: addresses in configuration files, and the variable TZ, whose rules this program does
// not ask for.
FUNCTION(__isoc99_sscanf)
FUNCTION(__isoc23_sscanf)

LEFT_OUT void __assert_fail(const char *condition, const char *file, unsigned line, const char *function);
void __assert_fail(const char *condition, const char *file, unsigned line, const char *function) {
  (void)file, (void)line, (void)function;
  if (write(STDERR_FILENO, condition, strlen(condition)) < 0) _exit(EXIT_FAILURE);
  abort();
}

#endif
