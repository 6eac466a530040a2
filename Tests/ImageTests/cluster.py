"""A cluster of containers: etcd on the switch, and members that are hosts on it."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import containers
from containers import IMAGE, REPOSITORY, podman, run, wait_until
from secret_volume import SecretVolume

CERTIFICATES = "/etc/ssl/certs/postgresql"
# A test waits less than an operator.
PATIENCE = "{bootstrap: {dcs: {loop_wait: 2}}}"


def make_certificates(cluster, directory):
    """The files of a cluster's authority and of its nodes."""
    variables = {**os.environ, "CLUSTER_NAME": cluster, "OUTPUT_DIR": str(directory)}
    run(REPOSITORY / "scripts/generate-ssl-certs.sh", env=variables)


class Cluster:
    name = "citusdemo"

    def __init__(self):
        self.members = {}
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="image-test-"))
        self.network = containers.Network()
        self.etcd = None
        self.certificates = self.directory / "certificates"
        make_certificates(self.name, self.certificates)
        self._start_etcd()

    def _start_etcd(self):
        client = f"http://{self.network.gateway}:2379"
        with open(self.directory / "etcd.log", "w", encoding="utf-8") as log:
            self.etcd = subprocess.Popen(
                [
                    "ip", "netns", "exec", self.network.switch, "etcd",
                    f"--data-dir={self.directory / 'etcd'}",
                    f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
                ],
                stdout=log, stderr=log,
            )  # fmt: skip
        self.in_network = ["ip", "netns", "exec", self.network.switch]
        wait_until(
            "etcd healthy",
            lambda: run(*self.in_network, "curl", "-fsS", f"{client}/health"),
            explain=lambda: (self.directory / "etcd.log").read_text()[-3000:],
        )

    def start(self, name, *options, key_mode, group, environment=None):
        """Starts a member with a secret volume of its own; `key_mode` and `group` are its files'."""
        address, namespace = self.network.host(name)
        secret = SecretVolume(self.directory / "secrets" / name, key_mode, group)
        secret.write(self.certificates)
        member = Member(f"{self.network.label}-{name}", name, address, secret)
        self.members[name] = member
        podman(
            "run", "--detach", "--name", member.container, "--hostname", name,
            "--network", f"ns:{namespace}",
            "--cap-drop", "all", "--security-opt", "no-new-privileges",
            "--volume", f"{secret.path}:{CERTIFICATES}:ro",
            "--volume", f"{member.volume}:/home/postgres/pgdata",
            *options,
            *containers.variables({
                "CLUSTER_NAME": self.name,
                "POD_NAME": name,
                "POD_IP": address,
                "PGSSLMODE": "verify-ca",
                "NODE_AUTH": "cert",
                "PATRONI_ETCD3_HOSTS": f"{self.network.gateway}:2379",
                "PATRONI_CONFIGURATION": PATIENCE,
                **(environment or {}),
            }),
            IMAGE,
        )  # fmt: skip
        return member

    def presented(self, member):
        """What `openssl x509` says about the certificate that a member's server shows."""
        shown = run(
            *self.in_network, "openssl", "s_client", "-starttls", "postgres",
            "-connect", f"{member.address}:5432", "-showcerts", input="", check=False,
        ).stdout  # fmt: skip
        return run("openssl", "x509", "-noout", "-serial", input=shown).stdout.strip()

    def list(self, seen_from):
        """What `patronictl list` prints in a member."""
        output = podman(
            "exec", self.members[seen_from].container, "patronictl", "list", "--format", "json"
        ).stdout
        return {row["Member"]: (row["Role"], row["State"]) for row in json.loads(output)}

    def close(self):
        for member in self.members.values():
            podman("rm", "--force", "--time", "0", "--volumes", member.container, check=False)
            podman("volume", "rm", "--force", member.volume, check=False)
        if self.etcd:
            self.etcd.terminate()
            self.etcd.wait(timeout=120)
        self.network.close()
        shutil.rmtree(self.directory)


class Member:
    def __init__(self, container, name, address, secret):
        self.container = container
        self.volume = f"{container}-data"
        self.name = name
        self.address = address
        self.secret = secret

    def query(self, sql):
        """The superuser's answer, by way of the socket."""
        return self.execute("psql", "-XAtq", "-U", "postgres", "-d", "postgres", "-c", sql)

    def execute(self, *words):
        return podman("exec", self.container, *words).stdout.strip()

    def log(self):
        result = podman("logs", self.container, check=False)
        return (result.stdout + result.stderr)[-6000:]

    def processes(self):
        """Triples of process id and parent, as the container sees them, and command line."""
        lines = podman("top", self.container, "pid", "ppid", "args").stdout.splitlines()[1:]
        rows = [line.split(maxsplit=2) for line in lines]
        return [(int(pid), int(parent), args) for pid, parent, args in rows]
