"""generate-ssl-certs.sh: what it makes, and what a second run does."""

import datetime
import os
import shlex
import shutil
import unittest

from ssl_certs import POD, ScriptTestCase, openssl, subject, verifies


def days_valid(file):
    dates = openssl("x509", "-in", file, "-noout", "-dates").split("\n")
    begin, end = (datetime.datetime.strptime(line.split("=")[1], "%b %d %H:%M:%S %Y %Z")
                  for line in dates[:2])
    return (end - begin) / datetime.timedelta(days=1)


class FirstRun(ScriptTestCase):
    def test_makes_four_files_that_only_the_owner_can_change(self):
        self.succeed()
        self.assertEqual(sorted(file.name for file in self.certs.iterdir()),
                         ["ca.crt", "ca.key", "server.crt", "server.key"])
        self.assertEqual(oct(self.certs.stat().st_mode & 0o777), "0o700")
        self.assert_node_certificate_good()

    def test_modes_do_not_depend_on_the_umask(self):
        for umask in 0o000, 0o277:
            with self.subTest(umask=oct(umask)):
                shutil.rmtree(self.certs, ignore_errors=True)
                previous = os.umask(umask)
                try:
                    self.succeed()
                finally:
                    os.umask(previous)
                self.assert_node_certificate_good()

    def test_satisfies_the_strictest_verification(self):
        self.succeed()
        leaf, trusted = self.certs / "server.crt", self.certs / "ca.crt"
        for purpose in "sslserver", "sslclient":
            self.assertTrue(verifies(leaf, trusted, "-x509_strict", "-auth_level", "2",
                                     "-policy_check", "-purpose", purpose))
        self.assertTrue(verifies(trusted, trusted, "-x509_strict", "-check_ss_sig"))

    def test_names_cover_every_pod_and_nothing_else(self):
        self.succeed(EXTRA_NAMES="db.example.com,*.example.org 10.1.2.3\nfd00::1")
        leaf, trusted = self.certs / "server.crt", self.certs / "ca.crt"
        for option, name, matches in [
                ("-verify_hostname", POD, True),
                ("-verify_hostname", "citusdemo-12-345.citusdemo.default.svc.cluster.local", True),
                ("-verify_hostname", "localhost", True),
                ("-verify_hostname", "db.example.com", True),
                ("-verify_hostname", "any.example.org", True),
                ("-verify_ip", "127.0.0.1", True), ("-verify_ip", "::1", True),
                ("-verify_ip", "10.1.2.3", True), ("-verify_ip", "fd00::1", True),
                ("-verify_hostname", "citusdemo-0-0", False),
                ("-verify_hostname", "citusdemo.default.svc.cluster.local", False),
                ("-verify_hostname", "a.b.citusdemo.default.svc.cluster.local", False),
                ("-verify_hostname", POD.replace("default", "other"), False),
                ("-verify_ip", "10.1.2.4", False)]:
            with self.subTest(name=name):
                self.assertEqual(verifies(leaf, trusted, option, name), matches)

    def test_says_what_the_keys_are_for(self):
        self.succeed()
        self.assertEqual(
            openssl("x509", "-in", self.certs / "server.crt", "-noout", "-ext",
                    "basicConstraints,keyUsage,extendedKeyUsage"),
            "X509v3 Basic Constraints: critical\n    CA:FALSE\n"
            "X509v3 Key Usage: critical\n    Digital Signature\n"
            "X509v3 Extended Key Usage: \n"
            "    TLS Web Server Authentication, TLS Web Client Authentication\n")
        self.assertEqual(
            openssl("x509", "-in", self.certs / "ca.crt", "-noout", "-ext",
                    "basicConstraints,keyUsage"),
            "X509v3 Basic Constraints: critical\n    CA:TRUE, pathlen:0\n"
            "X509v3 Key Usage: critical\n    Certificate Sign, CRL Sign\n")
        self.assertEqual(subject(self.certs / "server.crt"),
                         "subject=CN=*.citusdemo.default.svc.cluster.local")

    def test_ca_lasts_ten_years_and_the_node_certificate_three(self):
        self.succeed()
        self.assertEqual(days_valid(self.certs / "ca.crt"), 3650)
        self.assertEqual(days_valid(self.certs / "server.crt"), 1095)

    def test_follows_the_variables(self):
        self.succeed(NAMESPACE="prod", CLUSTER_DOMAIN="k8s.example", KEY_TYPE="rsa", NODE_DAYS="90",
                     NODE_CN="node.citusdemo")
        leaf = self.certs / "server.crt"
        self.assertEqual(subject(leaf), "subject=CN=node.citusdemo")
        self.assertEqual(days_valid(leaf), 90)
        self.assertTrue(verifies(leaf, self.certs / "ca.crt", "-verify_hostname",
                                 "citusdemo-0-0.citusdemo.prod.svc.k8s.example"))
        for file in "ca.key", "server.key":
            text = openssl("pkey", "-in", self.certs / file, "-noout", "-text")
            self.assertTrue(text.startswith("Private-Key: (3072 bit"), text[:40])

    def test_prints_the_command_that_publishes_the_secret_and_nothing_else(self):
        self.certs = self.directory / "it's certs"
        run = self.succeed(NAMESPACE="prod")
        self.assertEqual(shlex.split(run.stdout.replace("\\\n", "")), [
            "kubectl", "create", "secret", "generic", "citusdemo-ssl-certs", "--namespace=prod",
            f"--from-file=ca.crt={self.certs}/ca.crt",
            f"--from-file=server.crt={self.certs}/server.crt",
            f"--from-file=server.key={self.certs}/server.key",
            "--dry-run=client", "--output=yaml", "|", "kubectl", "apply", "--filename=-"])

    def test_shows_no_key(self):
        run = self.succeed()
        for key in self.certs.glob("*.key"):
            for line in key.read_text().split("\n")[1:-2]:
                self.assertNotIn(line, run.stdout + run.stderr)


class SecondRun(ScriptTestCase):
    def test_keeps_the_ca_and_renews_certificate_and_key(self):
        self.succeed()
        before = self.snapshot()
        self.succeed()
        after = self.snapshot()
        self.assertEqual(after["ca.crt"], before["ca.crt"])
        self.assertEqual(after["ca.key"], before["ca.key"])
        self.assertNotEqual(after["server.crt"], before["server.crt"])
        self.assertNotEqual(after["server.key"], before["server.key"])
        self.assert_node_certificate_good()


if __name__ == "__main__":
    unittest.main()
