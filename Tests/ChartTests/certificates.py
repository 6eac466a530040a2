"""Certificates for tests, made by the openssl program, and the Secrets that hold them."""

import functools
import pathlib
import secrets
import tempfile

from chart import run


def openssl(*arguments, directory):
    result = run("openssl", *arguments, cwd=directory)
    if result.returncode != 0:
        raise AssertionError(f"openssl {' '.join(arguments)}: {result.stderr}")


AUTHORITY = """\
[ca]
default_ca = tests
[tests]
database = index.txt
default_md = sha256
default_crl_days = 30
"""

NODE = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = {names}
"""


@functools.cache
def node_certificate(common_name, names):
    """Files of a node's Secret, by what they are: ca, certificate, key, crl."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory)
        (path / "ca.cnf").write_text(AUTHORITY)
        (path / "index.txt").write_text("")
        (path / "node.cnf").write_text(NODE.format(names=names))
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        here = functools.partial(openssl, directory=directory)
        here("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "3650",
             "-subj", "/CN=tests CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        here("req", *key, "-keyout", "node.key", "-out", "node.csr", "-subj", f"/CN={common_name}")
        here("x509", "-req", "-in", "node.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
             "-CAcreateserial", "-days", "365", "-extfile", "node.cnf", "-out", "node.crt")
        here("ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "ca.key", "-cert", "ca.crt",
             "-out", "ca.crl")
        names = {"ca": "ca.crt", "certificate": "node.crt", "key": "node.key", "crl": "ca.crl"}
        return {what: (path / name).read_bytes() for what, name in names.items()}


def certificate_secret(case, values):
    """What the Secret of a value set holds: by the script's names, or by cert-manager's."""
    service = case.cluster
    headless = f"{service}.{case.namespace}.svc.{case.domain}"
    issued = case.of_kind("Certificate")
    common_name = f"*.{headless}"
    if issued:
        common_name = issued[0]["spec"]["commonName"]
    elif any(name.startswith("/") for name in values.get("auth", {}).get("nodeCertNames", [])):
        common_name = "node-1"
    made = node_certificate(
        common_name, f"DNS:*.{headless},DNS:localhost,IP:127.0.0.1,IP:::1"
    )
    name = "tls" if issued else "server"
    data = {"ca.crt": made["ca"], f"{name}.crt": made["certificate"], f"{name}.key": made["key"]}
    crl = values.get("ssl", {}).get("revocationList")
    if crl:
        data[crl] = made["crl"]
    return data


def password():
    return secrets.token_hex(16).encode()
