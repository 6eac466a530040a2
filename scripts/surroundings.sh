# shellcheck shell=bash # sourced by what runs tests, in the root of the repository

[ -n "${SURROUNDINGS:-}" ] || exec env --chdir="$OLDPWD" "$PWD/scripts/surroundings.py" "$0" "$@"

# measured COMMAND...: says how long it took.
measured() {
  local begin=$SECONDS
  "$@"
  printf '%s: %s min %s s\n' "$*" $(((SECONDS - begin) / 60)) $(((SECONDS - begin) % 60))
}
