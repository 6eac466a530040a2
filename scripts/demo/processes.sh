# shellcheck shell=bash disable=SC2034,SC2154 # the parts of demo.sh share their variables
# Processes in the background that never outlive the script, and the directory that they live in.

declare -A pids=()      # of what runs, by name
declare -a started=()   # names, in the order of starting
directory=
is_showing=             # set once everything is up and there is nothing left to do but wait

say() { printf '%s\n' "$*"; }

# From here on everything is stopped and removed, however the script ends.
clean_up_at_exit() {
  trap clean_up EXIT
  # Ctrl-C is the way to end a demonstration, and a failure while it is still starting.
  trap '[ -n "$is_showing" ] && exit 0; exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

# Root runs the servers as user postgres, because PostgreSQL refuses to run as root; anybody else
# runs them as himself. Sockets of the servers let everybody in, so the directory does not.
prepare_directory() {
  # A short path: the name of a socket has 107 bytes.
  directory=$(mktemp -d /tmp/entrypoint-demo.XXXXXX)
  as_postgres=(setpriv --pdeathsig TERM)
  owner=$(id -un)
  if [ "$owner" = root ]; then
    owner=postgres
    as_postgres+=(--reuid postgres --regid postgres --init-groups)
  fi
  chown "$owner" "$directory"
}

# start NAME COMMAND...: in the background, with an empty environment, in a directory of its own.
# Its own session, too: what the terminal sends on Ctrl-C comes to this script only, which stops
# everything in the right order.
start() {
  local name=$1
  shift
  install -d -m 0700 -o "$owner" "$directory/$name"
  (
    cd "$directory/$name" || exit
    exec setsid "${as_postgres[@]}" env -i "$@"
  ) </dev/null >>"$directory/$name.log" 2>&1 &
  [ -n "${pids[$name]-}" ] || started+=("$name")
  pids[$name]=$!
  disown # nothing is said when it is killed
  echo $! >"$directory/$name/pid"
}

runs() { kill -0 "${pids[$1]}" 2>/dev/null; }

# wait_for NAME SECONDS STATE COMMAND...: until COMMAND succeeds; gives up when NAME has ended.
wait_for() {
  local name=$1 seconds=$2 state=$3 begin=$SECONDS
  shift 3
  until "$@" >/dev/null 2>&1; do
    runs "$name" || give_up "$name" "ended before it was $state"
    [ $((SECONDS - begin)) -lt "$seconds" ] || give_up "$name" "is not $state after $seconds s"
    sleep 0.3
  done
  say "$name: $state after $((SECONDS - begin)) s"
}

# give_up NAME REASON: shows the end of its log.
give_up() {
  {
    say "demo: error: $1: $2"
    say "  detail: The last lines of its log:"
    tail -n 25 "$directory/$1.log" | sed 's/^/    /'
  } >&2
  exit 1
}

stop() {
  local name seconds=$1
  shift
  for name; do
    if runs "$name"; then kill -TERM "${pids[$name]}"; fi
  done
  for name; do
    local deadline=$((SECONDS + seconds))
    while runs "$name" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.1; done
  done
}

# Processes that work in the directory: servers, and what they started.
strays() {
  local link
  for link in /proc/[0-9]*/cwd; do
    case $(readlink "$link") in
    "$directory" | "$directory"/*) link=${link#/proc/} && echo "${link%/cwd}" ;;
    esac
  done
}

# The members give up leadership and stop PostgreSQL as long as etcd is there.
clean_up() {
  local status=$? stray
  trap '' INT TERM HUP PIPE
  set +e
  exec 2>/dev/null
  if [ -n "$directory" ]; then
    [ ${#started[@]} -eq 0 ] || say "stopping"
    [ ${#started[@]} -lt 2 ] || stop 60 "${started[@]:1}"
    [ ${#started[@]} -eq 0 ] || stop 10 "${started[0]}"
    while stray=$(strays) && [ -n "$stray" ]; do
      # shellcheck disable=SC2086 # a list of numbers
      kill -KILL $stray
      sleep 0.1
    done
    rm -rf "$directory"
  fi
  exit "$status"
}
