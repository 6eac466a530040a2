"""Runs pods: real processes, each pod in network, mount and process namespaces of its own.

A pod sees this machine's programs, its own files and volumes, and no other pod but over the network.
The first process is the image's entrypoint; a claim's volume outlives the pod.
"""

import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

from chart import PROJECT, run
from kubernetes.server import token
from nodes import BINARIES
from pod import Pod

# Seconds between two looks at a pod's ConfigMaps and Secrets, as the kubelet's syncFrequency.
SYNC = 60
VENV = PROJECT / ".build/venv"
ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount"

# In the pod's namespaces: waits for its network, and becomes the container.
CONTAINER = """
set -e
cd "$ROOT"
for directory in bin lib lib64 sbin; do ln -sfn "usr/$directory" "$directory"; done
mkdir -p usr proc dev "$ROOT$VENV" "$ROOT$CLAIM_PATH" opt/bin
mount --rbind /usr usr
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 none dev/shm
mount --bind "$VENV" "$ROOT$VENV"
mount --bind "$CLAIM" "$ROOT$CLAIM_PATH"
mount --bind "$HOSTS" etc/hosts
ip link set lo up
echo ready
read -r go
exec env -i /usr/sbin/chroot --userspec="$OWNER" --groups="$GROUPS_OF_VOLUMES" "$ROOT" /usr/bin/env "$@" /opt/bin/entrypoint
"""

# Patroni without the extension's SQL, where there is no Citus. Groups, their Endpoints and the REST
# API between them stay as they are.
WITHOUT_CITUS = """#!{python}
import sys
from patroni.__main__ import main
from patroni.postgresql.mpp.citus import CitusHandler

for name in ("bootstrap", "sync_meta_data", "adjust_postgres_gucs", "handle_event"):
    setattr(CitusHandler, name, lambda *arguments: None)
# As process 1 Patroni starts this file again, under another name.
if __name__ == "__main__":
    sys.exit(main())
"""


