#!/bin/bash
# begin.sh NAME COMMAND...: logs as Patroni does when NAME begins, and becomes COMMAND. No other process is started,
# so that little of what is measured is this script's.
now=$EPOCHREALTIME
printf '%(%F %T)T,%s INFO: %s begins\n' "${now%.*}" "${now#*.}" "$1"
exec "${@:2}"
