# shellcheck shell=bash
# Part of generate-ssl-certs.sh: makes and judges keys and certificates with the openssl command.
# directory.sh sets staging and new, settings.sh sets wildcard and alternative_names.
# shellcheck disable=SC2154

check_openssl() {
  [[ $(openssl version 2>&1) =~ ^OpenSSL\ ([3-9]|[1-9][0-9])\. ]] ||
    stop 69 "openssl: OpenSSL 3.0 or later not found in PATH"
}

run_openssl() {
  openssl "$@" 2>"$staging/stderr" ||
    stop 70 "openssl $1: failed" "$(tr '\n' ' ' <"$staging/stderr")"
}

make_key() { # FILE
  local type=(EC -pkeyopt ec_paramgen_curve:P-256)
  [ "$KEY_TYPE" = ec ] || type=(RSA -pkeyopt rsa_keygen_bits:3072)
  run_openssl genpkey -algorithm "${type[@]}" -out "$1"
}

# A node is a server to some nodes and a client to others, hence both usages. digitalSignature is
# what a TLS handshake does with the key.
write_configuration() {
  cat >"$staging/openssl.cnf" <<END
[req]
distinguished_name = subject
[subject]
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[node]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer
subjectAltName = $alternative_names
END
}

make_ca() { # FILE-STEM. The time in the subject distinguishes a CA from the one that it replaces.
  write_configuration
  make_key "$1.key"
  run_openssl req -x509 -new -key "$1.key" -config "$staging/openssl.cnf" -extensions ca \
    -subj "/O=$CLUSTER_NAME/OU=$NAMESPACE/CN=PostgreSQL nodes CA $(date -u +%Y-%m-%dT%H:%M:%SZ)" \
    -days 3650 -out "$1.crt"
}

issue_node_certificate() { # CA-FILE CA-KEY
  keep_names
  find_signer "$1" "$2"
  check_signer "$1"
  write_configuration
  make_key "$new/server.key"
  run_openssl req -new -key "$new/server.key" -config "$staging/openssl.cnf" \
    -subj "/CN=$NODE_CN" -out "$staging/server.csr"
  run_openssl x509 -req -in "$staging/server.csr" -CA "$signer" -CAkey "$2" -passin pass: \
    -extfile "$staging/openssl.cnf" -extensions node -days "$NODE_DAYS" -out "$new/server.crt"
  # An intermediate CA goes along with the certificate, for peers that know only its root.
  if [ "$(openssl x509 -in "$signer" -noout -subject_hash)" != \
    "$(openssl x509 -in "$signer" -noout -issuer_hash)" ]; then
    openssl x509 -in "$signer" >>"$new/server.crt"
  fi
  verify_node_certificate "$new/server.crt" "$1"
}

find_signer() { # CA-FILE CA-KEY. Sets signer: a copy of the certificate in CA-FILE with that key.
  local public
  [ -e "$2" ] || refuse "$2: is missing in \"$PWD\"" "It signs the node certificate." \
    "Restore it. If it is lost, replace the CA: --rotate-ca does not need it."
  public=$(openssl pkey -in "$2" -passin pass: -pubout 2>/dev/null) ||
    refuse "$2: could not read a private key" "PEM without a passphrase is expected."
  awk -v stem="$staging/ca" '/^-----BEGIN /{n++} n{print >(stem "." n)}' "$1"
  for signer in "$staging"/ca.*; do
    [ "$(openssl x509 -in "$signer" -noout -pubkey 2>/dev/null)" != "$public" ] || return 0
  done
  refuse "$2: belongs to no certificate in $1" "The public keys differ." \
    "Use the certificate and the key of the same CA."
}

