"""Runs `patroni --validate-config` on files, each with the environment that goes with it.

Arguments: ports, with commas between them, on which something accepts connections meanwhile, because
Patroni tries the stores that a file names; then pairs of a file and of a JSON file with the
environment. Prints `PATH: CODE`, and what Patroni said, for every file that it does not take.
"""

import json
import os
import socket
import sys

import patroni.__main__
import patroni.version

listeners = [
    socket.create_server(("", int(port)), family=socket.AF_INET6, dualstack_ipv6=True)
    for port in sys.argv[1].split(",")
]
# Patroni before version 4 listens on the addresses in any case.
options = [] if patroni.version.__version__.startswith("3.") else ["--ignore-listen-port"]

for file, environment in zip(sys.argv[2::2], sys.argv[3::2]):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.environ.clear()
        os.environ.update(json.load(open(environment, encoding="utf-8")))
        os.dup2(1, 2)
        sys.argv = ["patroni", "--validate-config", *options, file]
        patroni.__main__.main()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        print(f"{file}: {os.waitstatus_to_exitcode(status)}")
