"""Whether the release verifies every signature that this machine's OpenSSL verifies, and no other.

Sources/CCrypto/Provider.c names the algorithms that are linked in; here, OpenSSL's own lists say which there are.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BINARY = pathlib.Path(os.environ.get("ENTRYPOINT_BINARY", pathlib.Path(__file__).parents[2] / "dist/entrypoint"))
KEYS = {
    "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa-pss": ["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ed25519": ["ED25519"],
    "ed448": ["ED448"],
}
CURVES = ["P-224", "P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"]
KEYS |= {curve: ["EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"] for curve in CURVES}
EXTENSIONS = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n"


def run(*words):
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)


def digests():
    """The name of every digest, and none for keys that choose their own."""
    return ["", *run("list", "-digest-commands", "-1").stdout.split()]


class SignatureTests(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)
        (self.directory / "extensions").write_text(EXTENSIONS)
        self.openssl("genpkey", "-algorithm", *KEYS["P-256"], "-out", self.directory / "tls.key")
        self.openssl("req", "-new", "-key", self.directory / "tls.key", "-subj", "/CN=node",
                     "-out", self.directory / "request")  # fmt: skip

    def openssl(self, *words):
        result = run(*words)
        self.assertEqual(result.returncode, 0, f"{words}: {result.stderr}")

    def is_verified_by_openssl(self):
        """With the security level of Debian's PostgreSQL."""
        return run("verify", "-auth_level", "2", "-no-CApath", "-no-CAstore", "-purpose", "sslserver",
                   "-CAfile", self.directory / "ca.crt", self.directory / "tls.crt").returncode == 0  # fmt: skip

    def is_verified_by_the_release(self):
        tls = self.directory
        result = subprocess.run([BINARY, "--check=json"], capture_output=True, text=True, env={
            "PATRONI_SCOPE": "demo", "PATRONI_NAME": "node-0", "POD_IP": "192.0.2.1", "PGSSLMODE": "verify-ca",
            "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLROOTCERT": f"{tls}/ca.crt", "PGSSLCERT": f"{tls}/tls.crt",
            "PGSSLKEY": f"{tls}/tls.key"})  # fmt: skip
        verdicts = {check["check"]: check["verdict"] for check in json.loads(result.stdout)["checks"]}
        return verdicts["certificate-file"] == verdicts["chain"] == "ok"

    def test_each_is_verified_by_both_or_by_neither(self):
        verified = set()
        for name, algorithm in KEYS.items():
            authority = self.directory / "ca.key"
            self.openssl("genpkey", "-algorithm", *algorithm, "-out", authority)
            self.openssl("req", "-x509", "-key", authority, "-subj", "/CN=authority", "-days", "9",
                         "-out", self.directory / "ca.crt")  # fmt: skip
            for digest in digests():
                signed = run("x509", "-req", "-in", self.directory / "request", "-days", "9", "-CA",
                             self.directory / "ca.crt", "-CAkey", authority, "-extfile", self.directory / "extensions",
                             "-out", self.directory / "tls.crt", *([f"-{digest}"] if digest else []))  # fmt: skip
                if signed.returncode != 0:
                    continue
                with self.subTest(key=name, digest=digest):
                    expected = self.is_verified_by_openssl()
                    self.assertEqual(self.is_verified_by_the_release(), expected)
                    if expected:
                        verified.add((name, digest))
        # What must be among them, lest nothing was compared.
        self.assertLessEqual({("ed25519", ""), ("ed448", ""), ("rsa", "sha3-384"), ("P-256", "sha256")}, verified)
        self.assertGreater(len(verified), 40)


if __name__ == "__main__":
    unittest.main()