check_signer() { # CA-FILE
  local text end replace=--rotate-ca
  text=$(run_openssl x509 -in "$signer" -noout -purpose -text)
  end=$(run_openssl x509 -in "$signer" -noout -enddate)
  [ "$(state)" != both-trusted ] || replace=--use-new-ca
  [[ $text == *"SSL client CA : Yes"$'\n'* && $text == *"SSL server CA : Yes"$'\n'* ]] ||
    problem "$1: not a CA for TLS" \
      "It needs basicConstraints CA:TRUE and, if it has a keyUsage, keyCertSign."
  # SCRAM's channel binding hashes the server's certificate with the digest that its signature
  # names (RFC 5929, section 4.1). These signatures name none.
  [[ $text != *"Public Key Algorithm: ED"* ]] ||
    problem "$1: a CA with an Ed25519 or Ed448 key" \
      "Logins by password fail if it signs the server's certificate." "Replace the CA ($replace)."
  if ! openssl x509 -in "$signer" -noout -checkend 0 >/dev/null; then
    problem "$1: expired on ${end#*=}" "No node accepts what it signs." \
      "Create a new CA in an empty directory."
  elif ! openssl x509 -in "$signer" -noout -checkend $((NODE_DAYS * 86400)) >/dev/null; then
    problem "$1: expires on ${end#*=}, in less than $NODE_DAYS days" \
      "No node accepts a certificate after the end of its CA." \
      "Replace the CA ($replace), or set NODE_DAYS to fewer days."
  fi
  exit_after_problems
}

# PostgreSQL trusts its CA file alone. Security level 2 is the default of Debian's OpenSSL.
verify_node_certificate() { # CERTIFICATE CA-FILE
  local purpose answer
  for purpose in sslserver sslclient; do
    answer=$(openssl verify -no-CApath -no-CAstore -auth_level 2 -purpose "$purpose" \
      -CAfile "$2" -untrusted "$1" "$1" 2>&1) ||
      refuse "${1##*/}: nodes that trust ${2##*/} would reject it" \
        "OpenSSL reports: $(sed -n 's/^error .*lookup: *//p' <<<"$answer" | head -n 1)."
  done
}

# A renewal keeps what is not set, if server.crt belongs to this cluster.
keep_names() {
  if [ -e server.crt ] && names_of server.crt | grep -Fqx "DNS:$wildcard"; then
    [ -n "${NODE_CN+set}" ] || keep_common_name
    [ -n "${EXTRA_NAMES+set}" ] || keep_extra_names
  fi
  [ -n "${NODE_CN+set}" ] || check_default_common_name
  exit_after_problems
  NODE_CN=${NODE_CN-$wildcard}
}

keep_common_name() {
  local found
  found=$(common_name_of server.crt)
  [[ ! $found =~ ^($common_name)$ ]] || NODE_CN=$found
}

keep_extra_names() {
  local name found kept=
  while IFS= read -r name; do
    case $name in
      "DNS:$wildcard" | DNS:localhost) continue ;;
      "IP Address:127.0.0.1" | "IP Address:0:0:0:0:0:0:0:1") continue ;;
      DNS:* | "IP Address:"*) ;;
      *) continue ;;
    esac
    if found=$(alternative_name "${name#*:}"); then
      alternative_names+=", $found" kept+=", $name"
    fi
  done < <(names_of server.crt)
  [ -z "$kept" ] || note "keeps the names of the previous certificate: ${kept#, }"
}

note_dropped_names() {
  local dropped before after
  [ -e server.crt ] || return 0
  dropped=$(comm -23 <(names_of server.crt) <(names_of "$new/server.crt"))
  [ -z "$dropped" ] ||
    note "warning: drops names of the previous certificate: ${dropped//$'\n'/, }"
  before=$(common_name_of server.crt) after=$(common_name_of "$new/server.crt")
  [ "$before" = "$after" ] || note "warning: the CN changes from \"$before\" to \"$after\";" \
    "nodes reject it until NODE_CERT_NAMES lists it"
}

names_of() {
  openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null |
    sed 1d | tr ',' '\n' | sed 's/^ *//' | sort
}

common_name_of() { # PostgreSQL also uses the first one.
  openssl x509 -in "$1" -noout -subject -nameopt multiline,utf8,-esc_msb 2>/dev/null |
    sed -n 's/^ *commonName *= //p' | head -n 1
}
