#!/bin/bash
# What is compared with, too: the checks that the program makes, the way shell scripts make them, with openssl(1);
# then the same heredoc as shell-entrypoint.sh.
set -euo pipefail

: "${CLUSTER_NAME:?}" "${POD_NAME:?}" "${POD_NAMESPACE:?}"
: "${PGSSLROOTCERT:?}" "${PGSSLCERT:?}" "${PGSSLKEY:?}" "${PGSSLMODE:?}"
domain=$CLUSTER_NAME.$POD_NAMESPACE.svc.cluster.local
faults=0

fault() {
  printf '%s\n' "$1" >&2
  faults=1
}

for file in "$PGSSLROOTCERT" "$PGSSLCERT" "$PGSSLKEY"; do
  if [ ! -r "$file" ] || [ ! -s "$file" ]; then fault "$file: cannot be read, or is empty"; fi
done
[ $faults = 0 ] || exit 78

case $(stat -c %a "$PGSSLKEY") in
  400 | 600 | 440 | 640) ;;
  *) fault "$PGSSLKEY: may be read by others" ;;
esac

of_key=$(openssl pkey -in "$PGSSLKEY" -passin pass: -pubout 2>/dev/null) ||
  fault "$PGSSLKEY: is no key, or has a passphrase"
of_certificate=$(openssl x509 -in "$PGSSLCERT" -noout -pubkey 2>/dev/null) ||
  fault "$PGSSLCERT: is no certificate"
[ $faults = 0 ] || exit 78
[ "$of_key" = "$of_certificate" ] || fault "$PGSSLKEY: does not belong to $PGSSLCERT"

lists=()
if [ -n "${PGSSLCRL:-}" ]; then lists=(-crl_check_all -CRLfile "$PGSSLCRL"); fi
for purpose in sslserver sslclient; do
  said=$(openssl verify -CAfile "$PGSSLROOTCERT" -untrusted "$PGSSLCERT" -purpose "$purpose" \
    "${lists[@]}" "$PGSSLCERT" 2>&1) || fault "$said"
done
openssl x509 -in "$PGSSLCERT" -noout -checkend $((30 * 86400)) >/dev/null 2>&1 ||
  printf '%s\n' "$PGSSLCERT: expires within 30 days" >&2

name=$(openssl x509 -in "$PGSSLCERT" -noout -subject -nameopt multiline,utf8 2>/dev/null |
  sed -n 's/^ *commonName *= //p')
[ "$name" = "*.$domain" ] || fault "$PGSSLCERT: common name $name"
if [ "$PGSSLMODE" = verify-full ]; then
  for host in localhost "$POD_NAME.$domain"; do
    case $(openssl x509 -in "$PGSSLCERT" -noout -checkhost "$host" 2>/dev/null) in
      *'does match'*) ;;
      *) fault "$PGSSLCERT: is not for $host" ;;
    esac
  done
fi
[ $faults = 0 ] || exit 78

# shellcheck source=bench/shell-entrypoint.sh
. "${BASH_SOURCE[0]%/*}/shell-entrypoint.sh"
