// What PostgreSQL and libpq make of certificate files: they load them with these functions, and two of
// them talk to each other. A library of its own, with the system's OpenSSL, which knows nothing of the one
// in the program.
//
// See https://www.postgresql.org/docs/current/ssl-tcp.html and
// https://www.postgresql.org/docs/current/libpq-ssl.html.

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>

struct files {
  const char *authority, *certificate, *key, *list;
};

// Nobody is there to type a passphrase.
static int refuse_passphrase(char *buffer, int size, int is_for_writing, void *data) {
  (void)buffer, (void)size, (void)is_for_writing, (void)data;
  return -1;
}

static const char *load(SSL_CTX *context, const struct files *files, time_t now) {
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context), now);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1) return "certificate";
  if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1) return "key";
  if (SSL_CTX_check_private_key(context) != 1) return "key of another certificate";
  if (SSL_CTX_load_verify_locations(context, files->authority, NULL) != 1) return "authority";
  if (files->list != NULL) {
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    if (X509_STORE_load_locations(store, files->list, NULL) != 1) return "list";
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  return NULL;
}

// The names of the authorities that a server tells its clients.
static const char *tell_authorities(SSL_CTX *context, const char *file) {
  STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(file);
  if (names == NULL) return "names of authorities";
  SSL_CTX_set_client_CA_list(context, names);
  return NULL;
}

static int has_failed(SSL *side, int result) {
  int error = SSL_get_error(side, result);
  return result != 1 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
}

static const char *connect_both(SSL *server, SSL *client) {
  BIO *server_end, *client_end;
  if (!BIO_new_bio_pair(&server_end, 1 << 20, &client_end, 1 << 20)) return "memory";
  SSL_set_bio(server, server_end, server_end);
  SSL_set_bio(client, client_end, client_end);
  SSL_set_accept_state(server);
  SSL_set_connect_state(client);
  for (int i = 0; i < 16; i++) {
    int client_result = SSL_do_handshake(client);
    if (has_failed(client, client_result)) return "server refused by client";
    int server_result = SSL_do_handshake(server);
    if (has_failed(server, server_result)) return "client refused by server";
    if (client_result == 1 && server_result == 1) return NULL;
  }
  return "no end";
}

static const char *handshake(SSL_CTX *context) {
  SSL *server = SSL_new(context), *client = SSL_new(context);
  const char *fault = server && client ? connect_both(server, client) : "memory";
  SSL_free(server);
  SSL_free(client);
  return fault;
}

// Returns what fails at that time and why, or NULL when a node with these files can talk to itself. The text stays
// until the next call.
const char *judge(const struct files *files, time_t now) {
  static char text[256];
  SSL_CTX *context = SSL_CTX_new(TLS_method());
  if (context == NULL) return "memory";
  const char *fault = load(context, files, now);
  if (fault == NULL) fault = tell_authorities(context, files->authority);
  if (fault == NULL) fault = handshake(context);
  SSL_CTX_free(context);
  const char *reason = ERR_reason_error_string(ERR_peek_error());
  snprintf(text, sizeof text, "%s: %s", fault ? fault : "", reason ? reason : "no reason");
  ERR_clear_error();
  return fault ? text : NULL;
}
