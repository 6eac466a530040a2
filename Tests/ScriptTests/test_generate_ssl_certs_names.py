"""generate-ssl-certs.sh: which names a renewal keeps, and what it says of the others."""

import unittest

from ssl_certs import (FINISH, NAME, ROTATE, USE_NEW, ScriptTestCase, make_ca, openssl, subject,
                       verifies)

OWN = ["DNS:*.citusdemo.default.svc.cluster.local", "DNS:localhost", "IP Address:127.0.0.1",
       "IP Address:0:0:0:0:0:0:0:1"]
EXTRA = ["DNS:db.example.com", "DNS:*.example.org", "IP Address:10.1.2.3",
         "IP Address:FD00:0:0:0:0:0:0:1"]
EXTRA_NAMES = "db.example.com *.example.org 10.1.2.3 fd00::1"
KEPT = f"{NAME}: keeps the names of the previous certificate: "
DROPPED = f"{NAME}: warning: drops names of the previous certificate: "


class RenewalCase(ScriptTestCase):
    def names(self):
        text = openssl("x509", "-in", self.certs / "server.crt", "-noout", "-ext", "subjectAltName")
        return [name.strip() for name in text.splitlines()[1].split(",")]

    def common_name(self):
        return subject(self.certs / "server.crt").removeprefix("subject=CN=")

    def replace_node_certificate(self, name, alternative_names):
        """Signs a node certificate with another tool than the script, by the CA that is there."""
        request, extensions = self.directory / "request", self.directory / "extensions"
        extensions.write_text(f"subjectAltName={alternative_names}")
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", name,
                "-keyout", self.certs / "server.key", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certs / "ca.crt", "-CAkey",
                self.certs / "ca.key", "-extfile", extensions, "-out", self.certs / "server.crt")


class Names(RenewalCase):
    def test_stay_when_none_are_given(self):
        self.succeed(EXTRA_NAMES=EXTRA_NAMES)
        self.assertEqual(self.names(), OWN + EXTRA)
        for _ in range(2):
            run = self.succeed()
            self.assertIn(KEPT + ", ".join(sorted(EXTRA)) + "\n", run.stderr)
            self.assertNotIn("warning", run.stderr)
            self.assertEqual(sorted(self.names()), sorted(OWN + EXTRA))
        for name in "db.example.com", "any.example.org":
            self.assertTrue(verifies(self.certs / "server.crt", self.certs / "ca.crt",
                                     "-verify_hostname", name))

    def test_stay_when_the_authority_is_replaced(self):
        self.succeed(EXTRA_NAMES=EXTRA_NAMES)
        for step, issues in (ROTATE, False), (USE_NEW, True), (FINISH, False):
            self.assertEqual(KEPT in self.succeed(step).stderr, issues, step)
            self.assertEqual(sorted(self.names()), sorted(OWN + EXTRA))

    def test_are_replaced_by_those_that_are_given(self):
        self.succeed(EXTRA_NAMES="db.example.com 10.1.2.3 kept.example.com")
        run = self.succeed(EXTRA_NAMES="kept.example.com new.example.com")
        self.assertIn(DROPPED + "DNS:db.example.com, IP Address:10.1.2.3\n", run.stderr)
        self.assertNotIn(KEPT, run.stderr)
        self.assertEqual(self.names(), [*OWN, "DNS:kept.example.com", "DNS:new.example.com"])

    def test_go_when_the_variable_is_empty(self):
        self.succeed(EXTRA_NAMES="db.example.com")
        run = self.succeed(EXTRA_NAMES="")
        self.assertIn(DROPPED + "DNS:db.example.com\n", run.stderr)
        self.assertEqual(self.names(), OWN)

    def test_are_not_mentioned_when_there_are_no_others(self):
        self.succeed()
        run = self.succeed()
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertTrue(run.stderr.startswith(f"{NAME}: state: stable"))

    def test_of_another_cluster_go(self):
        self.succeed(EXTRA_NAMES="db.example.com", NAMESPACE="other", NODE_CN="other")
        run = self.succeed()
        self.assertIn(DROPPED + "DNS:*.citusdemo.other.svc.cluster.local, DNS:db.example.com\n",
                      run.stderr)
        self.assertEqual(self.names(), OWN)
        self.assertEqual(self.common_name(), OWN[0].removeprefix("DNS:"))

    def test_that_the_script_could_not_write_are_dropped_aloud(self):
        make_ca(self.certs)
        self.replace_node_certificate("/O=demo/CN=a b", f"{OWN[0]},DNS:kept.example.com,"
                                      "URI:spiffe://demo/node,email:a@example.com,DNS:a/b")
        run = self.succeed()
        self.assertIn(KEPT + "DNS:kept.example.com\n", run.stderr)
        self.assertIn(DROPPED + "DNS:a/b, URI:spiffe://demo/node, email:a@example.com\n", run.stderr)
        self.assertIn('warning: the CN changes from "a b" to '
                      '"*.citusdemo.default.svc.cluster.local"; nodes reject it until '
                      "NODE_CERT_NAMES lists it\n", run.stderr)


class CommonName(RenewalCase):
    def test_stays_when_none_is_given(self):
        self.succeed(NODE_CN="node.citusdemo")
        self.assertNotIn("warning", self.succeed().stderr)
        self.assertEqual(self.common_name(), "node.citusdemo")

    def test_of_a_long_cluster_name_need_not_be_given_again(self):
        name = "a" * 63
        self.succeed(CLUSTER_NAME=name, NODE_CN="aaa.default.svc")
        self.succeed(CLUSTER_NAME=name)
        self.assertEqual(self.common_name(), "aaa.default.svc")
        before = self.snapshot()
        run = self.run_script(CLUSTER_NAME="b" * 63)
        self.assertEqual(run.returncode, 78)
        self.assertIn("error: NODE_CN: is not set, and the default", run.stderr)
        self.assertEqual(self.snapshot(), before)

    def test_a_change_is_reported(self):
        self.succeed()
        run = self.succeed(NODE_CN="node.citusdemo")
        self.assertIn('warning: the CN changes from "*.citusdemo.default.svc.cluster.local" to '
                      '"node.citusdemo"; nodes reject it until NODE_CERT_NAMES lists it\n',
                      run.stderr)
        self.assertEqual(self.common_name(), "node.citusdemo")


if __name__ == "__main__":
    unittest.main()
