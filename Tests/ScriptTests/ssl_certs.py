"""What the tests of generate-ssl-certs.sh share: running it, and asking openssl about its files."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "generate-ssl-certs.sh"
NAME = SCRIPT.name
ISSUE, ROTATE, USE_NEW, FINISH = "", "--rotate-ca", "--use-new-ca", "--finish-ca-rotation"
# The files in each state.
STABLE = "ca.crt ca.key server.crt server.key".split()
BOTH_TRUSTED = sorted([*STABLE, "ca-next.crt", "ca-next.key", "ca-previous.crt"])
NEW_SIGNS = sorted([*STABLE, "ca-next.crt", "ca-previous.crt", "ca-previous.key"])
POD = "citusdemo-0-0.citusdemo.default.svc.cluster.local"


def openssl(*arguments, **keywords):
    """Runs openssl and returns what it prints; a failure fails the test."""
    command = ["openssl", *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, **keywords)
    if run.returncode != 0:
        raise AssertionError(f"{command}: {run.stderr}")
    return run.stdout


def certificates_in(file):
    """The PEM blocks of a file, without what stands around them."""
    block = "-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?"
    return [text.rstrip("\n") for text in re.findall(block, file.read_text(), re.DOTALL)]


def public_key(file):
    """The public key of a private key or of a file's first certificate."""
    if file.suffix == ".key":
        return openssl("pkey", "-in", file, "-pubout")
    return openssl("x509", "-in", file, "-noout", "-pubkey")


def subject(file):
    """The subject of a file's first certificate."""
    return openssl("x509", "-in", file, "-noout", "-subject", "-nameopt", "RFC2253").strip()


def verifies(certificate, trusted, *options):
    """Whether openssl accepts the certificate when only the certificates in trusted are trusted."""
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", trusted, *options]
    return subprocess.run([*command, certificate], capture_output=True).returncode == 0


def make_ca(directory, *, key=("EC", "-pkeyopt", "ec_paramgen_curve:P-256"), subject="/CN=Own CA",
            days=3650, extensions="basicConstraints=critical,CA:TRUE", issuer=None, dates=None):
    """Puts ca.crt and ca.key of a CA that somebody else made into a directory."""
    directory.mkdir(exist_ok=True)
    openssl("genpkey", "-algorithm", *key, "-out", directory / "ca.key")
    request = directory / "request"
    openssl("req", "-new", "-key", directory / "ca.key", "-subj", subject, "-out", request)
    (directory / "extensions").write_text(extensions)
    if dates:  # Only "openssl ca" takes dates; it wants a database of what it issued.
        (directory / "index").touch()
        (directory / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={directory}/index\nnew_certs_dir={directory}\n"
            "rand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no\n"
            "[any]\ncommonName=supplied\n")
        openssl("ca", "-batch", "-selfsign", "-config", directory / "ca.cnf", "-in", request,
                "-keyfile", directory / "ca.key", "-startdate", dates[0], "-enddate", dates[1],
                "-extfile", directory / "extensions", "-notext", "-out", directory / "ca.crt")
    else:
        signer = (["-CA", issuer / "ca.crt", "-CAkey", issuer / "ca.key"] if issuer
                  else ["-signkey", directory / "ca.key"])
        openssl("x509", "-req", "-in", request, *signer, "-days", days,
                "-extfile", directory / "extensions", "-out", directory / "ca.crt")
    for file in directory.iterdir():
        if file.name not in ("ca.crt", "ca.key"):
            file.unlink()


class ScriptTestCase(unittest.TestCase):
    """A test with an output directory of its own, `certs`, that starts without existing."""

    maxDiff = None

    def setUp(self):
        # Modes that the script does not set are the usual ones, whoever runs the tests.
        self.addCleanup(os.umask, os.umask(0o022))
        # In memory where possible: the script waits for the disk, many hundred times in all tests.
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="ssl-certs-", dir=memory))
        self.addCleanup(shutil.rmtree, self.directory)
        self.certs = self.directory / "certs"

    def run_script(self, *arguments, **variables):
        """Runs the script for the cluster citusdemo; a variable that is None is left unset."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory),
                       "CLUSTER_NAME": "citusdemo", "OUTPUT_DIR": str(self.certs), **variables}
        environment = {name: value for name, value in environment.items() if value is not None}
        command = [str(SCRIPT), *filter(None, arguments)]
        return subprocess.run(command, env=environment, cwd=self.directory, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)

    def succeed(self, *arguments, **variables):
        """Runs the script, which has to succeed and to leave nothing but its files."""
        run = self.run_script(*arguments, **variables)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([file.name for file in self.certs.glob(".*")], [])
        return run

    def assert_refused(self, expected, *arguments, status=78, **variables):
        """Runs the script, which has to say exactly this and to change nothing."""
        before = self.snapshot()
        run = self.run_script(*arguments, **variables)
        self.assertEqual(run.stderr, expected.replace("CERTS", str(self.certs)))
        self.assertEqual((run.returncode, run.stdout), (status, ""))
        self.assertEqual(self.snapshot(), before)

    def snapshot(self):
        """Every file of the output directory, with its mode and its content."""
        return {file.name: (oct(file.stat().st_mode), file.is_file() and file.read_text())
                for file in self.certs.glob("*")} if self.certs.exists() else None

    def assert_node_certificate_good(self, trusted=None):
        """What every node certificate has to satisfy, as openssl judges it."""
        leaf = self.certs / "server.crt"
        trusted = trusted or self.certs / "ca.crt"
        self.assertEqual(public_key(leaf), public_key(self.certs / "server.key"))
        for purpose in "sslserver", "sslclient":
            for name in POD, "localhost":
                self.assertTrue(verifies(leaf, trusted, "-untrusted", leaf, "-purpose", purpose,
                                         "-verify_hostname", name), (purpose, name))
        for file in self.certs.iterdir():
            self.assertEqual(oct(file.stat().st_mode & 0o777),
                             "0o600" if file.suffix == ".key" else "0o644", file)
