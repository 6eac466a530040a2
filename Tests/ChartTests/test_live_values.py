"""Which values restart pods: none that the program takes while it runs, and the others as they say."""

import concurrent.futures
import functools
import json
import os
import re

import yaml

from chart import CASES, CHART, IMAGE, ChartTest, case, helm

# As `--set-json` takes them; the mode disable and what follows from it has a test of its own.
LIVE = {
    **{f"ssl.mode {mode}": {"ssl.mode": mode} for mode in ("allow", "prefer", "require", "verify-ca", "verify-full")},
    **{f"auth.nodes {method}": {"auth.nodes": method} for method in (
        "cert", "trust", "scram-sha-256", "md5", "scram-sha-256,cert", "cert,scram-sha-256", "md5,cert", "cert,md5",
    )},
    **{f"auth.clients {method}": {"auth.clients": method} for method in ("scram-sha-256", "md5", "cert", "none")},
    "auth.clientCertificate": {"auth.clientCertificate": "verify-ca"},
    "auth.nodeCertNames": {"auth.nodeCertNames": ["old", "new"]},
    "auth.appRoles": {"auth.appRoles": ["one", "other"]},
    "nodeAddresses": {"nodeAddresses": ["192.0.2.0/24", ".example.com"]},
    "configuration": {"configuration": "postgresql:\n  parameters: {work_mem: 8MB}\n"},
    "no configuration": {"configuration": ""},
}  # fmt: skip
# All of them at once, for sets with certificates and without, with a Secret of passwords and without.
REST = {
    "auth.clients": "md5", "auth.nodeCertNames": ["old", "new"], "auth.appRoles": ["other"],
    "nodeAddresses": ["192.0.2.0/24"], "configuration": "log: {level: INFO}",
}  # fmt: skip
AT_ONCE = {
    "all with certificates": {"ssl.mode": "verify-full", "auth.nodes": "cert"} | REST,
    "all with certificates and trust": {"ssl.mode": "require", "auth.nodes": "trust", "auth.clientCertificate": "verify-ca"} | REST,
    "all with passwords": {"ssl.mode": "prefer", "auth.nodes": "scram-sha-256"} | REST,
}
# The sets that each change is tried on by itself: those in which live values have most to do with others.
EACH = (
    "defaults", "verify-full", "no-tls", "passwords-and-certificates", "passwords-without-certificates",
    "passwords-of-every-role", "operator-configuration",
)  # fmt: skip

