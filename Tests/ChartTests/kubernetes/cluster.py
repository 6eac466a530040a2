"""A release on this machine: its objects, the controllers, its pods, and the network between them."""

import base64
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time

from certificates import node_certificate
from kubernetes import controller
from kubernetes.kubelet import Kubelet
from kubernetes.server import Server
from kubernetes.store import Store
from chart import run
from nodes import has_citus, output
from pod import ENTRYPOINT

API, GATEWAY = "10.96.0.1", "10.244.0.1"
KINDS = {
    "ServiceAccount": "serviceaccounts", "Role": "roles", "RoleBinding": "rolebindings",
    "ConfigMap": "configmaps", "Secret": "secrets", "Service": "services", "StatefulSet": "statefulsets",
}  # fmt: skip
KEEP = {"helm.sh/resource-policy": "keep"}.items()


class Cluster:
    """Must be made in a network and a mount namespace that nobody else uses."""

    def __init__(self, name="citusdemo", namespace="default", domain="cluster.local", pace=1.0):
        # Kubernetes' own periods times `pace`.
        self.name, self.namespace, self.domain, self.pace = name, namespace, domain, pace
        self.has_citus = has_citus()
        self.store = Store()
        self.events, self.failures = [], []
        self.kubelets = {}
        self.applied = set()
        self._addresses = iter(range(1, 255))
        self.is_closed = False
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.directory.chmod(0o755)
        self.program = self.directory / "entrypoint"
        shutil.copyfile(ENTRYPOINT, self.program)
        self.program.chmod(0o755)
        self.hosts_file = self.directory / "hosts"
        self.hosts_file.touch()
        self._network()
        made = node_certificate("kubernetes", f"IP:{API}")
        self.authority = made["ca"]
        for what in ("certificate", "key"):
            (self.directory / f"api.{what}").write_bytes(made[what])
        self.server = Server(self.store, namespace, (API, 443), self.directory / "api.certificate",
                             self.directory / "api.key")  # fmt: skip
        threading.Thread(target=self._control, daemon=True).start()

    def _network(self):
        for words in (
            "link set lo up", "link add pods type bridge", "link set pods up",
            f"address add {GATEWAY}/16 dev pods", f"address add {API}/32 dev pods",
        ):
            output("ip", *words.split())

    def next_address(self):
        return f"10.244.{next(self._addresses)}.7"

    def connect(self, kubelet):
        port = f"p{kubelet.address.split('.')[2]}"
        inside = ["nsenter", f"--target={kubelet.first}", "--net", "ip"]
        output("ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", str(kubelet.first))
        output("ip", "link", "set", port, "master", "pods", "up")
        output(*inside, "address", "add", f"{kubelet.address}/16", "dev", "eth0")
        output(*inside, "link", "set", "eth0", "up")
        output(*inside, "route", "add", "default", "via", GATEWAY)
        self.write_hosts()

    def write_hosts(self):
        """The cluster's DNS. The first name is what an address is looked up as."""
        lines = ["127.0.0.1 localhost", "::1 localhost"]
        domain = f"{self.namespace}.svc.{self.domain}"
        leaders = {address: name for name in self.leaders() for address in [self.leader(name)]}
        for name, kubelet in list(self.kubelets.items()):
            names = [f"{name}.{self.name}.{domain}"]
            if kubelet.address in leaders:
                names.append(f"{leaders[kubelet.address]}.{domain}")
            lines.append(" ".join([kubelet.address, *names]))
        # In place: the pods have the file itself mounted.
        self.hosts_file.write_text("\n".join(lines) + "\n")

    def leaders(self):
        return [item["metadata"]["name"] for item in self.store.list("statefulsets")]

    def leader(self, name):
        """Where the Service of a group leads, by what Patroni writes into its Endpoints."""
        for subset in (self.store.get("endpoints", name) or {}).get("subsets") or []:
            for address in subset.get("addresses", []):
                return address["ip"]
        return None

    # What Helm does.

    def apply(self, objects):
        """An installation, upgrade or rollback: everything is written, and what is left over goes."""
        wanted = set()
        for item in objects:
            kind = KINDS.get(item["kind"])
            if kind and "helm.sh/hook" not in item["metadata"].get("annotations", {}):
                wanted.add((kind, item["metadata"]["name"]))
                self.store.put(kind, item)
        for kind, name in self.applied - wanted:
            left = self.store.get(kind, name)
            if left and not KEEP <= left["metadata"].get("annotations", {}).items():
                self.store.remove(kind, name)
        self.applied = wanted

    def add_secret(self, name, data):
        encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
        self.store.put("secrets", {"metadata": {"name": name}, "data": encoded})

    def objects(self):
        """Data of Secrets and ConfigMaps, as pods mount them."""
        found = {}
        for item in self.store.list("secrets"):
            data = {key: base64.b64decode(value) for key, value in item["data"].items()}
            found["Secret", item["metadata"]["name"]] = data
        for item in self.store.list("configmaps"):
            data = {key: value.encode() for key, value in item["data"].items()}
            found["ConfigMap", item["metadata"]["name"]] = data
        return found

    # What the controllers do.

    def _control(self):
        hosts = None
        while not self.is_closed:
            sets = self.store.list("statefulsets")
            for stateful_set in sets:
                controller.reconcile(self.store, stateful_set)
            owners = {item["metadata"]["name"] for item in sets}
            for pod in self.store.list("pods"):
                name = pod["metadata"]["name"]
                if name not in self.kubelets:
                    self.kubelets[name] = Kubelet(self, pod)
                elif name.rpartition("-")[0] not in owners and not controller.is_going(pod):
                    controller.delete(self.store, pod)
            if (leaders := [self.leader(name) for name in self.leaders()]) != hosts:
                hosts = leaders
                self.write_hosts()
            time.sleep(0.1)

    def gone(self, name):
        del self.kubelets[name]
        self.store.remove("pods", name)

    def note(self, pod, event):
        self.events.append((time.monotonic(), pod, event))
        if os.environ.get("VERBOSE"):
            print(f"{time.monotonic():.1f} {pod} {event}", file=sys.stderr, flush=True)

    def fail(self, text):
        self.failures.append(text)
        print(text, file=sys.stderr, flush=True)

    # What tests ask.

    def at_rest(self):
        sets = self.store.list("statefulsets")
        pods = {pod["metadata"]["name"]: pod for pod in self.store.list("pods")}
        names = {f"{s['metadata']['name']}-{n}": controller.revision(s)
                 for s in sets for n in range(s["spec"]["replicas"])}  # fmt: skip
        return names.keys() == pods.keys() and all(
            controller.is_ready(pod) and not controller.is_going(pod)
            and pod["metadata"]["labels"]["controller-revision-hash"] == names[name]
            for name, pod in pods.items()
        )

    def wait(self, condition, what, seconds=300):
        end = time.monotonic() + seconds
        while not condition():
            if self.failures:
                raise AssertionError("\n".join(self.failures))
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come:\n{self.state()}")
            time.sleep(0.1)

    def state(self):
        lines = [f"{p['metadata']['name']} {p['metadata'].get('annotations', {}).get('status')} ready={controller.is_ready(p)}"
                 f" going={controller.is_going(p)}" for p in self.store.list("pods")]  # fmt: skip
        return "\n".join(lines)

    def leading(self, group):
        """The kubelet of a group's leader."""
        address = self.leader(f"{self.name}-{group}")
        return next((k for k in list(self.kubelets.values()) if k.address == address), None)

    def sql(self, group, sql, database="postgres"):
        return self.leading(group).sql(sql, database)

    def close(self):
        self.is_closed = True
        for kubelet in list(self.kubelets.values()):
            kubelet.kill()
        self.server.close()
        run("ip", "link", "delete", "pods")
        shutil.rmtree(self.directory, ignore_errors=True)
