# shellcheck shell=bash
# Part of generate-ssl-certs.sh: reads the variables and reports everything that is wrong with them.
# Sets wildcard, a name for every pod, and alternative_names, the value of subjectAltName.

readonly dns_label='[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?'

read_settings() {
  [ -n "${CLUSTER_NAME+set}" ] ||
    problem "CLUSTER_NAME: is not set" "" "Set it, for example CLUSTER_NAME=citusdemo."
  CLUSTER_NAME=${CLUSTER_NAME-not-set} NAMESPACE=${NAMESPACE-default}
  CLUSTER_DOMAIN=${CLUSTER_DOMAIN-cluster.local} OUTPUT_DIR=${OUTPUT_DIR-certs}
  NODE_DAYS=${NODE_DAYS-1095} KEY_TYPE=${KEY_TYPE-ec}
  check_setting CLUSTER_NAME "$dns_label" "A DNS label has at most 63 characters: a-z, 0-9 and -."
  check_setting NAMESPACE "$dns_label" "A DNS label has at most 63 characters: a-z, 0-9 and -."
  check_setting CLUSTER_DOMAIN "$dns_label(\\.$dns_label)*" "A DNS domain in lower case."
  check_setting NODE_DAYS '[1-9][0-9]{0,2}|10[0-8][0-9]|109[0-5]' "Accepted values are 1 to 1095."
  check_setting KEY_TYPE 'ec|rsa' "Accepted values are ec and rsa."
  # libpq lets a leading "*." stand for exactly one label, hence for a pod of the headless Service:
  # https://www.postgresql.org/docs/current/libpq-ssl.html
  wildcard="*.$CLUSTER_NAME.$NAMESPACE.svc.$CLUSTER_DOMAIN"
  alternative_names="DNS:$wildcard, DNS:localhost, IP:127.0.0.1, IP:::1"
  check_common_name
  read_extra_names
  check_output_directory
}

check_setting() { # VARIABLE EXTENDED-REGULAR-EXPRESSION DETAIL
  if [ -z "${!1}" ]; then
    problem "$1: is empty" "$3"
  elif ! [[ ${!1} =~ ^($2)$ ]]; then
    problem "$1: invalid value \"${!1}\"" "$3"
  fi
}

readonly common_name='[A-Za-z0-9*._-]{1,64}'

check_common_name() {
  if [ -n "${NODE_CN+set}" ]; then
    check_setting NODE_CN "$common_name" \
      "It must be at most 64 letters, digits, \"*\", \".\", \"_\" and \"-\"."
  elif [ ! -e "${OUTPUT_DIR:-.}/server.crt" ]; then
    check_default_common_name
  fi
}

check_default_common_name() {
  [ ${#wildcard} -le 64 ] || problem "NODE_CN: is not set, and the default \"$wildcard\" is too long" \
    "X.509 allows 64 bytes for a common name (CN); this one has ${#wildcard}." \
    "Set NODE_CN to a shorter name that no other cluster with this CA uses."
}

read_extra_names() {
  local name found
  while IFS= read -r name; do
    if found=$(alternative_name "$name"); then
      alternative_names+=", $found"
    elif [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then
      problem "EXTRA_NAMES: invalid IP address \"$name\""
    elif [ -n "$name" ]; then
      problem "EXTRA_NAMES: invalid DNS name \"$name\"" "A * can only be the whole first label."
    fi
  done < <(printf '%s\n' "${EXTRA_NAMES-}" | tr -s ', \t' '\n')
}

alternative_name() { # NAME. Prints it as subjectAltName has it, or fails.
  local host='[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?'
  if [[ $1 =~ ^[0-9.]+$ || $1 == *:* ]]; then
    # openssl fails with 1 at an address it cannot parse, and with 2 at the empty certificate.
    openssl verify -verify_ip "$1" /dev/null >/dev/null 2>&1 || [ $? = 2 ] || return 1
    printf 'IP:%s' "$1"
  else
    [[ $1 =~ ^(\*\.)?$host(\.$host)*$ && ${#1} -le 253 ]] || return 1
    printf 'DNS:%s' "$1"
  fi
}

check_output_directory() {
  local parent
  [ -n "$OUTPUT_DIR" ] || { problem "OUTPUT_DIR: is empty"; return; }
  [[ $OUTPUT_DIR == /* ]] || OUTPUT_DIR=$PWD/$OUTPUT_DIR
  parent=$OUTPUT_DIR
  until [ -e "$parent" ]; do parent=$(dirname "$parent"); done
  if [ ! -d "$parent" ]; then
    problem "OUTPUT_DIR: \"$parent\" is not a directory"
  elif [ "$parent" = "$OUTPUT_DIR" ] && [[ $(ls -ldL "$OUTPUT_DIR") != d????-??-* ]]; then
    problem "OUTPUT_DIR: others may write to \"$OUTPUT_DIR\"" \
      "They could replace the CA." "Run chmod 700 on it, or choose another directory."
  elif git -C "$parent" rev-parse --git-dir >/dev/null 2>&1 &&
    ! git -C "$parent" check-ignore --quiet "$OUTPUT_DIR/ca.key" 2>/dev/null; then
    problem "OUTPUT_DIR: Git does not ignore \"$OUTPUT_DIR\"" \
      "The private keys could be committed." "Add it to .gitignore, or choose another directory."
  fi
}
