"""What Helm prints after an installation: what is missing, which command makes it, what is next."""

import re

from chart import CHART, ChartTest, case, helm
from commands import commands, faults
from kubernetes_api import kubernetes_api


def secret(*keys, name="citusdemo-ssl-certs"):
    return {
        "apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": name, "namespace": "default"},
        "data": {key: "" for key in keys},
    }


def notes(*arguments, secrets=(), release="citusdemo", namespace="default"):
    with kubernetes_api(*secrets) as address:
        result = helm(
            "install", release, CHART, "--namespace", namespace, "--dry-run=server",
            "--disable-openapi-validation", "--kube-apiserver", address, *arguments,
        )
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return result.stdout.partition("\nNOTES:\n")[2]


class Notes(ChartTest):
    def test_without_certificates_it_says_which_commands_make_them(self):
        text = notes()
        self.assertIn(
            """\
CERTIFICATES ARE MISSING
  No Secret citusdemo-ssl-certs was seen; the pods wait until it is there. Make it:

    CLUSTER_NAME=citusdemo NAMESPACE=default CLUSTER_DOMAIN=cluster.local \\
      EXTRA_NAMES="citusdemo-0.default.svc.cluster.local citusdemo-1.default.svc.cluster.local \
citusdemo-2.default.svc.cluster.local" \\
      scripts/generate-ssl-certs.sh
    kubectl create secret generic citusdemo-ssl-certs --namespace default \\
      --from-file=ca.crt=certs/ca.crt \\
      --from-file=server.crt=certs/server.crt \\
      --from-file=server.key=certs/server.key

  Or let cert-manager make it: ssl.certManager.enabled=true.
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
            "Secret citusdemo-ssl-certs lacks ca.crt, server.key. Delete it and make it anew:", text
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

    def test_a_long_name_gets_a_common_name_that_fits(self):
        text = notes(release="r" * 48, namespace="n" * 40)
        [name] = re.findall(r"NODE_CN=(\S+) ", text)
        self.assertLessEqual(len(name), 64)

    def test_it_warns_when_nothing_is_verified(self):
        text = notes("--values", case("trust-in-one-network").values)
        self.assertIn("Connections are not verified", text)

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
        ]:
            with self.subTest(command=command):
                self.assertIn(fault, faults(command))
        self.assertIn("syntax error", faults("kubectl get (pods")[0])
