"""Logs in to hosts as Patroni on this node would: with what patroni.yml says for each of its roles.

The first argument is patroni.yml, the others are hosts. Prints a line for each login that fails.
"""

import sys

import psycopg2
import yaml
from psycopg2.extras import PhysicalReplicationConnection

with open(sys.argv[1]) as file:
    roles = yaml.safe_load(file)["postgresql"]["authentication"]

failed = 0
for host in sys.argv[2:]:
    for purpose, settings in roles.items():
        words = dict(settings, user=settings["username"], host=host, connect_timeout=10)
        del words["username"]
        try:
            if purpose == "replication":
                psycopg2.connect(connection_factory=PhysicalReplicationConnection, **words).close()
            else:
                psycopg2.connect(dbname="postgres", **words).close()
        except psycopg2.Error as error:
            failed += 1
            print(f"{purpose} to {host}: {error}".strip())
sys.exit(failed > 0)
