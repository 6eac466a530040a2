"""The chart and the program agree: every rendered pod is started with the real binary.

ENTRYPOINT names the binary; it is dist/entrypoint otherwise. The tests need root, for the pods'
users and file modes.
"""

import os
import pathlib
import re
import shutil
import stat
import tempfile
import unittest

import yaml

from certificates import certificate_secret, password
from chart import ChartTest, case, every_case, for_each_case, run
from pod import ENTRYPOINT, SETTINGS, Pod, expand

NOT_FOUND = 127

# What pods of some value sets have to say, before the message that there is no Patroni.
SAID = {
    "from-the-shell-script-image": [f"warning: /{SETTINGS}/NODE_APP_ROLES"],
    "ids-of-the-platform": ["warning: /etc/passwd"],
    "passwords-without-certificates": ["note: PGSSLCERT"],
    "trust-in-one-network": [f"warning: /{SETTINGS}/NODE_AUTH", "note: PGSSLCERT"],
}


def strings(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def paths(document):
    """Absolute paths in a document, in settings and in connection strings."""
    for text in strings(document):
        yield from re.findall(r"(?:^|=)'?(/[^\s']+)", text)


def port(listen):
    return int(listen.rpartition(":")[2])


def live_variables(text):
    """Every name, of files with secrets too, of the variables that --help calls live."""
    entries = re.findall(r"^  ([A-Z][A-Z0-9_, ]+)\n((?:      .*\n)+)", text, re.MULTILINE)
    return {
        name for names, words in entries if re.search(r";\s+live\)", words) for name in names.split(", ")
    }


def variables(rendered):
    """Names of the environment of a rendered cluster's nodes."""
    return {
        entry["name"]
        for item in rendered.of_kind("StatefulSet")
        for entry in item["spec"]["template"]["spec"]["containers"][0]["env"]
    }


def settings(rendered):
    """Names and values of the variables that nodes take while they run."""
    return rendered.named("ConfigMap", f"{rendered.cluster}-settings")["data"]


class Agreement(ChartTest):
    @classmethod
    def setUpClass(cls):
        if not ENTRYPOINT.exists():
            raise AssertionError(
                f"{ENTRYPOINT} is missing; build it with `make release`, or name one in ENTRYPOINT"
            )
        if os.geteuid() != 0:
            raise AssertionError("these tests start programs as the pods' users and need root")
        # The pod's user reads what root makes here; importing Patroni has narrowed the umask.
        os.umask(0o022)
        cls.directory = pathlib.Path(tempfile.mkdtemp())
        cls.directory.chmod(0o755)
        cls.program = cls.directory / "entrypoint"
        shutil.copyfile(ENTRYPOINT, cls.program)
        cls.program.chmod(0o755)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    def pods(self, case):
        """The first pod of every group, IPv4 and IPv6 by turns."""
        objects = {
            ("ConfigMap", item["metadata"]["name"]): {k: v.encode() for k, v in item["data"].items()}
            for item in case.of_kind("ConfigMap")
        }
        for item in case.of_kind("StatefulSet"):
            for volume in item["spec"]["template"]["spec"]["volumes"]:
                if "secret" in volume:
                    key = "Secret", volume["secret"]["secretName"]
                    objects.setdefault(key, self.secret(volume["name"], case))
        objects["Secret", "citusdemo-restapi"] = {"password": password()}
        for index, item in enumerate(case.of_kind("StatefulSet")):
            pod = Pod(
                root=pathlib.Path(tempfile.mkdtemp(dir=self.directory)),
                template=item["spec"]["template"],
                name=f"{item['metadata']['name']}-0",
                namespace=case.namespace,
                address=f"fd00:10:244::{index + 1}" if index % 2 else f"10.244.0.{index + 1}",
                program=self.program,
                objects=objects,
            )
            try:
                yield item, pod
            finally:
                pod.remove()

    def test_the_binary_knows_every_variable_of_the_chart(self):
        known = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", run(self.program, "--help").stdout))
        # Patroni reads these itself: https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html
        known |= {"PATRONI_KUBERNETES_LABELS", "PATRONI_KUBERNETES_USE_ENDPOINTS"}
        for rendered in every_case():
            extra = {entry["name"] for entry in rendered.given.get("extraEnv", [])}
            for name in (variables(rendered) - extra) | set(settings(rendered)):
                self.assertIn(name.removesuffix("_FILE"), known)

    def test_what_is_live_is_in_the_config_map_and_the_rest_is_not(self):
        live = live_variables(run(self.program, "--help").stdout)
        self.assertLess({"PGSSLMODE", "SSL_MODE", "CLIENT_AUTH", "PATRONI_REWIND_PASSWORD_FILE"}, live)
        for rendered in every_case():
            with self.subTest(case=rendered.name):
                extra = {entry["name"] for entry in rendered.given.get("extraEnv", [])}
                # The kubelet's probes, which are in the template, ask by HTTP or by HTTPS.
                self.assertEqual((variables(rendered) - extra) & live, {"RESTAPI_TLS"})
                self.assertLessEqual(set(settings(rendered)), live)

    def secret(self, volume, case):
        if volume == "certificates":
            return certificate_secret(case, case.given)
        if volume == "passfile":
            return {"passfile": b"*:5432:*:app:" + password() + b"\n"}
        names = ("superuser-password", "replication-password", "rewind-password")
        return {name: password() + b"\n" for name in names}

    def document(self, pod):
        result = pod.start("--dry-run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("error:", result.stderr)
        return yaml.safe_load(result.stdout)


def the_binary_takes_the_environment(self, case, item, pod):
    document = self.document(pod)
    template = item["spec"]["template"]
    group = int(template["metadata"]["labels"]["citus-group"])
    name = pod.fields["metadata.name"]
    address = pod.fields["status.podIP"]
    self.assertEqual(document["scope"], case.cluster)
    self.assertEqual(document["name"], name)
    self.assertEqual(document["citus"]["group"], group)
    self.assertEqual(document["kubernetes"]["namespace"], case.namespace)
    self.assertEqual(document["kubernetes"]["pod_ip"], address)
    self.assertIs(document["kubernetes"]["use_endpoints"], True)
    # The name that Kubernetes gives a StatefulSet's pod, or its address.
    host = f"{name}.{item['spec']['serviceName']}.{case.namespace}.svc.{case.domain}"
    if pod.environment["CONNECT_BY"] == "ip":
        host = f"[{address}]" if ":" in address else address
    self.assertEqual(document["postgresql"]["connect_address"], f"{host}:5432")
    self.assertEqual(document["restapi"]["connect_address"], f"{host}:8008")


def ports_and_probes_are_the_servers(self, case, item, pod):
    document = self.document(pod)
    ports = {p["name"]: p["containerPort"] for p in pod.container["ports"]}
    self.assertEqual(port(document["postgresql"]["listen"]), ports["postgresql"])
    self.assertEqual(port(document["restapi"]["listen"]), ports["patroni"])
    scheme = "HTTPS" if "certfile" in document["restapi"] else "HTTP"
    for probe, path in (("livenessProbe", "/liveness"), ("readinessProbe", "/readiness")):
        get = pod.container[probe]["httpGet"]
        self.assertEqual((get["scheme"], get["path"]), (scheme, path))
        self.assertEqual(ports[get["port"]], port(document["restapi"]["listen"]))
    # The kubelet has no certificate: reading must not need one.
    self.assertNotEqual(document["restapi"].get("verify_client"), "required")
    annotations = item["spec"]["template"]["metadata"].get("annotations", {})
    if "prometheus.io/scheme" in annotations:
        self.assertEqual(annotations["prometheus.io/scheme"], scheme.lower())
        self.assertEqual(int(annotations["prometheus.io/port"]), ports["patroni"])
    for monitor in case.of_kind("PodMonitor"):
        [endpoint] = monitor["spec"]["podMetricsEndpoints"]
        self.assertEqual(endpoint["scheme"], scheme.lower())
        self.assertEqual(ports[endpoint["port"]], port(document["restapi"]["listen"]))


def files_are_where_and_how_the_server_wants_them(self, case, item, pod):
    document = self.document(pod)
    for path in paths(document):
        mount = pod.mount_of(path)
        self.assertIsNotNone(mount, f"{path} is in no volume")
        file = pod.root / path.lstrip("/")
        if mount.get("readOnly"):
            self.assertTrue(file.is_file(), path)
    self.assertEqual(pod.mount_of(document["postgresql"]["data_dir"])["name"], "pgdata")
    sockets = document["postgresql"]["parameters"]["unix_socket_directories"]
    self.assertFalse(pod.mount_of(sockets).get("readOnly"))
    mount = pod.mount_of("/etc/ssl/certs/postgresql")
    if mount and mount.get("readOnly"):
        [key] = (pod.root / "etc/ssl/certs/postgresql").glob("*.key")
        assert_private(self, key.stat(), pod)


def assert_private(self, found, pod):
    """The server's and libpq's rule for a private key, for a key that the pod does not own.

    See https://www.postgresql.org/docs/current/ssl-tcp.html.
    """
    self.assertNotEqual(found.st_uid, pod.user)
    self.assertEqual(found.st_uid, 0)
    self.assertEqual(stat.S_IMODE(found.st_mode) & ~0o640, 0)
    self.assertEqual(found.st_gid, pod.volume_group)
    self.assertTrue(found.st_mode & stat.S_IRGRP)


def nodes_are_told_from_clients(self, case, item, pod):
    document = self.document(pod)
    rules = [rule.split() for rule in document["postgresql"]["pg_hba"]]
    method, _, other = pod.variables["NODE_AUTH"].partition(",")
    nodes = [rule for rule in rules if rule[1] == "replication" and rule[0] != "local"]
    name = pod.variables["PATRONI_SUPERUSER_USERNAME"]
    superuser = [rule for rule in rules if rule[1:3] == ["all", name]]
    for address in pod.variables["NODE_ADDRESSES"].split(","):
        self.assertIn(address, {rule[3] for rule in nodes})
        self.assertIn(address, {rule[3] for rule in superuser})
    self.assertEqual({rule[4] for rule in superuser}, {method})
    # Beside certificates alone, the role of standbys logs in by a password that it is given.
    has_password = "PATRONI_REPLICATION_PASSWORD_FILE" in pod.variables and not other
    replication = pod.variables["CLIENT_AUTH"] if method == "cert" and has_password else method
    self.assertEqual({rule[4] for rule in nodes}, {replication})
    self.assertEqual(rules[-1][1:5], ["all", "all", "all", pod.variables["CLIENT_AUTH"]])
    # A leader's address has a name under its group's Service, too.
    if pod.variables["NODE_ADDRESSES"].startswith("."):
        for service in case.of_kind("Service"):
            if "clusterIP" not in service["spec"]:
                suffix = f".{service['metadata']['name']}.{case.namespace}.svc.{case.domain}"
                self.assertIn(suffix, {rule[3] for rule in nodes})


def no_secret_is_shown(self, case, item, pod):
    result = pod.start("--dry-run")
    shown = result.stdout + result.stderr
    for (kind, _), data in pod.objects.items():
        for name, content in data.items() if kind == "Secret" else ():
            if "password" in name:
                self.assertNotIn(content.decode().strip(), shown)


def the_file_is_written_before_patroni_is_looked_for(self, case, item, pod):
    """The pod's user may write where the program writes; the root here has no Patroni to become."""
    result = pod.start()
    self.assertEqual(result.returncode, NOT_FOUND, result.stderr)
    file = pod.root / "home/postgres/patroni.yml"
    found = file.stat()
    self.assertEqual((found.st_uid, stat.S_IMODE(found.st_mode)), (pod.user, 0o600))
    expected = pod.start("--dry-run", "--show-secrets")
    self.assertEqual(file.read_text(), expected.stdout)
    assert_copies(self, yaml.safe_load(expected.stdout), pod)


def a_start_says_nothing_that_is_not_about_this_pod(self, case, item, pod):
    """Warnings that everybody gets teach nobody to read."""
    said = re.findall(r"^entrypoint: (\w+: [^:]+)", pod.start().stderr, re.MULTILINE)
    self.assertEqual(said, [*SAID.get(case.name, []), "error: patroni"])


def assert_copies(self, document, pod):
    """Certificates that the file names in the pod's home are there, for the pod's user alone."""
    copies = [path for path in paths(document) if path.startswith("/home/postgres/.postgresql-tls/")]
    reloads = pod.environment.get("CERTIFICATE_RELOAD") != "off"
    verifies = pod.variables["PGSSLMODE"].startswith("verify-")
    self.assertEqual(bool(copies), verifies and reloads or has_own_certificate(pod))
    for path in copies:
        found = (pod.root / path.lstrip("/")).stat()
        self.assertEqual((found.st_uid, stat.S_IMODE(found.st_mode)), (pod.user, 0o600), path)


def has_own_certificate(pod):
    """TLS without a mounted certificate: the pod signs one itself."""
    return pod.variables["PGSSLMODE"] != "disable" and not pod.mount_of("/etc/ssl/certs/postgresql")


def on_every_pod(check):
    def method(self, case):
        for item, pod in self.pods(case):
            with self.subTest(pod=pod.fields["metadata.name"]):
                check(self, case, item, pod)

    method.__name__ = check.__name__
    return method


# Adds a test per check and value set.
for check in (
    the_binary_takes_the_environment,
    ports_and_probes_are_the_servers,
    files_are_where_and_how_the_server_wants_them,
    nodes_are_told_from_clients,
    no_secret_is_shown,
    the_file_is_written_before_patroni_is_looked_for,
    a_start_says_nothing_that_is_not_about_this_pod,
):
    for_each_case(on_every_pod(check))(Agreement)


class Kubelet(unittest.TestCase):
    """The stand-in for the kubelet's substitution does what Kubernetes documents."""

    def test_it_expands_like_kubernetes(self):
        for value, expected in [
            ("$(A)", "a"), ("$$(A)", "$(A)"), ("$(B)", "$(B)"), ("$$", "$"), ("$$$$", "$$"),
            ("$A", "$A"), ("x$(A)y$(A)", "xaya"), ("$", "$"),
        ]:
            with self.subTest(value=value):
                self.assertEqual(expand(value, {"A": "a"}), expected)

    def test_dollar_signs_of_values_arrive(self):
        rendered = case("dollar-signs")
        given = rendered.given["auth"]
        self.assertEqual(settings(rendered)["NODE_CERT_NAMES"], *given["nodeCertNames"])
        for item in rendered.of_kind("StatefulSet"):
            [container] = item["spec"]["template"]["spec"]["containers"]
            [value] = [v["value"] for v in container["env"] if v["name"] == "PATRONI_REPLICATION_USERNAME"]
            self.assertEqual(expand(value, {"HOME": "/"}), given["replicationUsername"])

    def test_there_are_pods(self):
        self.assertGreater(sum(len(c.of_kind("StatefulSet")) for c in every_case()), 60)
