#!/bin/sh
# Checks a whole cluster from one of its nodes; cluster-check --help describes how.
exec /opt/patroni/bin/python -B /opt/cluster-check "$@"
