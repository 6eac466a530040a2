"""What Helm prints after an installation: what is missing, which command makes it, what is next."""

import re

import yaml

from chart import CHART, IMAGE, ChartTest, case, helm
from commands import commands, faults
from kubernetes_api import kubernetes_api


def secret(*keys, name="citusdemo-ssl-certs"):
    return {
        "apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": name, "namespace": "default"},
        "data": {key: "" for key in keys},
    }


def release_of_before(kind, name, **content):
    """An object as a release of this chart left it."""
    return content | {
        "apiVersion": "apps/v1" if kind == "StatefulSet" else "v1", "kind": kind,
        "metadata": {
            "name": name, "namespace": "default", "labels": {"app.kubernetes.io/managed-by": "Helm"},
            "annotations": {
                "meta.helm.sh/release-name": "citusdemo", "meta.helm.sh/release-namespace": "default",
            },
        },
    }  # fmt: skip


def stateful_set(ssl_mode=None, node_auth=None):
    """The coordinator's; with the two settings it is one of before there was a ConfigMap for them."""
    variables = {"PGSSLMODE": ssl_mode, "NODE_AUTH": node_auth}
    return release_of_before("StatefulSet", "citusdemo-0", spec={"template": {"spec": {"containers": [
        {"name": "patroni", "env": [{"name": "PATRONI_NAME", "valueFrom": {}}] + [
            {"name": name, "value": value} for name, value in variables.items() if value
        ]},
    ]}}})  # fmt: skip


def settings(ssl_mode, node_auth):
    """The ConfigMap."""
    variables = {"PGSSLMODE": ssl_mode, "NODE_AUTH": node_auth, "CLIENT_AUTH": "md5"}
    data = {name: value for name, value in variables.items() if value}
    return release_of_before("ConfigMap", "citusdemo-settings", data=data)


def notes(*arguments, secrets=(), release="citusdemo", namespace="default"):
    with kubernetes_api(*secrets) as address:
        result = helm(
            "install", release, CHART, "--namespace", namespace, "--dry-run=server",
            "--disable-openapi-validation", "--kube-apiserver", address, *IMAGE, *arguments,
        )
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return result.stdout.partition("\nNOTES:\n")[2]


class Accounts(ChartTest):
    """Pods of the cluster that run under an account that is no group's, when Helm looks."""

    def rendered(self, *accounts, **labels):
        pods = [
            {
                "apiVersion": "v1", "kind": "Pod", "spec": {"serviceAccountName": account},
                "metadata": {
                    "name": f"citusdemo-0-{number}", "namespace": "default",
                    "labels": {"application": "patroni", "cluster-name": "citusdemo"} | labels,
                },
            }
            for number, account in enumerate(accounts)
        ]  # fmt: skip
        with kubernetes_api(*pods) as address:
            result = helm(
                "install", "citusdemo", CHART, "--namespace", "default", "--dry-run=server",
                "--disable-openapi-validation", "--kube-apiserver", address, *IMAGE,
            )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        text = result.stdout.partition("\nMANIFEST:\n")[2].partition("\nNOTES:\n")[0]
        return {(i["kind"], i["metadata"]["name"]): i for i in yaml.safe_load_all(text) if i}

    def test_an_account_that_pods_still_have_keeps_its_rights(self):
        found = self.rendered("citusdemo", "citusdemo", "citusdemo-0", "default")
        self.assertIn(("ServiceAccount", "citusdemo"), found)
        [subject] = found["RoleBinding", "citusdemo-former"]["subjects"]
        self.assertEqual(subject["name"], "citusdemo")
        names = {n for rule in found["Role", "citusdemo-former"]["rules"] for n in rule.get("resourceNames", [])}
        for name in ("citusdemo-0", "citusdemo-2-config", "citusdemo-1-1"):
            self.assertIn(name, names)
        self.assertEqual(
            sorted(name for kind, name in found if kind == "ServiceAccount"),
            ["citusdemo", "citusdemo-0", "citusdemo-1", "citusdemo-2"],
        )

    def test_without_such_pods_there_is_none(self):
        for found in (self.rendered(), self.rendered("citusdemo-0"), self.rendered("x", application="shop")):
            accounts = sorted(name for kind, name in found if kind == "ServiceAccount")
            self.assertEqual(accounts, ["citusdemo-0", "citusdemo-1", "citusdemo-2"])


