#!/usr/bin/env bash
# Makes certificate sets of many kinds, each as PEM and as DER: Fuzz/Certificates/fresh-seeds.sh FOLDER
set -euo pipefail

folder=$(realpath "$1")
# The keys are new each time; what they sign is valid when the target judges it.
if [ -z "${FAKETIME:-}" ]; then exec faketime -f '2026-11-30 00:00:00' "$0" "$folder"; fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

node='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:*.demo.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:::1'
authority='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign'

printf '[req]\ndistinguished_name=d\n[d]\n' >req.cnf

# key NAME ALGORITHM [OPTION]...
key() { openssl genpkey -quiet -out "$1.key" -algorithm "$2" "${@:3}"; }

# certificate NAME SUBJECT EXTENSIONS ISSUER [OPTION]...: of NAME.key; an ISSUER of - is itself.
certificate() {
  local name=$1 issuer=(-CA "$4.crt" -CAkey "$4.key")
  if [ "$4" = - ]; then issuer=(-signkey "$name.key"); fi
  openssl req -new -utf8 -config req.cnf -key "$name.key" -subj "$2" -out "$name.csr"
  openssl x509 -req -in "$name.csr" -days 9 -out "$name.crt" -extfile <(printf '%s\n' "$3") "${issuer[@]}" "${@:5}" 2>/dev/null
}

# list AUTHORITY FILE [CERTIFICATE]...: a revocation list with these certificates on it.
list() {
  printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s.txt\ndefault_md=default\ndefault_crl_days=9\n' "$1" >"$1.cnf"
  : >"$1.txt"
  local name
  for name in "${@:3}"; do
    openssl ca -config "$1.cnf" -keyfile "$1.key" -cert "$1.crt" -revoke "$name.crt" 2>/dev/null
  done
  openssl ca -gencrl -config "$1.cnf" -keyfile "$1.key" -cert "$1.crt" -out "$2" 2>/dev/null
}

# set_of NAME AUTHORITIES CERTIFICATE KEY [LIST]: an input of these files.
set_of() {
  local file text
  text=$folder/$1
  cat "$2" >"$text"
  for file in "${@:3}"; do
    printf '\n%%%%\n' >>"$text"
    cat "$file" >>"$text"
  done
}

# The same in DER: what is in the files is a certificate, a certificate, a key in PKCS #8, a list.
set_in_der() {
  local name=$1 letters=(C C K L) index=0 file
  shift
  : >"$folder/$name-der"
  for file in "$@"; do
    if [ $index -gt 0 ]; then printf '\n%%%%\n' >>"$folder/$name-der"; fi
    printf '\n%%%s\n' "${letters[index]}" >>"$folder/$name-der"
    case ${letters[index]} in
      C) openssl x509 -in "$file" -outform DER ;;
      K) openssl pkcs8 -topk8 -nocrypt -in "$file" -outform DER ;;
      L) openssl crl -in "$file" -outform DER ;;
    esac >>"$folder/$name-der"
    index=$((index + 1))
  done
}

both() {
  set_of "$@"
  set_in_der "$@"
}

subject='/CN=*.demo.default.svc.cluster.local/O=Example'
key ca EC -pkeyopt ec_paramgen_curve:P-256
certificate ca '/CN=demo authority' "$authority" -
list ca ca.crl

# Kinds of keys.
kinds=("rsa RSA rsa_keygen_bits:2048" "rsa-small RSA rsa_keygen_bits:1024" "pss RSA-PSS rsa_keygen_bits:2048"
  "p224 EC ec_paramgen_curve:P-224" "p256 EC ec_paramgen_curve:P-256" "p384 EC ec_paramgen_curve:P-384"
  "p521 EC ec_paramgen_curve:P-521" "k256 EC ec_paramgen_curve:secp256k1" "sm2 SM2" "x25519 X25519"
  "brainpool EC ec_paramgen_curve:brainpoolP256r1" "ed25519 ED25519" "ed448 ED448"
  "explicit EC ec_paramgen_curve:P-256 ec_param_enc:explicit")
for kind in "${kinds[@]}"; do
  read -r name algorithm options <<<"$kind"
  words=()
  for option in $options; do words+=(-pkeyopt "$option"); done
  key "$name" "$algorithm" "${words[@]}"
  case $name in
    x25519)
      openssl pkey -in x25519.key -pubout -out x25519.pub
      openssl x509 -new -force_pubkey x25519.pub -subj "$subject" -CA ca.crt -CAkey ca.key -days 9 \
        -extfile <(printf '%s\n' "$node") -out x25519.crt 2>/dev/null
      ;;
    *) certificate "$name" "$subject" "$node" ca ;;
  esac
  both "$name" ca.crt "$name.crt" "$name.key"
done

