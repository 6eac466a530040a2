#!/usr/bin/env bash
# A cluster on this machine: etcd and two members, PostgreSQL and Patroni started by the release
# binary from nothing but their environments, with certificates in the place of passwords.
#
# Ctrl-C stops it; with ONCE=1 it stops by itself as soon as it has shown what it is there for.
# PATRONI_POSTGRESQL_BIN_DIR names the PostgreSQL to use; by default the newest of Debian's.
set -euo pipefail
umask 077
export LC_ALL=C.UTF-8

cd "$(dirname "$0")/.."
# shellcheck source=scripts/demo/processes.sh
. scripts/demo/processes.sh
# shellcheck source=scripts/demo/machine.sh
. scripts/demo/machine.sh
# shellcheck source=scripts/demo/members.sh
. scripts/demo/members.sh

scripts/setup.sh
scripts/release.sh

clean_up_at_exit
prepare_directory
make_certificates
find_postgresql
find_patroni
find_ports

start_etcd
start_member demo-0
wait_for demo-0 120 "leader" is_leader demo-0
# A base backup begins with a checkpoint that takes its time, minutes, when there is much to write.
query demo-0 CHECKPOINT
start_member demo-1
wait_for demo-1 120 "streaming standby" is_streaming demo-1

echo
show_members
show_certificate_login demo-0 demo-1
echo

[ "${ONCE-}" != 1 ] || exit 0
say "psql -h $directory/demo-0 -p $postgresql_port -U postgres   talks to the leader"
say "press Ctrl-C to stop"
keep_running
