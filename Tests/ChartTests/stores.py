"""A configuration store for `patronictl`: a real etcd on loopback, with a cluster's settings in it."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import yaml

from chart import run, tool


# A loopback address that no other process chooses, so that a port that is free stays so until etcd listens.
ADDRESS = "127.{}.{}.{}".format(64 + os.getpid() // 65536 % 64, os.getpid() // 256 % 256, os.getpid() % 256)


def free_port():
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return probe.getsockname()[1]


class Store:
    """`groups` maps a Citus group to its dynamic configuration."""

    def __init__(self, groups):
        self.groups = groups

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        client, peer = (f"http://{ADDRESS}:{free_port()}" for _ in range(2))
        self.address = client.removeprefix("http://")
        self.log = open(self.directory / "log", "w")
        self.process = subprocess.Popen(
            ["etcd", "--data-dir", self.directory / "data", "--listen-client-urls", client,
             "--advertise-client-urls", client, "--listen-peer-urls", peer],
            stdout=self.log, stderr=self.log,
        )
        self._wait()
        for group, settings in self.groups.items():
            self._etcdctl("put", f"/service/citusdemo/{group}/config", json.dumps(settings))
            self._etcdctl("put", f"/service/citusdemo/{group}/initialize", "1")
        self.file = self.directory / "patroni.yml"
        self.file.write_text(
            yaml.safe_dump(
                {
                    "scope": "citusdemo", "etcd3": {"host": self.address},
                    "citus": {"group": 0, "database": "citus"},
                }
            )
        )
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.directory)

    def _wait(self):
        for _ in range(1200):  # Two minutes: far more than a busy machine needs.
            try:
                with socket.create_connection(tuple(self.address.split(":")), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.directory / "log").read_text())

    def _etcdctl(self, *words):
        result = run("etcdctl", f"--endpoints={self.address}", *words, env={"ETCDCTL_API": "3", "PATH": "/usr/bin:/bin"})
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        return result.stdout

    def patronictl(self, *words, **options):
        result = run(tool("patronictl"), "--config-file", self.file, *words, **options)
        if result.returncode != 0:
            raise AssertionError(f"patronictl {' '.join(words)}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def configuration(self, group):
        text = self._etcdctl("get", f"/service/citusdemo/{group}/config", "--print-value-only")
        return json.loads(text)
