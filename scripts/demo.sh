#!/usr/bin/env bash
# A cluster on this machine: etcd and two members, or four with Citus. The release binary starts
# PostgreSQL and Patroni from nothing but environments, with certificates in the place of passwords.
#
# Shows the members, refreshed in place on a terminal, and what to try, until Ctrl-C; with ONCE=1 it
# stops by itself as soon as it has shown what it is there for.
# PATRONI_POSTGRESQL_BIN_DIR names the PostgreSQL to use; by default the newest of Debian's.
set -euo pipefail
export LC_ALL=C.UTF-8

cd "$(dirname "$0")/.."
# shellcheck source=scripts/demo/processes.sh
. scripts/demo/processes.sh
# shellcheck source=scripts/demo/machine.sh
. scripts/demo/machine.sh
# shellcheck source=scripts/demo/members.sh
. scripts/demo/members.sh
# shellcheck source=scripts/demo/table.sh
. scripts/demo/table.sh

scripts/setup.sh
scripts/release.sh

# What is built serves everybody; what the cluster has is its own.
umask 077
clean_up_at_exit
prepare_directory
make_certificates
find_postgresql
choose_members
find_patroni
find_ports

start_etcd
for ((first = 0; first < ${#members[@]}; first += 2)); do
  leader=${members[first]} standby=${members[first + 1]}
  write_pod_command "$leader"
  write_pod_command "$standby"
  say "$leader: starting on ${addresses[$leader]}:$postgresql_port"
  start_member "$leader"
  wait_for "$leader" 300 "leader" is_leader "$leader"
  say "$standby: starting on ${addresses[$standby]}:$postgresql_port"
  start_member "$standby"
  wait_for "$standby" 300 "streaming standby" is_streaming "$standby" "$leader"
done

echo
for ((first = 0; first < ${#members[@]}; first += 2)); do
  show_certificate_login "${members[first]}" "${members[first + 1]}"
done
echo
show_commands
echo
if [ "${ONCE-}" = 1 ]; then
  show_table once
else
  is_showing=1
  show_table
fi
