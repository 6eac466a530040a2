#!/usr/bin/env python3
"""Gives every scenario's records and parameters to a real server: server.py MAJOR ROOT RESULT

ROOT is a root directory with PostgreSQL MAJOR. Runs as root in a network and mount namespace of its
own. Writes what it saw to RESULT as JSON; exits 1 when a server reads something else than was meant.
"""

import json
import pathlib
import subprocess
import sys
import time

import certificates
import pods
import yaml

MAJOR = int(sys.argv[1])
TOP = pathlib.Path(sys.argv[2])
RESULT = pathlib.Path(sys.argv[3])
DATA = "/matrix/data"
OURS = ("ssl", "citus.", "unix_socket_directories", "password_encryption")
BINARIES = f"/usr/lib/postgresql/{MAJOR}/bin"


class Server:
    """A server of the version in its own root directory."""

    def __init__(self) -> None:
        for folder in ("matrix", "matrix/client"):
            (TOP / folder).mkdir(exist_ok=True)
        self.run("chown", "postgres:postgres", "/matrix")
        self.postgres("initdb", "-D", DATA, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        self.base = (TOP / "matrix/data/postgresql.conf").read_text()
        self.sockets = ""
        self.has_output_plugins = "\noutput_plugin_libraries\t" in self.postgres("postgres", "--describe-config").stdout

    def run(self, *words: str, check: bool = True, user: str = "root") -> subprocess.CompletedProcess:
        result = subprocess.run(
            ["chroot", f"--userspec={user}:", str(TOP), "env", "-i", "HOME=/matrix", "LC_ALL=C.UTF-8",
             f"PATH={BINARIES}:/usr/sbin:/usr/bin:/sbin:/bin", *words],
            capture_output=True, text=True, check=False)  # fmt: skip
        if check and result.returncode != 0:
            raise SystemExit(f"{words}: {result.stdout}{result.stderr}{self.log()[-2000:]}")
        return result

    def postgres(self, *words: str, check: bool = True) -> subprocess.CompletedProcess:
        return self.run(*words, user="postgres", check=check)

    def version(self) -> str:
        return self.run("postgres", "--version").stdout.split()[2]

    def log(self) -> str:
        file = TOP / "matrix/log"
        return file.read_text(errors="replace") if file.exists() else ""

    def start(self, hba: list[str], ident: list[str], parameters: dict[str, str]) -> str:
        """Starts with these files; returns the problem, or an empty text."""
        self.sockets = parameters["unix_socket_directories"]
        settings = {"listen_addresses": "127.0.0.1", "shared_buffers": "16MB", "fsync": "off"} | parameters
        lines = [f"{name} = '{self.escaped(value)}'\n" for name, value in settings.items()]
        (TOP / "matrix/data/postgresql.conf").write_text(self.base + "".join(lines))
        (TOP / "matrix/data/pg_hba.conf").write_text("\n".join(hba) + "\n")
        (TOP / "matrix/data/pg_ident.conf").write_text("\n".join(ident) + "\n")
        (TOP / "matrix/log").unlink(missing_ok=True)
        (TOP / self.sockets.lstrip("/")).mkdir(parents=True, exist_ok=True)
        self.run("chown", "postgres", self.sockets)
        words = ("pg_ctl", "-D", DATA, "-w", "-s", "-l", "/matrix/log", "start")
        return "" if self.postgres(*words, check=False).returncode == 0 else "does not start"

    @staticmethod
    def escaped(value: str) -> str:
        """A value between single quotes in postgresql.conf."""
        return value.replace("\\", "\\\\").replace("'", "''")

    def stop(self) -> None:
        self.postgres("pg_ctl", "-D", DATA, "-s", "-m", "immediate", "stop")

    def query(self, sql: str) -> list[list[str]]:
        words = ("psql", "-h", self.sockets, "-d", "postgres", "-XAtq", "-F", "\t", "-c", sql)
        return [line.split("\t") for line in self.postgres(*words).stdout.splitlines()]

    def log_in(self, role: str, certificate: str, database: str) -> str:
        """Logs in over TLS with a certificate; an empty text, or what went wrong."""
        quoted = role.replace("\\", "\\\\").replace("'", "\\'")
        conninfo = (f"host=127.0.0.1 sslmode=require user='{quoted}' {database} "
                    f"sslcert=/matrix/client/{certificate}.crt sslkey=/matrix/client/{certificate}.key")  # fmt: skip
        command = "IDENTIFY_SYSTEM" if "replication" in database else "SELECT 1"
        result = self.run("psql", "-XAtq", "-w", "-c", command, conninfo, check=False)
        return result.stderr.strip() if result.returncode else ""


def complaints(server: Server, hba: list[str], ident: list[str], parameters: dict[str, str]) -> list[str]:
    """What the server's own parser says about the files that it runs with."""
    found = [line for line in server.log().splitlines() if "authentication file" in line or "pg_ident" in line]
    records = sum(not line.startswith("#") for line in hba)  # An operator's comment goes through as it is.
    errors = "SELECT error FROM {0} WHERE error IS NOT NULL UNION ALL SELECT count(*)::text FROM {0}"
    found += [row for row in server.query(errors.format("pg_hba_file_rules")) if row != [str(records)]]
    if MAJOR >= 15:
        found += [row for row in server.query(errors.format("pg_ident_file_mappings")) if row != [str(len(ident))]]
    for name, value in parameters.items():
        seen = server.query(f"SELECT current_setting('{name}')")
        # The server shows some values of the operator's in another unit.
        source = server.query(f"SELECT source FROM pg_settings WHERE name = '{name}'")
        if seen != [[value]] and (name.startswith(OURS) or source != [["configuration file"]]):
            found.append(f"{name} is {seen}")
    return [str(complaint) for complaint in found]


def as_text(value: object) -> str:
    """A value as Patroni writes it to postgresql.conf."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def roles(document: dict) -> dict[str, str]:
    """The roles of Patroni that come without a password, and how they connect."""
    found = {}
    for kind, settings in document["postgresql"]["authentication"].items():
        if "password" not in settings:
            found[settings["username"]] = "replication=1" if kind == "replication" else "dbname=postgres"
    return found


def logins(server: Server, document: dict, authority: certificates.Authority) -> tuple[int, int, list[str]]:
    """Logs in by certificate as each of the nodes' roles: with the right name, and with a wrong one."""
    ident = document["postgresql"].get("pg_ident", [])
    if not ident:
        return 0, 0, []
    name = ident[0].split('"')[1]
    if name.startswith("/"):
        name = "node-1.example.org"  # One that every expression of the scenarios takes.
    authority.client(TOP / "matrix/client", "right", name)
    authority.client(TOP / "matrix/client", "wrong", "intern-laptop")
    right = wrong = 0
    found = []
    takes_all = any('"/^.*$"' in line for line in ident)
    for role, database in roles(document).items():
        identifier = role.replace('"', '""')
        if role != "postgres":
            server.query(f'CREATE ROLE "{identifier}" LOGIN SUPERUSER REPLICATION')
        said = server.log_in(role, "right", database)
        right += said == ""
        if said:
            found.append(f"{role} with the right certificate: {said}")
        said = server.log_in(role, "wrong", database)
        if not takes_all:
            wrong += "certificate authentication failed" in said
            if "certificate authentication failed" not in said:
                found.append(f"{role} with a wrong certificate: {said or 'logged in'}")
        if role != "postgres":
            server.query(f'DROP ROLE "{identifier}"')
    return right, wrong, found


def main() -> int:
    server = Server()
    version = server.version()
    authority = certificates.Authority(TOP / "matrix/authority")
    seen = {"major": MAJOR, "version": version, "scenarios": 0, "records": 0, "logins": 0, "refused": 0}
    failed = 0
    began = time.monotonic()
    for scenario in pods.scenarios():
        text = scenario.rendered(MAJOR)
        if text is None:
            continue
        document = yaml.safe_load(text)
        section = document["postgresql"]
        hba, ident = section["pg_hba"], section.get("pg_ident", [])
        parameters = {name: as_text(value) for name, value in section["parameters"].items()}
        if not server.has_output_plugins:  # Patroni leaves it out.
            parameters.pop("output_plugin_libraries", None)
        authority.mount(TOP, parameters)
        problem = server.start(hba, ident, parameters)
        found = [problem + server.log()[-800:]] if problem else complaints(server, hba, ident, parameters)
        if not problem:
            right, wrong, more = logins(server, document, authority)
            seen["logins"] += right
            seen["refused"] += wrong
            found += more
            server.stop()
        seen["scenarios"] += 1
        seen["records"] += len(hba) + len(ident) + len(parameters)
        for complaint in found:
            print(f"PostgreSQL {MAJOR}, {scenario.name}: {complaint}")
        failed += bool(found)
    seen["seconds"] = round(time.monotonic() - began)
    RESULT.write_text(json.dumps(seen) + "\n")
    print(f"PostgreSQL {version}: {seen['scenarios']} scenarios, {failed} failed, {seen['seconds']} s")
    return 1 if failed or seen["scenarios"] < 30 or not seen["logins"] or not seen["refused"] else 0


if __name__ == "__main__":
    sys.exit(main())
