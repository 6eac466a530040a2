#!/usr/bin/env bash
# Creates the certificates of a cluster: a certificate authority (CA) and one certificate that all
# nodes share. Another run keeps the CA and renews the certificate.
#
# The files in OUTPUT_DIR are the only state there is:
#
#   empty          none of the files below
#   stable         ca.crt, ca.key, server.crt, server.key
#   both-trusted   + ca-next.crt, ca-next.key, ca-previous.crt; ca.crt holds both CAs, the old signs
#   new-ca-signs   + ca-next.crt, ca-previous.crt, ca-previous.key; ca.crt still holds both CAs
#
# Each step changes all of its files or none (ssl-certs/directory.sh).
set -euo pipefail
umask 077
export LC_ALL=C

readonly program=${0##*/}
parts=$(dirname "${BASH_SOURCE[0]}")/ssl-certs
# shellcheck source=ssl-certs/settings.sh
. "$parts/settings.sh"
# shellcheck source=ssl-certs/directory.sh
. "$parts/directory.sh"
# shellcheck source=ssl-certs/certificates.sh
. "$parts/certificates.sh"

usage() {
  cat <<END
Usage: CLUSTER_NAME=NAME [VARIABLE=VALUE]... $program [STEP]

Creates a certificate authority (ca.crt, ca.key; 10 years) and a node certificate (server.crt,
server.key; 3 years). If there is a CA, from an earlier run or your own, keeps it and issues a new
node certificate. Prints on standard output the kubectl command that puts ca.crt, server.crt and
server.key into the Secret CLUSTER_NAME-ssl-certs. No cluster needs ca.key: keep it elsewhere.

  CLUSTER_NAME    name of the cluster and of the headless Service of its pods; required
  NAMESPACE       Kubernetes namespace; default: default
  CLUSTER_DOMAIN  DNS domain of the Kubernetes cluster; default: cluster.local
  EXTRA_NAMES     more DNS names and IP addresses that clients connect to, separated by spaces
                  or commas; default: those of the certificate that is renewed. EXTRA_NAMES=
                  drops them
  NODE_CN         common name (CN) of the node certificate, at most 64 bytes (a limit of X.509);
                  default: that of the certificate that is renewed, or
                  *.CLUSTER_NAME.NAMESPACE.svc.CLUSTER_DOMAIN
  NODE_DAYS       days that the node certificate is valid; default and maximum: 1095
  KEY_TYPE        type of new keys: ec (P-256, the default) or rsa (3072 bits)
  OUTPUT_DIR      where the files are; default: certs in the current directory

Without STEP, the CA in use issues a new node certificate, also between two steps. Replacing the CA
takes three steps. After each, apply the printed command and wait until every node uses the files:
nodes one step apart accept each other, nodes two steps apart do not.

  --rotate-ca           create a new CA; ca.crt holds the old and the new one, and the node
                        certificate stays. Clients outside the cluster also need this ca.crt
  --use-new-ca          issue the node certificate from the new CA
  --finish-ca-rotation  ca.crt holds the new CA alone; the old one is kept as retired-ca-*
  -h, --help            print this text

A step can be repeated. A step out of order is rejected and changes nothing. Exit codes: 0; 64
invalid command line; 69 OpenSSL 3 is missing; 70 OpenSSL failed; 73 a file could not be written;
78 invalid settings or files.
END
}

# Messages are in PostgreSQL's voice:
# https://www.postgresql.org/docs/current/error-style-guide.html
status=0
report() { # "SUBJECT: factual line" DETAIL HINT
  printf '%s: error: %s\n' "$program" "$1" >&2
  [ -z "${2-}" ] || printf '  detail: %s\n' "$2" >&2
  [ -z "${3-}" ] || printf '  hint: %s\n' "$3" >&2
}
usage_problem() { report "$@"; status=64; }
problem() { report "$@"; [ "$status" != 0 ] || status=78; }
exit_after_problems() { [ "$status" = 0 ] || exit "$status"; }
stop() { local code=$1; shift; report "$@"; exit "$code"; }
refuse() { stop 78 "$@"; }
note() { printf '%s: %s\n' "$program" "$*" >&2; }

step=issue
read_arguments() {
  local argument
  for argument; do
    case $argument in
      -h | --help) usage; exit 0 ;;
      --rotate-ca | --use-new-ca | --finish-ca-rotation)
        [ "$step" = issue ] || [ "$step" = "$argument" ] ||
          usage_problem "$argument: cannot be combined with $step"
        step=$argument ;;
      *) usage_problem "$argument: unknown argument" \
        "Accepted arguments are --rotate-ca, --use-new-ca, --finish-ca-rotation and --help." ;;
    esac
  done
}

state() {
  if [ -e ca-next.key ]; then
    echo both-trusted
  elif [ -e ca-next.crt ]; then
    echo new-ca-signs
  elif [ -e ca.crt ] || [ -e ca.key ] || [ -e server.crt ] || [ -e server.key ]; then
    echo stable
  else
    echo empty
  fi
}

