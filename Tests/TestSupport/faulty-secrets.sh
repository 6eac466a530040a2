#!/usr/bin/env bash
# Makes a directory for every fault below the second argument, from the files of
# generate-ssl-certs.sh in the first.
set -euo pipefail
original=$1
mkdir -p "$2"
cd "$2"
subject=$(openssl x509 -in "$original/server.crt" -noout -subject -nameopt multiline |
  sed -n 's/ *commonName *= //p')

copy() { # NAME
  mkdir "$1"
  cp "$original"/{ca.crt,server.crt,server.key} "$1"
}

# Signs the certificate again, with other words in it.
sign() { # NAME AUTHORITY COMMON-NAME USAGE [OPTION...]
  local name=$1 authority=$2 common_name=$3 usage=$4
  shift 4
  copy "$name"
  printf '%s\n' '[node]' 'keyUsage = critical, digitalSignature' "extendedKeyUsage = $usage" \
    'subjectAltName = DNS:localhost' >"$name/extensions"
  openssl req -new -key "$original/server.key" -subj "/CN=$common_name" -out "$name/request"
  openssl ca -batch -notext -config ca.cnf \
    -cert "$authority.crt" -keyfile "$authority.key" -in "$name/request" \
    -out "$name/server.crt" -extfile "$name/extensions" -extensions node "$@" 2>/dev/null
}

: >index.txt
cat >ca.cnf <<'END'
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
default_days = 30
unique_subject = no
policy = anything
[anything]
commonName = supplied
END

copy mismatched
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out mismatched/server.key
copy half-written
head -c 300 "$original/server.crt" >half-written/server.crt
sign expired "$original/ca" "$subject" serverAuth,clientAuth -startdate 20200101000000Z -enddate 20210101000000Z
sign wrong-usage "$original/ca" "$subject" serverAuth
sign wrong-name "$original/ca" other serverAuth,clientAuth
copy passphrase
openssl pkey -in "$original/server.key" -aes128 -passout pass:secret -out passphrase/server.key
copy empty
: >empty/server.key
copy deleted
rm deleted/server.key

# Of the same name, and with another key.
another=$(openssl x509 -in "$original/ca.crt" -noout -subject -nameopt compat)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout another.key \
  -out another.crt -subj "${another#subject=}" 2>/dev/null
sign wrong-authority another "$subject" serverAuth,clientAuth
