"""The cluster that docker/compose.yml describes, with podman in a network namespace of its own."""

import json
import os
import unittest

from containers import Network, REPOSITORY, podman, run, wait_until

COMPOSE = REPOSITORY / ".build/venv/bin/podman-compose"


class ComposeTests(unittest.TestCase):
    """Members know each other by name and check it: PGSSLMODE=verify-full."""

    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.project = cls.network.label
        cls.addClassCleanup(cls.compose, "down", "--volumes", "--timeout", "60")
        cls.compose("up", "--detach")
        wait_until("three members", cls.all_run, explain=cls.log)

    @classmethod
    def compose(cls, *words):
        return cls.inside(
            COMPOSE, "--project-name", cls.project,
            # Docker has no tmpfs of its own on /run; podman has one that hides the image's.
            "--podman-run-args=--read-only-tmpfs=false",
            "--file", REPOSITORY / "docker/compose.yml",
            "--file", REPOSITORY / "Tests/ImageTests/compose-without-citus.yml",
            *words, env={**os.environ, "PATH": f"{COMPOSE.parent}:{os.environ['PATH']}"},
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
        services = ("coordinator", "worker-1", "worker-2")
        logs = [podman("logs", cls.container(service), check=False) for service in services]
        return "\n".join((log.stdout + log.stderr)[-3000:] for log in logs)

    @classmethod
    def all_run(cls):
        members = json.loads(cls.execute("coordinator", "patronictl", "list", "--format", "json"))
        states = sorted((row["Role"], row["State"]) for row in members)
        return states == [("Leader", "running"), ("Replica", "streaming"), ("Replica", "streaming")]

    def leader(self):
        members = json.loads(self.execute("worker-1", "patronictl", "list", "--format", "json"))
        return next(row for row in members if row["Role"] == "Leader")

    def test_members_are_known_by_the_names_in_the_certificate(self):
        leader = self.leader()
        self.assertEqual(leader["Host"], f"{leader['Member']}.citus.default.svc.cluster.local")

    def test_a_renewed_certificate_is_taken_up_by_running_members(self):
        self.compose("run", "--rm", "--env", "RENEW=1", "certificates")
        for service in ("coordinator", "worker-1", "worker-2"):
            wait_until(
                f"renewed on {service}",
                lambda: "a new certificate is in use"
                in podman("logs", self.container(service)).stderr,
                seconds=30, explain=self.log,
            )  # fmt: skip

    def test_the_authority_s_key_is_in_no_member(self):
        files = self.execute("worker-1", "ls", "/etc/ssl/certs/postgresql").split()
        self.assertEqual(files, ["ca.crt", "server.crt", "server.key"])

    def test_a_client_logs_in_through_the_published_port(self):
        if self.leader()["Member"] != "coordinator":
            self.execute("coordinator", "patronictl", "switchover", "--force",
                         "--candidate", "coordinator")  # fmt: skip
        sql = "CREATE ROLE app LOGIN PASSWORD 'secret of the test'"
        self.execute("coordinator", "psql", "-U", "postgres", "-c", sql)
        authority = self.execute("coordinator", "cat", "/etc/ssl/certs/postgresql/ca.crt")
        file = REPOSITORY / f".build/image-test/{self.project}-ca.crt"
        file.write_text(authority)
        self.addCleanup(file.unlink)
        answer = self.inside(
            "psql", "-XAt", "-c", "SELECT current_user, ssl FROM pg_stat_ssl "
            "WHERE pid = pg_backend_pid()",
            f"host=localhost user=app dbname=postgres sslmode=verify-full sslrootcert={file}",
            env={**os.environ, "PGPASSWORD": "secret of the test"},
        ).stdout  # fmt: skip
        self.assertEqual(answer, "app|t\n")


if __name__ == "__main__":
    unittest.main()
