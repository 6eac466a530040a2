"""Sets of certificates that others publish: what a node would mount, one folder each.

A set is an authorities' file, a certificate's file, a key, and maybe a revocation list. Which of them work is
nobody's to say here: PostgreSQL and libpq are asked.
"""

import hashlib
import itertools
import pathlib
import re
import subprocess
import zipfile
from typing import Iterator, NamedTuple


class CertificateSet(NamedTuple):
    name: str
    authority: bytes
    certificate: bytes
    key: bytes
    revocation_list: bytes | None = None


def openssl(*words: str, given: bytes = b"") -> bytes:
    """What a command of openssl(1) prints; nothing when it fails."""
    result = subprocess.run(["openssl", *words], input=given, capture_output=True, check=False)
    return result.stdout if result.returncode == 0 else b""


def key_of(certificate: bytes) -> str:
    """By what a certificate and its key are known to belong together."""
    return hashlib.sha256(openssl("x509", "-noout", "-pubkey", given=certificate)).hexdigest()


def keys_among(files: list[pathlib.Path]) -> dict[str, bytes]:
    """Private keys in PEM, by the public ones."""
    found = {}
    for file in files:
        text = file.read_bytes()
        if b"PRIVATE KEY-----" in text and (public := openssl("pkey", "-pubout", "-passin", "pass:", given=text)):
            found.setdefault(hashlib.sha256(public).hexdigest(), text)
    return found


def postgresql(source: pathlib.Path) -> Iterator[CertificateSet]:
    """src/test/ssl/ssl of PostgreSQL: every key with every certificate chain, root and list that the tests use."""
    folder = source / "src/test/ssl/ssl"
    read = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    for name in sorted(read):
        if not name.endswith(".crt") or not (name.startswith(("server-", "client"))) or "ca.crt" in name:
            continue
        kind = name[:6]
        stem = name.removesuffix(".crt")
        keys = [key for key in (f"{stem}.key", *(k for k in read if k.startswith(f"{stem}-") and k.endswith(".key")))
                if key in read and f"{key.removesuffix('.key')}.crt" in (name, key.removesuffix(".key") + ".crt")]
        roots = ["root_ca.crt", f"root+{kind}_ca.crt", f"{kind}_ca.crt", "both-cas-1.crt", "both-cas-2.crt"]
        chains = {"": read[name], "+ca": read[name] + read[f"{kind}_ca.crt"]}
        lists = ["", f"root+{kind}.crl", f"{kind}.crl", "root.crl"]
        for key, root, chain, crl in itertools.product(keys, roots, chains, lists):
            if key != f"{stem}.key" and (root != roots[1] or crl):
                continue  # Keys in other formats are tried once.
            yield CertificateSet(f"{key}{chain} {root} {crl}".strip(), read[root], chains[chain], read[key],
                                 read[crl] if crl else None)  # fmt: skip


def openssl_tests(source: pathlib.Path) -> Iterator[CertificateSet]:
    """test/certs of OpenSSL: what its recipe for `openssl verify` puts together, where the key is there, too."""
    folder = source / "test/certs"
    keys = keys_among(sorted(folder.glob("*.pem")) + sorted(folder.glob("*.key")))
    recipe = (source / "test/recipes/25-test_verify.t").read_text()
    call = re.compile(r'verify\("([^"]+)",\s*"[^"]*",\s*\[([^\]]*)\],\s*\[([^\]]*)\]')
    done = set()
    for leaf, trusted, untrusted in call.findall(recipe):
        names = [re.findall(r"[\w+.-]+", text.replace("qw", "")) for text in (trusted, untrusted)]
        name = f"{leaf} [{' '.join(names[0])}] [{' '.join(names[1])}]"
        files = [[folder / f"{part}.pem" for part in part_names] for part_names in ([leaf], *names)]
        if name in done or not all(file.exists() for file in itertools.chain(*files)):
            continue
        done.add(name)
        texts = [b"".join(file.read_bytes() for file in part) for part in files]
        if key := keys.get(key_of(texts[0])):
            yield CertificateSet(name, texts[1], texts[0] + texts[2], key)


def pkits(wheel: pathlib.Path) -> Iterator[CertificateSet]:
    """NIST's PKITS: every end entity, with the authorities above it, and with and without their revocation lists."""
    top = "cryptography_vectors/x509/PKITS_data/"
    with zipfile.ZipFile(wheel) as archive:
        files = {name.removeprefix(top): archive.read(name) for name in archive.namelist() if name.startswith(top)}
    certificates = {}
    for name, der in sorted(files.items()):
        if name.startswith("certs/") and (pem := openssl("x509", "-inform", "DER", given=der)):
            hashes = openssl("x509", "-noout", "-subject_hash", "-issuer_hash", given=pem).decode().split()
            certificates[pathlib.Path(name).stem] = (pem, *hashes)
    lists: dict[str, list[bytes]] = {}
    for name, der in sorted(files.items()):
        if name.startswith("crls/") and (pem := openssl("crl", "-inform", "DER", given=der)):
            lists.setdefault(openssl("crl", "-noout", "-hash", given=pem).decode().strip(), []).append(pem)
    anchor = certificates["TrustAnchorRootCertificate"]
    for stem, (pem, _, issuer) in certificates.items():
        if not stem.endswith("EE"):
            continue
        bundle = files.get(f"pkcs12/{stem}.p12", b"")
        key = openssl("pkcs12", "-legacy", "-nocerts", "-nodes", "-passin", "pass:password", given=bundle)
        key = openssl("pkey", given=key)
        if not key:
            continue
        above, wanted = [], [issuer]
        for name in wanted:
            for other, subject, its_issuer in certificates.values():
                if subject == name and other != anchor[0] and other not in above and other != pem:
                    above.append(other)
                    if its_issuer not in wanted:
                        wanted.append(its_issuer)
        chain = pem + b"".join(above)
        crls = b"".join(text for name in wanted for text in lists.get(name, []))
        yield CertificateSet(stem, anchor[0], chain, key)
        if crls:
            yield CertificateSet(f"{stem} with lists", anchor[0], chain, key, crls)
