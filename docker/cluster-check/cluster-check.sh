#!/bin/sh
# Looks at a whole cluster from one of its nodes; cluster-check --help says more.
exec /opt/patroni/bin/python -B /opt/cluster-check "$@"