check_files() {
  local file needed=(ca.crt)
  case $step:$(state) in
    *:empty) return ;;
    issue:stable) ;;
    *:stable) needed+=(server.crt server.key) ;;
    *) needed+=(server.crt server.key ca-next.crt ca-previous.crt) ;;
  esac
  for file in "${needed[@]}"; do
    [ -e "$file" ] || problem "$file: is missing in \"$PWD\"" "Other files of the set exist." \
      "Restore it, or choose an empty directory."
  done
  for file in *.key; do
    [ ! -e "$file" ] || [[ $(ls -ldL "$file") == -???--?--* ]] ||
      problem "$file: others may read or write it" "" "Run chmod 600 on it."
  done
  exit_after_problems
}

take_step() {
  case $step:$(state) in
    issue:empty) create ;;
    issue:stable) renew ca.crt ;;
    issue:both-trusted) renew ca-previous.crt ;;
    issue:new-ca-signs) renew ca-next.crt ;;
    --rotate-ca:stable) rotate_ca ;;
    --use-new-ca:both-trusted) use_new_ca ;;
    --finish-ca-rotation:new-ca-signs) finish_ca_rotation ;;
    --rotate-ca:both-trusted | --use-new-ca:new-ca-signs) note "$step: already done" ;;
    --finish-ca-rotation:stable)
      compgen -G 'retired-ca-*.crt' >/dev/null || refuse_without_rotation
      note "$step: already done" ;;
    *:empty) refuse_without_ca ;;
    *:stable) refuse_without_rotation ;;
    *:both-trusted) refuse_step "The old CA still signs." "Run --use-new-ca first." ;;
    *:new-ca-signs) refuse_step "The previous rotation is not finished." "Run --finish-ca-rotation first." ;;
  esac
}

refuse_step() { refuse "$step: out of order" "$@"; }
refuse_without_ca() {
  refuse_step "There is no CA in \"$OUTPUT_DIR\"." "First run without a step."
}
refuse_without_rotation() {
  refuse_step "No rotation of the CA has begun." "Run --rotate-ca first."
}

create() {
  make_ca "$new/ca"
  issue_node_certificate "$new/ca.crt" "$new/ca.key"
  commit
}

renew() { # FILE-OF-THE-CA-THAT-SIGNS
  issue_node_certificate "$1" ca.key
  verify_node_certificate "$new/server.crt" ca.crt
  note_dropped_names
  commit
}

rotate_ca() {
  make_ca "$new/ca-next"
  cp ca.crt "$new/ca-previous.crt"
  # awk adds the line end that the last line of a file may lack.
  awk 1 ca.crt "$new/ca-next.crt" >"$new/ca.crt"
  verify_node_certificate server.crt "$new/ca.crt"
  commit
}

use_new_ca() {
  issue_node_certificate ca-next.crt ca-next.key
  verify_node_certificate "$new/server.crt" ca.crt
  note_dropped_names
  cp ca-next.key "$new/ca.key"
  [ ! -e ca.key ] || cp ca.key "$new/ca-previous.key"
  commit ca-next.key
}

finish_ca_rotation() {
  local serial
  verify_node_certificate server.crt ca-next.crt
  serial=$(run_openssl x509 -in ca-previous.crt -noout -serial)
  cp ca-next.crt "$new/ca.crt"
  cp ca-previous.crt "$new/retired-ca-${serial#*=}.crt"
  [ ! -e ca-previous.key ] || cp ca-previous.key "$new/retired-ca-${serial#*=}.key"
  commit ca-next.crt ca-previous.crt ca-previous.key
}

report_next_step() {
  local end
  end=$(run_openssl x509 -in server.crt -noout -enddate)
  note "state: $(state), node certificate valid until ${end#*=}"
  case $(state) in
    both-trusted) note "next: --use-new-ca, when all nodes and clients have this ca.crt" ;;
    new-ca-signs) note "next: --finish-ca-rotation, when all nodes have this server.crt" ;;
  esac
}

print_kubectl_command() {
  local file
  printf 'kubectl create secret generic %s-ssl-certs --namespace=%s \\\n' \
    "$CLUSTER_NAME" "$NAMESPACE"
  for file in ca.crt server.crt server.key; do
    printf '  --from-file=%s=%q \\\n' "$file" "$PWD/$file"
  done
  printf '  --dry-run=client --output=yaml | kubectl apply --filename=-\n'
}

main() {
  read_arguments "$@"
  check_openssl
  read_settings
  exit_after_problems
  [ "$step" = issue ] || [ -d "$OUTPUT_DIR" ] || refuse_without_ca
  open_directory "$OUTPUT_DIR"
  check_files
  take_step
  report_next_step
  print_kubectl_command
}

main "$@"
