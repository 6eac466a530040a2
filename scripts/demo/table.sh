# shellcheck shell=bash disable=SC2154 # the parts of demo.sh share their variables
# What there is to see while the cluster runs, and what there is to try.

# ask MEMBER SQL: as `query`, or nothing while the server does not answer.
ask() { PGCONNECT_TIMEOUT=2 query "$1" "$2" 2>/dev/null || true; }

# leader_of GROUP: the member that takes writes, or nothing.
leader_of() {
  local name
  for name in "${members[@]}"; do
    [ "${groups[$name]}" = "$1" ] || continue
    [ "$(ask "$name" 'SELECT pg_is_in_recovery()')" != f ] || { echo "$name" && return; }
  done
}

# days_left MEMBER: until the certificate that its server shows expires, as `90 d`.
days_left() {
  local file end
  file=$(ask "$1" 'SHOW ssl_cert_file')
  [ -n "$file" ] || return 0
  end=$(openssl x509 -noout -enddate -in "$file" | cut -d = -f 2)
  echo "$((($(date -d "$end" +%s) - $(date +%s)) / 86400)) d"
}

# row MEMBER: its line of the table.
# https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
row() {
  local name=$1 leader role=standby state=down lag='' subject=''
  leader=$(leader_of "${groups[$name]}")
  if [ "$name" = "$leader" ]; then
    role=leader state=running
  elif [ -n "$leader" ]; then
    IFS='|' read -r state lag subject < <(
      ask "$leader" "
        SELECT state, ceil(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) / 1024) || ' kB', client_dn
        FROM pg_stat_replication LEFT JOIN pg_stat_ssl USING (pid)
        WHERE application_name = '$name'"
    ) || state=absent
  fi
  line "$name" "$role" "$state" "$lag" "$subject" "$(days_left "$name")"
}

# It fits into 80 columns.
line() { printf '%-8s %-7s %-9s %-8s %-36s %s\n' "$@"; }

table() {
  local name
  line member role state lag 'replicates with certificate' expires
  for name in "${members[@]}"; do row "$name"; done
}

show_commands() {
  local first=${members[0]} second=${members[1]} group=''
  [ -z "$has_citus" ] || group=' --group 0'
  say "To try in another terminal; in-MEMBER runs a command in that member's pod:"
  say "  $directory/in-$first patronictl switchover --force$group"
  say "  kill -9 \$(cat $directory/$first/pid)"
  say "  $directory/in-$second psql 'host=${addresses[$first]} port=$postgresql_port user=postgres' -c '\\conninfo'"
  say "  $directory/in-$first entrypoint --dry-run"
  say "Ctrl-C stops everything."
}

# Refreshed in place on a terminal, where lines that are too long are cut, not wrapped; anything else
# gets a new table when there is something new.
show_table() {
  local lines=0 text last=
  while :; do
    text=$(table)
    if [ -t 1 ]; then
      [ "$lines" = 0 ] || printf '\033[%dA\033[J' "$lines"
      printf '\033[?7l%s\033[?7h\n' "$text"
      lines=$(wc -l <<<"$text")
    elif [ "$text" != "$last" ]; then
      say "$text"
      echo
    fi
    last=$text
    [ "${1-}" != once ] || return 0
    restart_what_ended
    sleep 1
  done
}

# As the kubelet does with containers.
restart_what_ended() {
  local name
  runs etcd || give_up etcd "ended"
  for name in "${members[@]}"; do runs "$name" || start_member "$name"; done
}