# Another value for each row of the table; a section is in the row that has its comment.
OTHER = {
    "clusterDomain": "k8s.example.com", "image.repository": "registry.example.com/other", "image.tag": "v2",
    "image.digest": "sha256:" + "0" * 64, "image.pullPolicy": "Always", "image.pullSecrets": [{"name": "a"}],
    "citus.database": "other", "coordinator.replicas": 3, "coordinator.resources": {"limits": {"memory": "3Gi"}},
    "coordinator.persistence": {"size": "20Gi"}, "coordinator.service.type": "NodePort",
    "coordinator.service.annotations": {"a": "b"}, "workers": [{"group": 1, "replicas": 3}, {"group": 3}],
    "workerRemoval.check": False, "resources": {"limits": {"memory": "3Gi"}}, "persistence.size": "20Gi",
    "persistence.storageClass": "fast", "persistence.accessModes": ["ReadWriteOncePod"],
    "ssl.enabled": {"ssl.enabled": False, "auth.nodes": "trust", "restApi.tls": False}, "ssl.mode": "verify-full",
    "ssl.secretName": "other", "ssl.revocationList": "ca.crl", "ssl.reload": False,
    "ssl.certManager.enabled": {"ssl.certManager.enabled": True, "ssl.certManager.issuerRef.name": "a"},
    "ssl.certManager.issuerRef.name": "a", "ssl.certManager.issuerRef.kind": "ClusterIssuer",
    "ssl.certManager.issuerRef.group": "example.com", "ssl.certManager.duration": "1000h",
    "ssl.certManager.renewBefore": "800h", "ssl.certManager.extraDnsNames": ["db.example.com"],
    "auth.nodes": "cert,scram-sha-256", "auth.clients": "md5", "auth.clientCertificate": "verify-ca",
    "auth.nodeCertNames": ["a"], "auth.appRoles": ["a"], "auth.existingSecret": "other", "auth.passfileSecret": "other",
    "auth.superuserUsername": "admin", "auth.replicationUsername": "replica", "auth.rewindUsername": "rewind",
    "connectBy": "ip", "nodeAddresses": ["192.0.2.0/24"], "restApi.tls": False, "configuration": "log: {level: INFO}",
    "additionalDatabases": [{"name": "shop"}], "serviceAccount.create": False, "serviceAccount.name": "other",
    "serviceAccount.annotations": {"a": "b"}, "rbac.create": False,
    "rbac.extraRules": [{"apiGroups": [""], "resources": ["endpoints/restricted"], "verbs": ["create"]}],
    "podSecurity.runAsUser": 1001, "podSecurity.runAsGroup": 1001, "podSecurity.fsGroup": None,
    "podDisruptionBudget.enabled": False, "podDisruptionBudget.maxUnavailable": 2, "antiAffinity": "hard",
    "topologyKey": "topology.kubernetes.io/zone", "affinity": {"podAffinity": {}}, "nodeSelector": {"a": "b"},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule"}],
    "priorityClassName": "high", "podAnnotations": {"a": "b"}, "podLabels": {"a": "b"},
    "extraEnv": [{"name": "TZ", "value": "UTC"}], "sharedMemory.sizeLimit": "1Gi", "terminationGracePeriodSeconds": 700,
    "networkPolicy.enabled": True, "networkPolicy.clients": [{"podSelector": {}}],
    "networkPolicy.metrics": [{"podSelector": {}}], "metrics.annotations": False, "metrics.podMonitor.enabled": True,
    "metrics.podMonitor.labels": {"a": "b"}, "metrics.podMonitor.interval": "10s",
}  # fmt: skip
OTHER |= {
    f"{probe}.{name}": 20
    for probe in ("livenessProbe", "readinessProbe")
    for name in ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold")
}
# What another value needs to be seen, and what it stands beside.
BESIDE = {"auth.nodes": {"auth.existingSecret": "a"}, "ssl.certManager.enabled": {}}
RESTARTS = re.compile(r"A change restarts the pods\.$|Another Secret restarts the pods,")


@functools.cache
def rendered(name, changes):
    """What Helm says and renders for a value set with changes, which are JSON by path."""
    given = case(name)
    sets = [word for path, value in changes for word in ("--set-json", f"{path}={value}")]
    return helm(
        "template", given.release, CHART, "--namespace", given.namespace, *IMAGE, "--values", given.values, *sets
    )


def written(changes):
    return tuple((path, json.dumps(value)) for path, value in changes.items())


def templates(result):
    """The text of each StatefulSet's pod template, by the StatefulSet's name."""
    found = {}
    for document in result.stdout.split("\n---\n"):
        if "\nkind: StatefulSet\n" in document:
            text = re.search(r"\n  template:\n(.*)\n  volumeClaimTemplates:\n", document, re.DOTALL)[1]
            found[yaml.safe_load(document)["metadata"]["name"]] = text
    return found


def worker_changes(given):
    """One group more, and one less."""
    groups = given.get("workers", [{"group": 1}, {"group": 2}])
    return {
        "one worker group more": {"workers": [*groups, {"group": 77}]},
        **({"one worker group less": {"workers": groups[:-1]}} if groups else {}),
    }


