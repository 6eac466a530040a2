"""generate-ssl-certs.sh with a certificate authority that the user brings along."""

import datetime
import os
import pty
import select
import shutil
import signal
import unittest

from ssl_certs import (NAME, ROTATE, SCRIPT, ScriptTestCase, certificates_in, make_ca, openssl,
                       public_key, verifies)


def end_date(file):
    return openssl("x509", "-in", file, "-noout", "-enddate").strip().split("=")[1]


def day(offset):
    """A date as "openssl ca" takes it, some days from now."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=offset)
    return moment.strftime("%Y%m%d%H%M%SZ")


class OwnCA(ScriptTestCase):
    def succeed_with_own_ca(self):
        """Issues with the CA in the directory, which has to stay as it is."""
        before = self.snapshot()
        self.succeed()
        after = self.snapshot()
        for file in "ca.crt", "ca.key":
            self.assertEqual(after[file], before[file])
        self.assert_node_certificate_good()

    def test_every_usual_kind_of_key_works(self):
        for key in [("EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
                    ("RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
                    ("RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")]:
            with self.subTest(key=key):
                shutil.rmtree(self.certs, ignore_errors=True)
                make_ca(self.certs, key=key)
                self.succeed_with_own_ca()

    def test_keys_in_older_formats_work(self):
        for key, command in ("RSA", "rsa"), ("EC", "ec"):
            with self.subTest(key=key):
                shutil.rmtree(self.certs, ignore_errors=True)
                options = ("-pkeyopt", "ec_paramgen_curve:P-256") if key == "EC" else ()
                make_ca(self.certs, key=(key, *options))
                file = self.certs / "ca.key"
                openssl(command, "-in", file, "-out", file,
                        *(["-traditional"] if command == "rsa" else []))
                self.assertIn(f"BEGIN {key} PRIVATE KEY", file.read_text())
                self.succeed_with_own_ca()

    def test_files_of_an_older_script_get_a_certificate_that_nodes_accept(self):
        make_ca(self.certs, key=("RSA",), subject="/CN=Citus-CA/O=YourOrg/C=US")
        openssl("genpkey", "-algorithm", "RSA", "-out", self.certs / "server.key")
        openssl("req", "-new", "-key", self.certs / "server.key", "-out", self.directory / "csr",
                "-subj", "/C=US/O=YourOrg/CN=*.citusdemo.default.svc.cluster.local")
        (self.directory / "extensions").write_text(
            "keyUsage = keyEncipherment, dataEncipherment\n"
            "extendedKeyUsage = serverAuth, clientAuth\n"
            "subjectAltName = DNS:*.citusdemo.default.svc.cluster.local, DNS:localhost\n")
        openssl("x509", "-req", "-in", self.directory / "csr", "-CA", self.certs / "ca.crt",
                "-CAkey", self.certs / "ca.key", "-days", "1095",
                "-extfile", self.directory / "extensions", "-out", self.certs / "server.crt")
        self.assertFalse(verifies(self.certs / "server.crt", self.certs / "ca.crt",
                                  "-purpose", "sslclient"))
        self.assert_refused(
            f"{NAME}: error: server.crt: nodes that trust ca.crt would reject it\n"
            "  detail: OpenSSL reports: unsuitable certificate purpose.\n", ROTATE)
        self.succeed_with_own_ca()

    def test_an_intermediate_ca_goes_along_for_peers_that_know_its_root(self):
        make_ca(self.directory / "root", subject="/CN=Root")
        make_ca(self.certs, subject="/CN=Intermediate", issuer=self.directory / "root")
        root = self.directory / "root" / "ca.crt"
        intermediate = (self.certs / "ca.crt").read_text()
        for order in [intermediate + root.read_text(), root.read_text() + intermediate]:
            (self.certs / "ca.crt").write_text(order)
            self.succeed_with_own_ca()
            self.assertEqual(len(certificates_in(self.certs / "server.crt")), 2)
            self.assert_node_certificate_good(trusted=root)


class UnusableCA(ScriptTestCase):
    def assert_ca_refused(self, message, **variables):
        self.assert_refused(f"{NAME}: error: {message}", **variables)

    def test_that_is_no_ca(self):
        for extensions in ("basicConstraints=CA:FALSE", "subjectKeyIdentifier=hash",
                           "basicConstraints=CA:TRUE\nkeyUsage=digitalSignature",
                           "basicConstraints=CA:TRUE\nextendedKeyUsage=serverAuth"):
            with self.subTest(extensions=extensions):
                make_ca(self.certs, extensions=extensions)
                self.assert_ca_refused(
                    "ca.crt: not a CA for TLS\n"
                    "  detail: It needs basicConstraints CA:TRUE and, if it has a keyUsage, "
                    "keyCertSign.\n")

    def test_that_has_another_key(self):
        make_ca(self.certs)
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-out", self.certs / "ca.key")
        self.assert_ca_refused("ca.key: belongs to no certificate in ca.crt\n"
                               "  detail: The public keys differ.\n"
                               "  hint: Use the certificate and the key of the same CA.\n")

    def test_that_has_expired(self):
        make_ca(self.certs, dates=(day(-20), day(-1)))
        self.assert_ca_refused(f"ca.crt: expired on {end_date(self.certs / 'ca.crt')}\n"
                               "  detail: No node accepts what it signs.\n"
                               "  hint: Create a new CA in an empty directory.\n")

    def test_that_is_not_valid_yet(self):
        make_ca(self.certs, dates=(day(1), day(3000)))
        self.assert_ca_refused("server.crt: nodes that trust ca.crt would reject it\n"
                               "  detail: OpenSSL reports: certificate is not yet valid.\n")

    def test_that_ends_before_the_node_certificate(self):
        make_ca(self.certs, days=1094)
        self.assert_ca_refused(
            f"ca.crt: expires on {end_date(self.certs / 'ca.crt')}, in less than 1095 days\n"
            "  detail: No node accepts a certificate after the end of its CA.\n"
            "  hint: Replace the CA (--rotate-ca), or set NODE_DAYS to fewer days.\n")
        self.succeed(NODE_DAYS="1093")
        self.succeed(ROTATE)
        run = self.run_script(NODE_DAYS="1095")
        self.assertIn("ca-previous.crt: expires on ", run.stderr)
        self.assertIn("  hint: Replace the CA (--use-new-ca), or set NODE_DAYS", run.stderr)

    def test_that_makes_password_logins_fail(self):
        make_ca(self.certs, key=("ED25519",))
        self.assert_ca_refused(
            "ca.crt: a CA with an Ed25519 or Ed448 key\n"
            "  detail: Logins by password fail if it signs the server's certificate.\n"
            "  hint: Replace the CA (--rotate-ca).\n")

    def test_that_debian_finds_too_weak(self):
        make_ca(self.certs, key=("RSA", "-pkeyopt", "rsa_keygen_bits:1024"))
        self.assert_ca_refused("server.crt: nodes that trust ca.crt would reject it\n"
                               "  detail: OpenSSL reports: CA certificate key too weak.\n")

    def test_that_has_several_faults(self):
        make_ca(self.certs, key=("ED25519",), dates=(day(-20), day(-1)),
                extensions="basicConstraints=CA:FALSE")
        self.assert_ca_refused(
            "ca.crt: not a CA for TLS\n"
            "  detail: It needs basicConstraints CA:TRUE and, if it has a keyUsage, keyCertSign.\n"
            f"{NAME}: error: ca.crt: a CA with an Ed25519 or Ed448 key\n"
            "  detail: Logins by password fail if it signs the server's certificate.\n"
            "  hint: Replace the CA (--rotate-ca).\n"
            f"{NAME}: error: ca.crt: expired on {end_date(self.certs / 'ca.crt')}\n"
            "  detail: No node accepts what it signs.\n"
            "  hint: Create a new CA in an empty directory.\n")

    def test_that_has_no_root(self):
        make_ca(self.directory / "root", subject="/CN=Root")
        make_ca(self.certs, subject="/CN=Intermediate", issuer=self.directory / "root")
        self.assert_ca_refused("server.crt: nodes that trust ca.crt would reject it\n"
                               "  detail: OpenSSL reports: unable to get issuer certificate.\n")

    def test_whose_key_has_a_passphrase_or_is_no_key(self):
        message = ("ca.key: could not read a private key\n"
                   "  detail: PEM without a passphrase is expected.\n")
        make_ca(self.certs)
        file, plain = self.certs / "ca.key", self.directory / "ca.key"
        file.rename(plain)
        for options in ["-aes256"], ["-aes256", "-traditional"]:
            with self.subTest(options=options):
                openssl("pkey", "-in", plain, *options, "-passout", "pass:secret", "-out", file)
                self.assert_ca_refused(message)
        file.write_text("")
        self.assert_ca_refused(message)

    def test_whose_key_has_a_passphrase_does_not_wait_at_a_terminal_for_it(self):
        make_ca(self.certs)
        openssl("pkey", "-in", self.certs / "ca.key", "-aes256", "-passout", "pass:secret",
                "-out", self.certs / "encrypted")
        (self.certs / "encrypted").rename(self.certs / "ca.key")
        environment = {"PATH": os.environ["PATH"], "CLUSTER_NAME": "citusdemo",
                       "OUTPUT_DIR": str(self.certs)}
        child, terminal = pty.fork()
        if child == 0:
            os.execve(SCRIPT, [str(SCRIPT)], environment)
        self.addCleanup(os.close, terminal)
        shown = b""
        last_words = b"PEM without a passphrase is expected."
        while last_words not in shown and select.select([terminal], [], [], 20)[0]:
            shown += os.read(terminal, 4096)
        if last_words not in shown:
            os.killpg(child, signal.SIGKILL)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 78, shown)
        self.assertIn(b"ca.key: could not read a private key", shown)

    def test_whose_certificate_is_no_certificate(self):
        make_ca(self.certs)
        for text in "", "text\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n":
            with self.subTest(text=text):
                (self.certs / "ca.crt").write_text(text)
                self.assert_ca_refused(
                    "ca.key: belongs to no certificate in ca.crt\n"
                    "  detail: The public keys differ.\n"
                    "  hint: Use the certificate and the key of the same CA.\n")

    def test_whose_key_others_may_read(self):
        make_ca(self.certs)
        for mode in 0o640, 0o604, 0o620, 0o644:
            with self.subTest(mode=oct(mode)):
                (self.certs / "ca.key").chmod(mode)
                self.assert_ca_refused("ca.key: others may read or write it\n"
                                       "  hint: Run chmod 600 on it.\n")
        (self.certs / "ca.key").chmod(0o400)
        self.succeed()

    def test_of_which_a_file_is_missing(self):
        make_ca(self.certs)
        authority = public_key(self.certs / "ca.crt")
        (self.certs / "ca.key").rename(self.directory / "ca.key")
        self.assert_ca_refused(
            'ca.key: is missing in "CERTS"\n'
            "  detail: It signs the node certificate.\n"
            "  hint: Restore it. If it is lost, replace the CA: --rotate-ca does not need it.\n")
        (self.directory / "ca.key").rename(self.certs / "ca.key")
        (self.certs / "ca.crt").unlink()
        self.assert_ca_refused('ca.crt: is missing in "CERTS"\n'
                               "  detail: Other files of the set exist.\n"
                               "  hint: Restore it, or choose an empty directory.\n")
        self.assertEqual(public_key(self.certs / "ca.key"), authority)


if __name__ == "__main__":
    unittest.main()
