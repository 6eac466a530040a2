"""The cluster that docker/compose.yml describes, with podman in a network namespace of its own."""

import json
import os
import re
import shlex
import unittest

import readme
from containers import IMAGE, Network, REPOSITORY, inspect, podman, run, typing, wait_until

COMPOSE = REPOSITORY / ".build/venv/bin/podman-compose"
SERVICES = ("coordinator", "worker-1", "worker-2")

# What each command of the table in docker/README.md prints or leaves, by how it begins. `down` and
# `logs --follow` are tried apart.
PRINTED = {
    "exec coordinator patronictl list": "| Leader ",
    "exec coordinator cluster-check": "\n0 errors, ",
    "exec coordinator psql -U postgres citus": "typed in",
    "exec coordinator psql -U postgres -c": "| /CN=*.citus.default.svc.cluster.local",
    "exec coordinator entrypoint --dry-run": "scope: 'citus'",
    "exec coordinator entrypoint --check": "15 checks: 14 ok",
    "kill --signal KILL worker-1": "",
    "stop worker-1": "",
    "start worker-1": "",
    "run --rm --env RENEW=1 certificates": "",
}


class ComposeTests(unittest.TestCase):
    """Members know each other by name and check it: PGSSLMODE=verify-full."""

    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.project = cls.network.label
        cls.addClassCleanup(cls.end)
        cls.compose("up", "--detach")
        wait_until("three members", cls.all_run, explain=cls.log)
        # Patroni makes it in a Citus group.
        cls.execute("coordinator", "psql", "-U", "postgres", "-c", "CREATE DATABASE citus")

    @classmethod
    def end(cls):
        """The last two commands of the table."""
        assert readme.compose_commands()[-2:] == ["down", "down --volumes"]
        cls.compose("down")
        kept = cls.volumes()
        cls.compose("down", "--volumes")
        assert {f"{cls.project}_{name}" for name in SERVICES} <= kept, kept
        assert cls.volumes() == set(), cls.volumes()

    @classmethod
    def volumes(cls):
        listed = podman("volume", "ls", "--format", "{{.Name}}").stdout.split()
        return {name for name in listed if name.startswith(f"{cls.project}_")}

    @classmethod
    def compose(cls, *words, typed=""):
        if words[0] == "exec":
            # As behind a pipe; psql would page what it prints.
            words = ("exec", "-T", *words[1:])
        with typing(typed) as stdin:
            return cls.inside(
                COMPOSE, "--project-name", cls.project,
                # Docker has no tmpfs of its own on /run; podman has one that hides the image's.
                "--podman-run-args=--read-only-tmpfs=false",
                "--file", REPOSITORY / "docker/compose.yml",
                "--file", REPOSITORY / "Tests/ImageTests/compose-without-citus.yml",
                *words, stdin=stdin,
                env={**os.environ, "PATH": f"{COMPOSE.parent}:{os.environ['PATH']}"},
            )  # fmt: skip

    @classmethod
    def inside(cls, *command, **options):
        """Runs a command where the ports of the cluster are published."""
        return run("nsenter", f"--net=/run/netns/{cls.network.switch}", *command, **options)

    @classmethod
    def container(cls, service):
        return f"{cls.project}_{service}_1"

    @classmethod
    def execute(cls, service, *words):
        return podman("exec", cls.container(service), *words).stdout

    @classmethod
    def log(cls):
        logs = [podman("logs", cls.container(service), check=False) for service in SERVICES]
        return "\n".join((log.stdout + log.stderr)[-3000:] for log in logs)

    @classmethod
    def members(cls):
        return json.loads(cls.execute("coordinator", "patronictl", "list", "--format", "json"))

    @classmethod
    def all_run(cls):
        states = sorted((row["Role"], row["State"]) for row in cls.members())
        return states == [("Leader", "running"), ("Replica", "streaming"), ("Replica", "streaming")]

    def leader(self):
        return next(row for row in self.members() if row["Role"] == "Leader")

    def test_every_command_of_the_table_works(self):
        commands = [command for command in readme.compose_commands()
                    if not command.startswith(("down", "logs"))]  # fmt: skip
        for command in commands:
            with self.subTest(command=command):
                printed = PRINTED[max(filter(command.startswith, PRINTED), key=len)]
                is_prompt = command.endswith("psql -U postgres citus")
                typed = "SELECT 'typed ' || 'in';\n\\q\n" if is_prompt else ""
                result = self.compose(*shlex.split(command), typed=typed)
                self.assertIn(printed, result.stdout)
            if command.startswith(("start", "run")):
                wait_until("three members again", self.all_run, explain=self.log)
        self.assertEqual(len(commands), 11)

    def test_the_log_can_be_followed(self):
        result = self.compose("logs", "coordinator")
        self.assertIn("I am (coordinator)", result.stdout + result.stderr)
        self.assertIn("logs --follow coordinator", readme.compose_commands())

    def test_the_image_that_make_image_builds_is_the_one_that_starts(self):
        text = (REPOSITORY / "docker/compose.yml").read_text()
        version = inspect(IMAGE)["Config"]["Labels"]["org.opencontainers.image.version"]
        self.assertEqual(set(re.findall(r"\$\{IMAGE:-(.*)\}", text)), {f"entrypoint:{version}"})

    def test_members_are_known_by_the_names_in_the_certificate(self):
        leader = self.leader()
        self.assertEqual(leader["Host"], f"{leader['Member']}.citus.default.svc.cluster.local")

    def test_a_renewed_certificate_is_taken_up_by_running_members(self):
        renewals = lambda: self.execute("coordinator", "sha256sum", "/etc/ssl/certs/postgresql/server.crt",
                                        "/home/postgres/.postgresql-tls/current/server.crt").split()[::2]
        before = renewals()
        self.assertEqual(before[0], before[1])
        self.compose("run", "--rm", "--env", "RENEW=1", "certificates")
        self.assertNotEqual(renewals()[0], before[0])
        for service in SERVICES:
            wait_until(
                f"renewed on {service}",
                lambda: "a new certificate is in use"
                in podman("logs", self.container(service)).stderr,
                explain=self.log,
            )  # fmt: skip
        wait_until("the copy", lambda: len(set(renewals())) == 1)

    def test_the_authority_s_key_is_in_no_member(self):
        files = self.execute("worker-1", "ls", "/etc/ssl/certs/postgresql").split()
        self.assertEqual(files, ["ca.crt", "server.crt", "server.key"])

    def test_a_client_logs_in_through_the_published_port(self):
        if self.leader()["Member"] != "coordinator":
            self.execute("coordinator", "patronictl", "switchover", "--force",
                         "--candidate", "coordinator")  # fmt: skip
        sql = "CREATE ROLE app LOGIN PASSWORD 'secret of the test'"
        self.execute("coordinator", "psql", "-U", "postgres", "-c", sql)
        authority = self.compose("exec", "coordinator", "cat", "/etc/ssl/certs/postgresql/ca.crt").stdout
        file = REPOSITORY / f".build/image-test/{self.project}-ca.crt"
        file.write_text(authority)
        self.addCleanup(file.unlink)
        [documented] = re.findall(r'psql "(host=localhost .*)"', readme.DOCKER.read_text())
        answer = self.inside(
            "psql", "-XAt", "-c", "SELECT current_user, ssl FROM pg_stat_ssl "
            "WHERE pid = pg_backend_pid()",
            documented.replace("sslrootcert=ca.crt", f"sslrootcert={file}"),
            env={**os.environ, "PGPASSWORD": "secret of the test"},
        ).stdout  # fmt: skip
        self.assertEqual(answer, "app|t\n")


if __name__ == "__main__":
    unittest.main()
