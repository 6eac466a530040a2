#!/usr/bin/env python3
"""Has the program judge published sets of certificates, and PostgreSQL and libpq with it: judge.py FOLDER [SOURCE]

FOLDER holds what public-certificates.sh fetched; SOURCE is a word of the only source to try. Needs root, and runs the
server as user postgres on 127.0.0.1. Exits 1 where the program and the others differ.
"""

import collections
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import sets

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ENTRYPOINT_BINARY", str(TOP / "dist/entrypoint"))
BINARIES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[0]


def as_postgres(*words: object, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    plain = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *map(str, words)]
    return subprocess.run(command, env=plain | (environment or {}), cwd="/", capture_output=True, text=True, check=False)


class Server:
    """A server that takes each set with a reload, and says in its log when it refuses one."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.data, self.log = folder, folder / "data", folder / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.run("initdb", "-D", self.data, "--auth=trust", "--no-sync", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{folder}'\n"
                "fsync = off\nshared_buffers = 16MB\nlogging_collector = off\ninclude = 'tls.conf'\n"
            )
        (self.data / "tls.conf").touch()
        (self.data / "pg_hba.conf").write_text("hostssl all all all trust\n")
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-l", self.log, "start")

    def run(self, program: str, *words: object) -> None:
        result = as_postgres(BINARIES / program, *words)
        if result.returncode != 0:
            raise SystemExit(f"{program}: {result.stdout}{result.stderr}")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-s", "-m", "immediate", "stop")

    def said(self, before: int) -> str:
        return self.log.read_bytes()[before:].decode(errors="replace")

    def verdict(self, mounted: pathlib.Path) -> str:
        """What fails, or nothing."""
        crl = mounted / "ca.crl" if (mounted / "ca.crl").exists() else ""
        (self.data / "tls.conf").write_text(
            f"ssl = on\nssl_ca_file = '{mounted}/ca.crt'\nssl_cert_file = '{mounted}/tls.crt'\n"
            f"ssl_key_file = '{mounted}/tls.key'\nssl_crl_file = '{crl}'\n"
        )
        before = self.log.stat().st_size
        self.run("pg_ctl", "-D", self.data, "-s", "reload")
        while "received SIGHUP" not in self.said(before):
            time.sleep(0.005)
        conninfo = (
            f"host=localhost hostaddr=127.0.0.1 port={self.port} user=postgres dbname=postgres sslmode=verify-ca "
            f"sslrootcert={mounted}/ca.crt sslcert={mounted}/tls.crt sslkey={mounted}/tls.key sslcrl={crl}"
        )
        # The client's certificate counts as well: the server asks for one, and refuses one that is not good.
        asked = "SELECT ssl AND client_serial IS NOT NULL FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        login = as_postgres(BINARIES / "psql", "-XAtq", "-c", asked, conninfo)
        said = self.said(before)
        if "not reloaded" in said:
            return said
        return "" if login.stdout == "t\n" else login.stderr or said or login.stdout


def checked(program: str, mounted: pathlib.Path) -> tuple[bool, str]:
    """Whether the program takes a set, and its report."""
    environment = {
        "PATRONI_SCOPE": "demo", "PATRONI_NAME": "node-0", "POD_IP": "127.0.0.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
        "PGSSLMODE": "verify-ca", "NODE_AUTH": "trust", "NODE_ADDRESSES": "127.0.0.1/32", "CERTIFICATE_RELOAD": "off",
        "PATRONI_POSTGRESQL_DATA_DIR": f"{mounted.parent}/pod/data",
        "PGSSLROOTCERT": f"{mounted}/ca.crt", "PGSSLCERT": f"{mounted}/tls.crt", "PGSSLKEY": f"{mounted}/tls.key",
    }  # fmt: skip
    if (mounted / "ca.crl").exists():
        environment["PGSSLCRL"] = f"{mounted}/ca.crl"
    result = as_postgres(program, "--check", environment=environment)
    if result.returncode not in (0, 78):
        raise SystemExit(f"{mounted}: {result.returncode} {result.stdout}{result.stderr}")
    return result.returncode == 0, result.stdout


def mount(one: sets.CertificateSet, folder: pathlib.Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = {"ca.crt": one.authority, "tls.crt": one.certificate, "tls.key": one.key, "ca.crl": one.revocation_list}
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600 if name == "tls.key" else 0o644)
            shutil.chown(folder / name, "postgres", "postgres")


def main() -> int:
    fetched = pathlib.Path(sys.argv[1])
    sources = {
        "PostgreSQL's ssl tests": sets.postgresql(next(fetched.glob("postgresql-*/"))),
        "OpenSSL's verify tests": sets.openssl_tests(next(fetched.glob("openssl-*/"))),
        "NIST's PKITS": sets.pkits(next(fetched.glob("*.whl"))),
    }
    source_word = sys.argv[2] if len(sys.argv) > 2 else ""
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.chown(folder, "postgres", "postgres")
        program = shutil.copy(PROGRAM, folder / "entrypoint")  # To where user postgres may run it.
        server = Server(folder)
        try:
            for source, all_sets in sources.items():
                if source_word not in source:
                    continue
                counts = collections.Counter()
                for one in all_sets:
                    mount(one, folder / "set")
                    fault = server.verdict(folder / "set")
                    is_taken, report = checked(program, folder / "set")
                    counts["works" if not fault else "rejected"] += 1
                    if is_taken == (not fault):
                        counts["agreed"] += 1
                    else:
                        failed += 1
                        print(f"{source}, {one.name}: the others say {fault or 'it works'}\n{report}")
                    if os.environ.get("VERBOSE"):
                        print("==", source, one.name, "|", fault.strip().replace("\n", " / ")[-200:])
                        print("\n".join(line for line in report.splitlines() if line.startswith("         ")))
                total = counts["works"] + counts["rejected"]
                print(f"{source}: {total} sets, {counts['works']} work, {counts['rejected']} are rejected; "
                      f"the program agrees on {counts['agreed']}")  # fmt: skip
                if total < 60 or not counts["works"] or not counts["rejected"]:
                    failed += 1
                    print(f"{source}: too few")
        finally:
            server.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
