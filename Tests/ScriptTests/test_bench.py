"""The script that the program is compared with checks what the program checks."""

import subprocess

from ssl_certs import POD, SCRIPT, ScriptTestCase

PROJECT = SCRIPT.parents[1]
# What else openssl(1) says changes with its versions.
FAULTS = {
    "mismatched": "does not belong to", "half-written": "is no certificate",
    "expired": "verification failed", "wrong-authority": "verification failed",
    "wrong-usage": "verification failed", "wrong-name": "common name other",
    "passphrase": "has a passphrase", "empty": "is empty", "deleted": "cannot be read",
}


class OpensslEntrypoint(ScriptTestCase):
    def setUp(self):
        super().setUp()
        self.succeed()
        self.patroni = self.directory / "bin" / "patroni"
        self.patroni.parent.mkdir()
        self.patroni.symlink_to("/usr/bin/echo")

    def start(self, certificates, **variables):
        environment = {
            "PATH": f"{self.patroni.parent}:/usr/bin:/bin", "HOME": str(self.directory),
            "LC_ALL": "C", "CLUSTER_NAME": "citusdemo", "POD_NAME": POD.split(".")[0],
            "POD_NAMESPACE": "default", "POD_IP": "192.0.2.1", "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": f"{certificates}/ca.crt", "PGSSLCERT": f"{certificates}/server.crt",
            "PGSSLKEY": f"{certificates}/server.key", "OUTPUT": f"{self.directory}/patroni.yml",
        } | variables
        return subprocess.run(
            [PROJECT / "bench" / "openssl-entrypoint.sh"], env=environment, text=True, capture_output=True)

    def assert_refused(self, certificates, expected, **variables):
        run = self.start(certificates, **variables)
        self.assertEqual(run.returncode, 78, run.stdout + run.stderr)
        self.assertIn(expected, run.stderr)
        self.assertFalse((self.directory / "patroni.yml").exists())

    def revocation_list(self, *revoked):
        (self.directory / "index").touch()
        (self.directory / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={self.directory}/index\n"
            "default_md=sha256\ndefault_crl_days=30\n")
        authority = ["openssl", "ca", "-config", self.directory / "ca.cnf",
                     "-keyfile", self.certs / "ca.key", "-cert", self.certs / "ca.crt"]
        for file in revoked:
            subprocess.run([*authority, "-revoke", file], check=True, capture_output=True)
        subprocess.run([*authority, "-gencrl", "-out", self.directory / "ca.crl"], check=True, capture_output=True)
        return str(self.directory / "ca.crl")

    def test_good_files_start_patroni(self):
        for more in {}, {"PGSSLCRL": self.revocation_list()}:
            run = self.start(self.certs, **more)
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertEqual(run.stdout, f"{self.directory}/patroni.yml\n")

    def test_every_fault_is_found(self):
        faulty = self.directory / "faulty"
        subprocess.run([PROJECT / "Tests" / "TestSupport" / "faulty-secrets.sh", self.certs, faulty],
                       check=True, capture_output=True)
        for name, expected in FAULTS.items():
            with self.subTest(name):
                self.assert_refused(faulty / name, expected)

    def test_other_names_a_revoked_certificate_and_an_open_key_are_found(self):
        self.assert_refused(self.certs, "is not for other-0.", POD_NAME="other-0.x")
        revoked = self.revocation_list(self.certs / "server.crt")
        self.assert_refused(self.certs, "certificate revoked", PGSSLCRL=revoked)
        (self.certs / "server.key").chmod(0o644)
        self.assert_refused(self.certs, "may be read by others")
