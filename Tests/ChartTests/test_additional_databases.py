"""The Job for additional databases, on real PostgreSQL servers with the pods' own settings."""

import json

import nodes
from chart import CHART, ChartTest, case, run, tool
from nodes_test import CASE, NodesTest, of_citus, without_citus

APP, REPORTING = "app", "Reporting: \"2026\" it's $HOME"


class AdditionalDatabases(NodesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.nodes.run_job()

    def test_every_node_gets_the_databases_with_their_owners(self):
        self.assertIn("databases on citusdemo-0.default.svc.cluster.local", self.first.stdout)
        for group in range(3):
            rows = self.nodes.query(
                group, "postgres",
                "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE NOT datistemplate"
                " AND datname <> 'postgres' ORDER BY 1",
            )
            self.assertEqual(rows, [f"{REPORTING}|postgres", f"{APP}|app"])

    def test_an_owner_that_was_missing_has_no_password(self):
        for group in range(3):
            rows = self.nodes.query(
                group, "postgres",
                "SELECT rolcanlogin, rolsuper, rolpassword IS NULL FROM pg_authid WHERE rolname = 'app'",
            )
            self.assertEqual(rows, ["t|f|t"])

    def test_workers_come_first(self):
        steps = [line for line in self.first.stdout.splitlines() if line.startswith("databases on")]
        hosts = [f"citusdemo-{group}.default.svc.cluster.local" for group in (1, 2, 0)]
        self.assertEqual(steps, [f"databases on {host}" for host in hosts])

    def test_it_logs_in_as_a_node_with_a_certificate_and_no_password(self):
        for group in range(3):
            log = self.nodes.logs[group].read_text()
            self.assertIn(f"host={nodes.JOB_ADDRESS}", log)
            self.assertIn(
                'identity="CN=*.citusdemo.default.svc.cluster.local" method=cert', log
            )
            self.assertNotIn("method=scram-sha-256", log)

    def test_a_leaders_name_under_its_groups_service_is_a_nodes(self):
        """The server takes the first name that an address has, and a leader's has two."""
        own = "databases.citusdemo.default.svc.cluster.local"
        self.addCleanup(self.nodes.rename_job, own)
        for name, is_node in [
            (own, True),
            ("citusdemo-0-0.citusdemo-0.default.svc.cluster.local", True),
            ("10-244-0-200.shop.default.svc.cluster.local", False),
        ]:
            with self.subTest(name=name):
                self.nodes.rename_job(name)
                result = self.nodes.log_in_from_job(1)
                if is_node:
                    self.assertEqual(result.stdout.strip(), nodes.JOB_ADDRESS, result.stderr)
                else:
                    self.assertIn("no password supplied", result.stderr)

    @without_citus
    def test_without_the_extension_it_says_what_is_missing(self):
        self.assertNotEqual(self.first.returncode, 0)
        self.assertIn('extension "citus" is not available', self.first.stderr)

    def registered(self, database):
        return self.nodes.query(
            0, database,
            "SELECT nodeid, groupid, nodename, nodeport, noderole, isactive FROM pg_dist_node"
            " ORDER BY groupid",
        )

    @of_citus
    def test_nodes_are_registered_by_the_names_of_their_services(self):
        self.assertEqual(self.first.returncode, 0, self.first.stderr)
        for database in (APP, REPORTING):
            rows = [row.split("|")[1:] for row in self.registered(database)]
            self.assertEqual(
                rows,
                [
                    [str(group), f"citusdemo-{group}.default.svc.cluster.local", "5432", "primary", "t"]
                    for group in range(3)
                ],
            )
            health = self.nodes.query(
                0, database, "SELECT bool_and(result), count(*) FROM citus_check_cluster_node_health()"
            )
            self.assertEqual(health, ["t|9"])

    @of_citus
    def test_every_node_has_the_extensions(self):
        for group in range(3):
            for database, expected in ((APP, {"citus", "pg_trgm", "hstore"}), (REPORTING, {"citus"})):
                found = set(self.nodes.query(group, database, "SELECT extname FROM pg_extension"))
                self.assertLessEqual(expected, found)

    @of_citus
    def test_distributed_tables_work(self):
        self.nodes.query(
            0, APP,
            "CREATE TABLE IF NOT EXISTS event (id int, note hstore);"
            "SELECT create_distributed_table('event', 'id')"
            " WHERE NOT EXISTS (SELECT FROM citus_tables WHERE table_name = 'event'::regclass);"
            "TRUNCATE event; INSERT INTO event SELECT i, 'a=>1' FROM generate_series(1, 1000) AS i",
        )
        self.assertEqual(self.nodes.query(0, APP, "SELECT count(*) FROM event"), ["1000"])
        placed = self.nodes.query(0, APP, "SELECT DISTINCT nodename FROM citus_shards ORDER BY 1")
        hosts = [f"citusdemo-{group}.default.svc.cluster.local" for group in (1, 2)]
        self.assertEqual(placed, hosts)

    @of_citus
    def test_an_owner_runs_a_first_migration_in_one_transaction(self):
        self.nodes.query(
            0, APP,
            "BEGIN; CREATE SCHEMA migration; CREATE TABLE migration.first (id int PRIMARY KEY);"
            "SELECT create_distributed_table('migration.first', 'id'); COMMIT",
            user="app",
        )
        self.nodes.query(0, APP, "INSERT INTO migration.first SELECT generate_series(1, 100)", user="app")
        self.assertEqual(self.nodes.query(0, APP, "SELECT count(*) FROM migration.first", user="app"), ["100"])

    @of_citus
    def test_running_it_again_brings_grants_to_every_group(self):
        self.nodes.query(0, APP, "CREATE ROLE reader LOGIN; GRANT CONNECT, CREATE ON DATABASE app TO reader")
        # As on a group that came later.
        self.nodes.query(2, APP, "SET citus.enable_ddl_propagation = off; REVOKE ALL ON DATABASE app FROM reader")
        self.assertEqual(self.nodes.run_job().returncode, 0)
        for group in range(3):
            rights = "SELECT has_database_privilege('reader', 'app', 'CREATE')"
            self.assertEqual(self.nodes.query(group, APP, rights), ["t"])

    @of_citus
    def test_running_it_again_changes_nothing(self):
        before = [self.registered(database) for database in (APP, REPORTING)]
        again = self.nodes.run_job()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual([self.registered(database) for database in (APP, REPORTING)], before)

    @of_citus
    def test_running_it_again_mends_what_differs(self):
        before = self.registered(APP)
        stale = "citusdemo-1-0.citusdemo.default.svc.cluster.local"
        self.nodes.query(
            0, APP,
            f"SELECT citus_update_node(nodeid, '{stale}', 5432) FROM pg_dist_node WHERE groupid = 1;"
            "ALTER DATABASE app OWNER TO postgres",
        )
        self.nodes.query(1, APP, "SET citus.enable_metadata_sync = off; DROP EXTENSION pg_trgm")
        again = self.nodes.run_job()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.registered(APP), before)
        self.assertIn("pg_trgm", self.nodes.query(1, APP, "SELECT extname FROM pg_extension"))
        [owner] = self.nodes.query(
            0, APP, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'app'"
        )
        self.assertEqual(owner, "app")


class Script(ChartTest):
    def test_shellcheck_finds_nothing(self):
        scripts = sorted((CHART / "files").glob("*/*.sh"))
        self.assertEqual(len(scripts), 3)
        result = run(tool("shellcheck"), *scripts)
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_the_job_gets_another_name_when_it_does_something_else(self):
        names = {
            item["metadata"]["name"]
            for name in ("additional-databases", "scheduled-apart")
            for item in case(name).of_kind("Job")
            if "helm.sh/hook" not in item["metadata"].get("annotations", {})
        }
        self.assertEqual(len(names), 2)

    def test_the_list_arrives_as_it_is(self):
        item = CASE.named("ConfigMap", "citusdemo-databases")
        self.assertEqual(
            json.loads(item["data"]["databases.json"]),
            [
                {"name": APP, "owner": "app", "extensions": ["pg_trgm", "hstore"]},
                {"name": REPORTING},
            ],
        )
