"""The settings of the environment, as entrypoint reads it."""

import json
import os
import ssl
import subprocess

import yaml

PARAMETERS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl")


class Unusable(Exception):
    """The environment is invalid."""


def _dry_run(**changes):
    # Secrets go no further than into the environment of psql.
    result = subprocess.run(
        ["entrypoint", "--dry-run", "--show-secrets"], env={**os.environ, **changes}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if result.returncode != 0:
        raise Unusable(f"entrypoint --dry-run exits {result.returncode}: {result.stderr}")
    return yaml.safe_load(result.stdout)


def judgement():
    """The report of `entrypoint --check` on this environment and its certificates."""
    result = subprocess.run(["entrypoint", "--check=json"], capture_output=True, text=True, check=False)
    return json.loads(result.stdout)


class Expected:
    """The patroni.yml of this environment."""

    def __init__(self, document, login):
        self.document = document
        self.login = login

    @classmethod
    def of_environment(cls):
        document = _dry_run()
        login = document["postgresql"]["authentication"]["superuser"]
        # Only a member has the copies that it works with.
        if "sslkey" in login and not os.path.exists(login["sslkey"]):
            login = _dry_run(CERTIFICATE_RELOAD="off")["postgresql"]["authentication"]["superuser"]
        return cls(document, login)

    @property
    def server(self):
        return self.document["postgresql"]

    @property
    def parameters(self):
        return self.server["parameters"]

    @property
    def database(self):
        return self.document["citus"]["database"] if "citus" in self.document else "postgres"

    @property
    def rest_api_speaks_tls(self):
        return "certfile" in self.document["restapi"]

    @property
    def rest_api(self):
        return self.document["restapi"]["connect_address"]

    def libpq(self, host, port, database):
        """The environment in which psql logs in as a node does."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        variables |= {
            "PGHOST": host, "PGPORT": str(port), "PGDATABASE": database, "PGUSER": self.login["username"],
            "PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "cluster-check", "PGOPTIONS": "-c statement_timeout=60s",
        }  # fmt: skip
        variables |= {"PG" + name.upper(): self.login[name] for name in PARAMETERS if name in self.login}
        if "password" in self.login:
            variables["PGPASSWORD"] = self.login["password"]
        if "channel_binding" in self.login:
            variables["PGCHANNELBINDING"] = self.login["channel_binding"]
        return variables

    def tls(self):
        """A context that verifies servers as a node does."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        mode = self.login.get("sslmode", "prefer")
        context.check_hostname = mode == "verify-full"
        if mode.startswith("verify-"):
            context.load_verify_locations(self.login["sslrootcert"])
        else:
            context.verify_mode = ssl.CERT_NONE
        if "sslcert" in self.login:
            context.load_cert_chain(self.login["sslcert"], self.login["sslkey"])
        return context
