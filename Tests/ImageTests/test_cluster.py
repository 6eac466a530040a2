"""A whole cluster across containers, each member under other conditions."""

import unittest

from cluster_test import ANYBODY, FIRST, READONLY, ClusterTest
from containers import IMAGE, podman, wait_until


class ClusterTests(ClusterTest):
    def test_patroni_is_the_first_process_and_only_the_watcher_is_left(self):
        for member, is_watched in ((FIRST, True), (ANYBODY, True), (READONLY, False)):
            with self.subTest(member):
                processes = self.member(member).processes()
                [first] = [args for pid, _, args in processes if pid == 1]
                self.assertRegex(first, r"python3? .*/patroni /home/postgres/patroni\.yml")
                left = [(pid, parent) for pid, parent, args in processes
                        if "entrypoint" in args.split()[0]]  # fmt: skip
                # The watcher is the child of the process that replaces it when it ends.
                keeper = left[0][0] if left else None
                self.assertEqual([parent for _, parent in left], [1, keeper] if is_watched else [], processes)

    def test_standbys_log_in_with_the_node_certificate_and_nobody_has_a_password(self):
        logins = self.leader().query(
            "SELECT client_dn FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)"
        )
        name = "/CN=*.citusdemo.default.svc.cluster.local"
        self.assertEqual(logins.splitlines(), [name, name])
        sql = "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL"
        self.assertEqual(self.leader().query(sql), "0")

    def test_what_is_written_on_the_leader_is_read_on_the_standbys(self):
        self.leader().query("CREATE TABLE IF NOT EXISTS written AS SELECT 42 AS value")
        for member in self.cluster.members.values():
            read = lambda: member.query("SELECT value FROM written") == "42"
            wait_until(f"the row on {member.name}", read)

    def test_the_file_is_its_owner_s_alone(self):
        for name, owner in ((FIRST, 999), (READONLY, 999), (ANYBODY, 70007)):
            mode = self.member(name).execute("stat", "-c", "%a %u", "/home/postgres/patroni.yml")
            self.assertEqual(mode, f"600 {owner}")

    def test_a_user_id_from_nowhere_runs_the_server(self):
        member = self.member(ANYBODY)
        self.assertEqual(member.execute("id", "-u"), "70007")
        owner = member.execute("stat", "-c", "%u %a", "/home/postgres/pgdata/pgroot/data")
        self.assertEqual(owner, "70007 700")

    def test_a_read_only_container_writes_where_the_documents_say_and_nowhere_else(self):
        changed = podman("diff", self.member(READONLY).container).stdout.split("\n")
        # Where volumes are mounted the engine makes the directory.
        mounted = {"/home/postgres", "/run/postgresql", "/tmp", "/etc/ssl/certs/postgresql",
                   "/home/postgres/pgdata"}  # fmt: skip
        made = {path for _, path in (line.split(" ", 1) for line in changed if line)}
        parents = {"/".join(path.split("/")[:depth]) for path in mounted for depth in range(2, 6)}
        self.assertLessEqual(made, mounted | parents)

    def test_the_health_check_is_green(self):
        podman("healthcheck", "run", self.member(FIRST).container)

    def test_pg_controldata_finds_the_data_directory(self):
        data = self.leader().execute("pg_controldata")
        self.assertRegex(data, r"Database cluster state: +in production\n")

    def test_stopping_shuts_postgresql_down_cleanly(self):
        for member, state in ((self.standbys()[0], "shut down in recovery"),
                              (self.leader(), "shut down")):  # fmt: skip
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
