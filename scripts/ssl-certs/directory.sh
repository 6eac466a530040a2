# shellcheck shell=bash
# Part of generate-ssl-certs.sh: changes all of several files in a directory, or none.
#
# No file is written in its place. A run prepares the files it changes in a directory of its own,
# $new, flushes them to disk and renames $new to .commit. From then on the change holds: moving the
# files to their places can be repeated, and the next run does so when this one is killed.

open_directory() { # DIRECTORY. Makes it the current one; sets staging (scratch files) and new.
  mkdir -p "$1" && cd "$1" && [ -w . ] || stop 73 "OUTPUT_DIR: could not write to \"$1\""
  # Where there is no flock (macOS), it is up to the user not to start two runs at once.
  if command -v flock >/dev/null; then
    exec 9<.
    # Longer than a run takes on a busy machine.
    flock -w 120 9 || refuse "OUTPUT_DIR: another run is writing to \"$PWD\""
  fi
  if [ -d .commit ]; then
    publish
    note "completed the changes of an interrupted run"
  fi
  rm -rf .staging.*
  staging=.staging.$$ new=.staging.$$/new
  trap 'rm -rf "$staging"' EXIT
  mkdir "$staging" "$new"
}

commit() { # FILE-TO-REMOVE...
  printf '%s\n' "$@" >"$new/remove"
  chmod 644 "$new"/*.crt
  flush "$new"/* "$new"
  mv "$new" .commit
  flush .
  publish
}

publish() {
  local file
  if [ -f .commit/remove ]; then
    while IFS= read -r file; do [ -z "$file" ] || rm -f "$file"; done <.commit/remove
  fi
  for file in .commit/*.crt .commit/*.key; do
    [ ! -e "$file" ] || mv -f "$file" .
  done
  flush .
  rm -rf .commit
}

flush() { sync "$@" 2>/dev/null || sync; }
