"""Certificates for the servers of the matrix, and for who logs in to them."""

import pathlib
import subprocess


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


class Authority:
    """A certificate authority, with a server's certificate and an empty revocation list."""

    def __init__(self, folder: pathlib.Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.make("ca", "/CN=matrix authority", [])
        self.issue(folder / "server", "localhost")
        (folder / "index.txt").touch()
        (folder / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\ndefault_md=sha256\ndefault_crl_days=9\n"
        )
        openssl("ca", "-gencrl", "-config", f"{folder}/ca.cnf", "-keyfile", f"{folder}/ca.key",
                "-cert", f"{folder}/ca.crt", "-out", f"{folder}/crl.pem")  # fmt: skip
        # Which file each parameter means.
        self.files = {
            "ssl_ca_file": folder / "ca.crt",
            "ssl_cert_file": folder / "server.crt",
            "ssl_key_file": folder / "server.key",
            "ssl_crl_file": folder / "crl.pem",
        }

    def make(self, name: str | pathlib.Path, subject: str, more: list[str]) -> None:
        path = self.folder / name
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9",
                "-subj", subject, "-keyout", f"{path}.key", "-out", f"{path}.crt", *more)  # fmt: skip

    def issue(self, path: pathlib.Path, name: str) -> None:
        escaped = name.replace("\\", "\\\\").replace("/", "\\/").replace("+", "\\+")
        self.make(path, f"/CN={escaped}", ["-utf8", "-CA", f"{self.folder}/ca.crt", "-CAkey", f"{self.folder}/ca.key",
                                           "-addext", "basicConstraints=critical,CA:FALSE"])  # fmt: skip

    def client(self, folder: pathlib.Path, file: str, name: str) -> None:
        """Issues a certificate for a client, unless it is there."""
        stamp = folder / f"{file}.name"
        if not stamp.exists() or stamp.read_text() != name:
            self.issue(folder / file, name)
            stamp.write_text(name)

    def mount(self, top: pathlib.Path, parameters: dict[str, str]) -> None:
        """Puts files to where the parameters say that they are, in the root directory `top`."""
        texts: dict[str, str] = {}
        for name, source in self.files.items():
            if name in parameters:
                # One file may hold a certificate and its key.
                path = parameters[name]
                texts[path] = texts.get(path, "") + source.read_text()
        for path, text in texts.items():
            target = top / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            subprocess.run(["chroot", str(top), "chown", "postgres", path], check=True)
            target.chmod(0o600)
