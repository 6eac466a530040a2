#!/usr/bin/env python3
"""Gives every scenario's file to `patroni --validate-config`: patroni.py PYTHON RESULT

PYTHON is the interpreter of an environment with that Patroni. Runs as root in a network namespace of
its own, where every host name of the scenarios is this machine. Writes what it saw to RESULT as JSON.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import pods

PYTHON = sys.argv[1]
RESULT = pathlib.Path(sys.argv[2])
VALIDATE = pods.ROOT / "Tests/IntegrationTests/Python/validate.py"
# Ports of the stores, and the hosts that the scenarios name.
PORTS = "2379,8500,2181,2222"
HOSTS = ["localhost", "etcd", "etcd-0.etcd", "etcd-1.etcd", "zk-0", "zk-1"]
SERVERS = "/usr/lib/postgresql/15/bin"


def started(scenario: pods.Scenario, folder: pathlib.Path) -> list[str]:
    """The file and the environment that Patroni gets in this pod; nothing when it does not start."""
    home = folder / scenario.name
    home.mkdir()
    fake = home / "patroni"
    fake.write_text(f"#!/bin/sh\nexec cat /proc/$$/environ >'{home}/environment'\n")
    fake.chmod(0o755)
    file = home / "patroni.yml"
    result = scenario.run([str(pods.BINARY), "--output", str(file)], [f"PATH={home}:{SERVERS}:/usr/bin:/bin", f"HOME={home}"])
    if result.returncode not in (0, 78):
        raise SystemExit(f"{scenario.name}: exit code {result.returncode}: {result.stderr.decode()}")
    if result.returncode == 78:
        return []
    entries = (home / "environment").read_bytes().split(b"\0")[:-1]
    values = dict(entry.decode(errors="surrogateescape").split("=", 1) for entry in entries)
    (home / "environment.json").write_text(json.dumps(values))
    return [str(file), str(home / "environment.json")]


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        files = [word for scenario in pods.scenarios() for word in started(scenario, folder)]
        hosts = folder / "hosts"
        hosts.write_text("127.0.0.1 " + " ".join(HOSTS) + "\n")
        for number in range(10, 13):
            subprocess.run(["ip", "address", "add", f"192.0.2.{number}/32", "dev", "lo"], check=True)
        subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)
        said = subprocess.run([PYTHON, str(VALIDATE), PORTS, *files], capture_output=True, text=True, check=False)
    version = subprocess.run([PYTHON, "-m", "patroni", "--version"], capture_output=True, text=True, check=True)
    seen = {"version": version.stdout.split()[1], "scenarios": len(files) // 2}
    RESULT.write_text(json.dumps(seen) + "\n")
    print(said.stdout + said.stderr, end="")
    print(f"Patroni {seen['version']}: {seen['scenarios']} scenarios validated")
    return 1 if said.stdout or said.returncode or seen["scenarios"] < 30 else 0


if __name__ == "__main__":
    sys.exit(main())
