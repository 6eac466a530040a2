# shellcheck shell=sh
# Lets psql log in to leaders as a node does. To be sourced.

certificates=/etc/ssl/certs/postgresql

# Secrets that cert-manager writes call the files tls.*.
if [ -e "$certificates/ca.crt" ]; then
  for name in tls server; do
    [ ! -e "$certificates/$name.crt" ] || PGSSLCERT=$certificates/$name.crt
    [ ! -e "$certificates/$name.key" ] || PGSSLKEY=$certificates/$name.key
  done
  export PGSSLROOTCERT="$certificates/ca.crt" PGSSLCERT PGSSLKEY
fi
export PGTARGETSESSIONATTRS=primary