class Live(ChartTest):
    @classmethod
    def setUpClass(cls):
        """Renders every value set as it is and with changes."""
        cls.pairs = [
            (name, change, written(values))
            for name in CASES
            for change, values in {
                **(LIVE if name in EACH else {}), **AT_ONCE, **worker_changes(case(name).given),
            }.items()
        ]  # fmt: skip
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda pair: rendered(pair[0], pair[2]), cls.pairs))

    def test_a_live_change_leaves_every_pod_template_as_it_is(self):
        counts = {}
        for name, change, values in self.pairs:
            before, after = rendered(name, ()), rendered(name, values)
            if after.returncode != 0:
                continue  # It contradicts this set, or lacks a Secret there.
            if before.stdout != after.stdout:
                counts[change] = counts.get(change, 0) + 1
            old, new = templates(before), templates(after)
            with self.subTest(case=name, change=change):
                self.assertGreater(len(old), 0)
                for group in old.keys() & new.keys():
                    self.assertMultiLineEqual(new[group], old[group])
        self.assertEqual({change for _, change, _ in self.pairs} - counts.keys(), set())
        for change in AT_ONCE:
            self.assertGreater(counts[change], 3, change)
        self.assertGreater(counts["one worker group less"], 25)

    def test_a_live_change_is_one_of_the_settings(self):
        """What the pods are to take is in the one ConfigMap that they mount."""
        for name, change, values in self.pairs:
            after = rendered(name, values)
            if after.returncode == 0 and after.stdout != rendered(name, ()).stdout:
                found = [settings(result) for result in (rendered(name, ()), after)]
                own_addresses = "worker group" in change and "nodeAddresses" in case(name).given
                with self.subTest(case=name, change=change):
                    self.assertEqual(found[0] == found[1], own_addresses)

    def test_only_the_scheme_of_probes_makes_disable_another_thing(self):
        for name in ("defaults", "verify-full", "cert-manager"):
            disabled = {"ssl.mode": "disable", "auth.nodes": "trust"}
            before = templates(rendered(name, written({"auth.nodes": "trust"})))
            after = templates(rendered(name, written(disabled)))
            for group, text in before.items():
                self.assertNotEqual(after[group], text)
                off = text.replace("HTTPS", "HTTP").replace('"https"', '"http"')
                off = re.sub(r'(RESTAPI_TLS\n +value:) "on"', r'\1 "off"', off)
                self.assertMultiLineEqual(after[group], off)
            without = {"restApi.tls": False}
            self.assertEqual(
                templates(rendered(name, written(without | disabled))), templates(rendered(name, written(without)))
            )


def settings(result):
    [found] = [
        item["data"] for item in yaml.safe_load_all(result.stdout)
        if item and item["kind"] == "ConfigMap" and item["metadata"]["name"].endswith("-settings")
    ]
    return found


class Comments(ChartTest):
    def rows(self):
        table = (CHART / "README.md").read_text().partition("<!-- values: ")[2]
        return re.findall(r"^\| `([A-Za-z.]+)` \| .* \| (.*) \|$", table, re.MULTILINE)

    def test_a_value_says_when_a_change_restarts_pods(self):
        rows = dict(self.rows())
        self.assertEqual(rows.keys() - {"clusterName"}, OTHER.keys())
        counts = {True: 0, False: 0}
        for path, comment in rows.items():
            if path == "clusterName":
                continue
            beside = BESIDE.get(path, {})
            change = OTHER[path] if path in ("ssl.enabled", "ssl.certManager.enabled") else {path: OTHER[path]}
            before = rendered("defaults", written(beside))
            after = rendered("defaults", written(beside | change))
            with self.subTest(path=path):
                self.assertEqual((before.returncode, after.stderr), (0, ""))
                old, new = templates(before), templates(after)
                restarts = any(old[group] != new[group] for group in old.keys() & new.keys())
                self.assertEqual(bool(RESTARTS.search(comment)), restarts, comment)
                counts[restarts] += 1
        self.assertGreater(counts[True], 40)
        self.assertGreater(counts[False], 25)