openssl genpkey -quiet -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out dsa.parameters
openssl genpkey -quiet -paramfile dsa.parameters -out dsa.key
certificate dsa "$subject" "$node" ca
both dsa ca.crt dsa.crt dsa.key

# Authorities of each kind that signs.
for name in rsa pss dsa p224 p384 k256 brainpool ed25519 ed448; do
  cp $name.key ca-$name.key
  cp p256.key by-$name.key
  certificate ca-$name '/CN=other authority' "$authority" -
  certificate by-$name "$subject" "$node" ca-$name
  list ca-$name ca-$name.crl
  both by-$name ca-$name.crt by-$name.crt by-$name.key ca-$name.crl
done

# Forms of keys.
openssl rsa -in rsa.key -traditional -out rsa.pkcs1 2>/dev/null
openssl ec -in p256.key -out p256.sec1 2>/dev/null
openssl ecparam -name prime256v1 -out p256.parameters
cat p256.parameters p256.sec1 >p256.both
openssl pkcs8 -topk8 -in p256.key -passout pass:secret -out p256.encrypted
openssl rsa -in rsa.key -traditional -aes256 -passout pass:secret -out rsa.encrypted 2>/dev/null
set_of pkcs1 ca.crt rsa.crt rsa.pkcs1
set_of sec1 ca.crt p256.crt p256.sec1
set_of sec1-with-parameters ca.crt p256.crt p256.both
set_of encrypted-pkcs8 ca.crt p256.crt p256.encrypted
set_of encrypted-pkcs1 ca.crt rsa.crt rsa.encrypted
set_of key-of-another ca.crt p256.crt rsa.key

# Forms of files.
sed 's/$/\r/' p256.crt >crlf.crt
openssl x509 -in p256.crt -text -out text.crt
openssl x509 -in ca.crt -trustout -addtrust serverAuth -addreject clientAuth -out trusted.crt
openssl x509 -in p256.crt -outform DER -out der.crt
cat p256.crt p256.key >pair.pem
cat rsa.crt ca.crt >bundle.crt
set_of crlf ca.crt crlf.crt p256.key
set_of text ca.crt text.crt p256.key
set_of trusted trusted.crt p256.crt p256.key
set_of der der.crt der.crt der.crt
set_of one-file ca.crt pair.pem pair.pem
set_of bundle bundle.crt p256.crt p256.key

# Chains.
cp p384.key middle.key
certificate middle '/CN=intermediate' "${authority/CA:TRUE/CA:TRUE,pathlen:0}" ca
cp p256.key leaf.key
certificate leaf "$subject" "$node" middle
cat leaf.crt middle.crt >chain.crt
list middle middle.crl leaf
cat ca.crl middle.crl >both.crl
set_of chain ca.crt chain.crt leaf.key
set_of chain-cut-off ca.crt leaf.crt leaf.key
set_of chain-revoked ca.crt chain.crt leaf.key both.crl

# Lists.
both listed ca.crt p256.crt p256.key ca.crl
list ca revoked.crl p256
both revoked ca.crt p256.crt p256.key revoked.crl
cat ca.crt ca.crl >with-list.crt
set_of list-of-another ca.crt p256.crt p256.key ca-rsa.crl
set_of list-in-authority with-list.crt p256.crt p256.key with-list.crt

# Extensions and names.
extended() {
  cp p256.key "$1.key"
  certificate "$1" "$2" "$3" ca "${@:4}"
  both "$1" ca.crt "$1.crt" "$1.key"
}
extended no-extensions "$subject" ''
extended for-servers "$subject" "${node/,clientAuth/}"
extended for-clients "$subject" "${node/serverAuth,/}"
extended encipherment "$subject" "${node/digitalSignature/keyEncipherment,dataEncipherment}"
extended netscape "$subject" 'nsCertType=client
nsComment=old'
extended no-name '/O=Example' "$node"
extended odd-names '/CN=a\/b+OU=x/CN=ä\,"\\/serialNumber=1' 'subjectAltName=email:a@example.org,URI:https://x/,RID:1.2.3,DNS:*,dirName:d,otherName:1.2.3;UTF8:x,IP:::ffff:1.2.3.4
[d]
CN=x'
extended constrained "$subject" "$node
certificatePolicies=1.2.3.4
crlDistributionPoints=URI:http://example.org/x
authorityInfoAccess=OCSP;URI:http://example.org/
1.2.3.5=critical,ASN1:UTF8String:unknown"
extended sha1 "$subject" "$node" -sha1
cp ca.key narrow.key
certificate narrow '/CN=narrow authority' "$authority
nameConstraints=critical,permitted;DNS:demo.default.svc.cluster.local,excluded;IP:127.0.0.0/255.0.0.0" -
cp p256.key outside.key
certificate outside "$subject" "$node" narrow
both outside narrow.crt outside.crt outside.key
