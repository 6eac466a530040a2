"""A whole cluster across containers, each member under other conditions."""

import unittest

from cluster import Cluster
from containers import IMAGE, podman, wait_until

# What docker/README.md lists for a container whose root file system is read-only.
READ_ONLY = ["--read-only", "--read-only-tmpfs=false", "--tmpfs=/home/postgres",
             "--tmpfs=/run/postgresql", "--tmpfs=/tmp"]  # fmt: skip


class ClusterTests(unittest.TestCase):
    """No password anywhere: certificates only."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.close)
        start = cls.cluster.start
        # The secret volume asks for 0600, which becomes 0640 with fsGroup.
        first = start("first", key_mode=0o640, group=999)
        wait_until("a leader", lambda: cls.role("first") == ("Leader", "running"),
                   explain=first.log)  # fmt: skip
        # The secret volume asks for 0400, which becomes 0440 with fsGroup.
        start("readonly", *READ_ONLY, key_mode=0o440, group=999)
        # A platform that chooses the user id; podman must not add it to /etc/passwd. The secret
        # volume asks for 0644, which PostgreSQL itself would refuse.
        start("anybody", "--user=70007:0", "--group-add=70007", "--passwd=false",
              key_mode=0o644, group=70007)  # fmt: skip
        for name in ("readonly", "anybody"):
            cls.wait_for_streaming(name)

    @classmethod
    def role(cls, name, seen_from="first"):
        return cls.cluster.list(seen_from).get(name)

    @classmethod
    def wait_for_streaming(cls, name):
        wait_until(f"{name} streaming", lambda: cls.role(name, name) == ("Replica", "streaming"),
                   explain=cls.cluster.members[name].log)  # fmt: skip

    def member(self, name):
        return self.cluster.members[name]

    def leader(self):
        roles = self.cluster.list("first")
        return next(self.member(name) for name, (role, _) in roles.items() if role == "Leader")

    def test_patroni_is_the_first_process_and_no_entrypoint_is_left(self):
        for member in self.cluster.members.values():
            processes = dict(member.processes())
            self.assertRegex(processes[1], r"python3? .*/patroni /home/postgres/patroni\.yml")
            left = [args for args in processes.values() if "/entrypoint" in args.split(" ")[0]]
            # One may be there: it watches the certificates.
            self.assertLessEqual(len(left), 1, left)

    def test_standbys_log_in_with_the_node_certificate_and_nobody_has_a_password(self):
        logins = self.leader().query(
            "SELECT client_dn FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)"
        )
        name = "/CN=*.demo.default.svc.cluster.local"
        self.assertEqual(logins.splitlines(), [name, name])
        sql = "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL"
        self.assertEqual(self.leader().query(sql), "0")

    def test_what_is_written_on_the_leader_is_read_on_the_standbys(self):
        self.leader().query("CREATE TABLE IF NOT EXISTS written AS SELECT 42 AS value")
        for member in self.cluster.members.values():
            read = lambda: member.query("SELECT value FROM written") == "42"
            wait_until(f"the row on {member.name}", read)

    def test_the_file_is_its_owner_s_alone(self):
        mode = self.member("first").execute("stat", "-c", "%a %u", "/home/postgres/patroni.yml")
        self.assertEqual(mode, "600 999")

    def test_a_user_id_from_nowhere_runs_the_server(self):
        member = self.member("anybody")
        self.assertEqual(member.execute("id", "-u"), "70007")
        owner = member.execute("stat", "-c", "%u %a", "/home/postgres/pgdata/pgroot/data")
        self.assertEqual(owner, "70007 700")

    def test_the_health_check_is_green(self):
        podman("healthcheck", "run", self.member("first").container)

    def test_pg_controldata_finds_the_data_directory(self):
        data = self.leader().execute("pg_controldata")
        self.assertRegex(data, r"Database cluster state: +in production\n")

    def test_stopping_shuts_postgresql_down_cleanly(self):
        leader = self.leader()
        standby = next(other for other in self.cluster.members.values() if other is not leader)
        for member, state in ((standby, "shut down in recovery"), (leader, "shut down")):
            with self.subTest(member.name):
                self.stop(member, state)

    def stop(self, member, state):
        """Stops a member, looks at what it left, and starts it again."""
        podman("stop", "--time", "60", member.container)
        code = podman("inspect", "--format", "{{.State.ExitCode}}", member.container).stdout
        self.assertEqual(code.strip(), "0", member.log())
        data = podman(
            "run", "--rm", "--network", "none", "--volume",
            f"{member.volume}:/home/postgres/pgdata:ro", IMAGE,
            "pg_controldata",
        ).stdout  # fmt: skip
        self.assertRegex(data, rf"Database cluster state: +{state}\n")
        podman("start", member.container)
        self.wait_for_streaming(member.name)


if __name__ == "__main__":
    unittest.main()