class Notes(ChartTest):
    def test_it_names_the_image(self):
        text = notes("--set", "image.repository=registry.example.com/db", "--set", "image.tag=v2")
        self.assertIn("\nThe pods run registry.example.com/db:v2.\n", text)

    def test_without_certificates_it_says_which_commands_make_them(self):
        text = notes()
        self.assertIn(
            """\
CERTIFICATES ARE MISSING
  Helm found no Secret citusdemo-ssl-certs; the pods wait until it exists. Create it:

    CLUSTER_NAME=citusdemo NAMESPACE=default CLUSTER_DOMAIN=cluster.local \\
      EXTRA_NAMES="citusdemo-0.default.svc.cluster.local citusdemo-1.default.svc.cluster.local \
citusdemo-2.default.svc.cluster.local" \\
      scripts/generate-ssl-certs.sh
    kubectl create secret generic citusdemo-ssl-certs --namespace default \\
      --from-file=ca.crt=certs/ca.crt \\
      --from-file=server.crt=certs/server.crt \\
      --from-file=server.key=certs/server.key

  Or let cert-manager create it: ssl.certManager.enabled=true.
""",
            text,
        )

    def test_with_certificates_it_does_not_speak_of_them(self):
        for keys in (("ca.crt", "server.crt", "server.key"), ("ca.crt", "tls.crt", "tls.key")):
            with self.subTest(keys=keys):
                self.assertNotIn("CERTIFICATES", notes(secrets=[secret(*keys)]))

    def test_it_names_the_keys_that_a_secret_lacks(self):
        text = notes(secrets=[secret("server.crt", "tls.crt")])
        self.assertIn(
            "Secret citusdemo-ssl-certs lacks ca.crt, server.key. Delete it and create it again:", text
        )

    def test_it_looks_for_the_secret_that_the_pods_mount(self):
        arguments = ["--set", "ssl.secretName=mine"]
        whole = secret("ca.crt", "server.crt", "server.key", name="mine")
        self.assertNotIn("CERTIFICATES", notes(*arguments, secrets=[whole]))
        self.assertIn("CERTIFICATES ARE MISSING", notes(secrets=[whole]))

    def test_with_cert_manager_it_names_the_certificate(self):
        text = notes("--values", case("cert-manager").values)
        self.assertNotIn("MISSING", text)
        self.assertIn(
            "kubectl wait --namespace default --for=condition=Ready certificate/citusdemo-ssl-certs",
            text,
        )

    def test_it_says_where_the_reason_is_when_a_pod_does_not_start(self):
        text = notes(release="shop", namespace="db")
        self.assertIn("\n    kubectl logs shop-0-0 --namespace db --previous\n", text)
        self.assertIn("\n    kubectl describe pod shop-0-0 --namespace db\n", text)

    def test_a_long_name_gets_a_common_name_that_fits(self):
        text = notes(release="r" * 48, namespace="n" * 40)
        [name] = re.findall(r"NODE_CN=(\S+) ", text)
        self.assertLessEqual(len(name), 64)

    def test_it_warns_when_nothing_is_verified(self):
        text = notes("--values", case("trust-in-one-network").values)
        self.assertIn("Connections are not verified", text)

    def test_it_names_the_steps_that_an_upgrade_leaves_out(self):
        for before, arguments, lines in [
            (("prefer", "scram-sha-256"), [], [
                "ssl.mode changes from prefer to verify-ca and skips require.",
                "auth.nodes changes from scram-sha-256 to cert and skips scram-sha-256,cert and cert,scram-sha-256.",
            ]),
            (("verify-full", "cert"), ["ssl.mode=disable", "auth.nodes=md5", "auth.existingSecret=a"], [
                "ssl.mode changes from verify-full to disable and skips verify-ca and require and prefer.",
                "auth.nodes changes from cert to md5 and skips cert,md5 and md5,cert.",
            ]),
            (("verify-ca", "cert"), [], []),
            (("require", "cert,scram-sha-256"), [], []),
            (("verify-full", "md5,cert"), [r"auth.nodes=cert\,scram-sha-256", "auth.existingSecret=a"], []),
            (("allow", "trust"), ["ssl.mode=disable", "auth.nodes=scram-sha-256", "auth.existingSecret=a"], []),
            ((None, None), [], []),
        ]:  # fmt: skip
            with self.subTest(before=before, arguments=arguments):
                sets = [word for argument in arguments for word in ("--set", argument)]
                releases = {
                    "of this chart": [settings(*before), stateful_set()],
                    "of the chart before": [stateful_set(*before)],
                    # Pods of before are not replaced yet; what they are to take counts.
                    "in between": [settings(*before), stateful_set("allow", "trust")],
                }
                if before == (None, None):
                    del releases["in between"]
                for release, there in releases.items():
                    text = notes(*sets, secrets=there)
                    found = re.findall(r"\n  ((?:ssl|auth)\.\w+ changes .*)", text)
                    self.assertEqual(found, lines, release)
                    self.assertEqual("THIS UPGRADE SKIPS STEPS" in text, bool(lines), release)
        self.assertNotIn("STEPS", notes())

    def test_it_says_how_the_next_changes_come_to_the_pods(self):
        text = notes(release="shop", namespace="db")
        self.assertIn("ConfigMap shop-settings reaches the pods without a restart", text)
        self.assertIn(
            "\n    kubectl logs --namespace db --selector cluster-name=shop --prefix --tail=20\n", text
        )

    def test_its_commands_are_whole(self):
        for name in ("defaults", "cert-manager", "own-names", "additional-databases"):
            found = commands(notes("--values", case(name).values), indentation=4)
            self.assertGreater(len(found), 3)
            for command in found:
                with self.subTest(case=name, command=command):
                    self.assertEqual(faults(command), [])

    def test_a_wrong_command_is_found(self):
        for command, fault in [
            ("kubectl get pods --selectr a=b", "kubectl get has no option --selectr"),
            ("kubectl exec x -- psql && kubectl delet pod x", "kubectl has no command ['delet']"),
            ("kubectl get pods --namespace <namespace>", "a placeholder"),
            ("a=$(kubectl get pods --bogus x)", "kubectl get has no option --bogus"),
            (
                "kubectl set image statefulset/x '*=y'",
                "kubectl set image replaces every container of the pod, not only PostgreSQL's",
            ),
            ("kubectl set env statefulset/x A-", "kubectl set env changes every container of the pod"),
            (
                "kubectl rollout status statefulset/x",
                "kubectl rollout status may return before the controller has seen the change",
            ),
        ]:
            with self.subTest(command=command):
                self.assertIn(fault, faults(command))
        self.assertIn("syntax error", faults("kubectl get (pods")[0])