class Kubelet:
    def __init__(self, cluster, pod):
        self.cluster = cluster
        self.name = pod["metadata"]["name"]
        self.item = pod
        self.address = cluster.next_address()
        self.process = None
        threading.Thread(target=self.live, daemon=True).start()

    # A container's life.

    def live(self):
        try:
            self.start()
            self.cluster.note(self.name, "started")
            probe = self.container["readinessProbe"]
            due = time.monotonic() + probe["initialDelaySeconds"] * self.cluster.pace
            synced = time.monotonic()
            failures = 0
            while not (pod := self.cluster.store.get("pods", self.name))["metadata"].get("deletionTimestamp"):
                if self.process.poll() is not None:
                    raise AssertionError(f"{self.name} ended:\n{self.log.read_text()[-3000:]}")
                if time.monotonic() >= synced + SYNC * self.cluster.pace:
                    synced = time.monotonic()
                    self.pod.update(self.cluster.objects())
                if time.monotonic() >= due:
                    due = time.monotonic() + probe["periodSeconds"] * self.cluster.pace
                    failures = 0 if self.answers(probe) else failures + 1
                    if failures == 0 or failures >= probe["failureThreshold"]:
                        self.set_ready(failures == 0)
                time.sleep(0.1)
            self.stop(pod["metadata"]["deletionGracePeriodSeconds"])
        except Exception as error:
            if not self.cluster.is_closed:
                self.cluster.fail(f"{self.name}: {error}")

    def set_ready(self, ready):
        conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
        known = self.cluster.store.get("pods", self.name)
        if known["status"]["conditions"] != conditions:
            self.cluster.note(self.name, "ready" if ready else "not ready")
            self.cluster.store.patch("pods", self.name, {"status": {"conditions": conditions}})

    def answers(self, probe):
        http = probe["httpGet"]
        context = ssl._create_unverified_context()
        url = f"{http['scheme'].lower()}://{self.address}:8008{http['path']}"
        try:
            with urllib.request.urlopen(url, timeout=probe["timeoutSeconds"], context=context) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self, grace):
        self.cluster.note(self.name, "told to go")
        end = time.monotonic() + grace
        hook = self.container.get("lifecycle", {}).get("preStop")
        if hook:
            try:
                result = self.execute(*hook["exec"]["command"], timeout=grace)
                if result.returncode != 0:
                    self.cluster.fail(f"preStop of {self.name}: {result.stdout}{result.stderr}")
            except subprocess.TimeoutExpired:
                self.cluster.note(self.name, "hook took too long")
        self.cluster.note(self.name, "stopped")
        os.kill(self.first, signal.SIGTERM)
        try:
            self.process.wait(max(2, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.cluster.note(self.name, "killed")
            os.kill(self.first, signal.SIGKILL)
            self.process.wait()
        self.cluster.note(self.name, "gone")
        shutil.rmtree(self.pod.root, ignore_errors=True)
        self.cluster.gone(self.name)

    # What it is made of.

    def start(self):
        cluster = self.cluster
        root = cluster.directory / f"{self.name}-{self.address}"
        root.mkdir()
        self.pod = Pod(root, self.item, self.name, cluster.namespace, self.address, cluster.program,
                       cluster.objects())  # fmt: skip
        self.container = self.pod.container
        self.files()
        claim = cluster.directory / f"pgdata-{self.name}"
        if not claim.exists():
            claim.mkdir()
            os.chown(claim, 0, self.pod.volume_group)
            claim.chmod(0o2775)
        self.log = cluster.directory / f"log-{self.name}"
        # A container's streams are its user's: https://github.com/opencontainers/runc (fixStdioPermissions).
        self.log.touch()
        os.chown(self.log, self.pod.user, self.pod.group)
        environment = self.pod.environment | {"PATH": f"/opt/bin:{VENV}/bin:{BINARIES}:/usr/bin",
                                              "PATRONICTL_CONFIG_FILE": "/home/postgres/patroni.yml"}  # fmt: skip
        self.words = [f"{name}={value}" for name, value in environment.items()]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "unshare", "--net", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child",
                 "sh", "-c", CONTAINER, "container", *self.words],
                env={"PATH": os.environ["PATH"], "ROOT": str(root), "VENV": str(VENV), "CLAIM": str(claim),
                     "CLAIM_PATH": "/home/postgres/pgdata", "HOSTS": str(cluster.hosts_file),
                     "OWNER": f"{self.pod.user}:{self.pod.group}", "GROUPS_OF_VOLUMES": str(self.pod.volume_group)},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        if self.process.stdout.readline() != "ready\n":
            raise AssertionError(self.log.read_text())
        threading.Thread(target=self.copy_output, daemon=True).start()
        self.first = int(pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text())
        cluster.connect(self)
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def copy_output(self):
        with open(self.log, "a") as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()

    def files(self):
        root = self.pod.root
        programs = root / "opt/bin"
        programs.mkdir(parents=True)
        os.link(self.cluster.program, programs / "entrypoint")
        if not self.cluster.has_citus:
            (programs / "patroni").write_text(WITHOUT_CITUS.format(python=VENV / "bin/python3"))
            (programs / "patroni").chmod(0o755)
        (root / "etc/hosts").touch()
        (root / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
        shutil.copyfile("/etc/ld.so.cache", root / "etc/ld.so.cache")
        account = root / ACCOUNT
        (account / "token").write_text(token(self.item["spec"]["serviceAccountName"]))
        (account / "ca.crt").write_bytes(self.cluster.authority)
        # The image's /usr is this machine's, which is mounted there.
        shutil.rmtree(root / "usr")

    def execute(self, *command, **options):
        """As `kubectl exec` does."""
        return run(
            "nsenter", f"--target={self.first}", "--mount", "--net", "--pid", "--root", "--wd",
            "/usr/sbin/chroot", f"--userspec={self.pod.user}:{self.pod.group}",
            f"--groups={self.pod.volume_group}", "/", "/usr/bin/env", "-i", *self.words, *command, **options,
        )  # fmt: skip

    def sql(self, sql, database="postgres"):
        """The rows of a query, asked over the server's socket."""
        result = self.execute(
            "psql", "-h", "/var/run/postgresql", "-U", "postgres", "-d", database, "-XAt", "-F", "|", "-q",
            "-v", "ON_ERROR_STOP=1", "-c", sql)  # fmt: skip
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        return result.stdout.splitlines()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
