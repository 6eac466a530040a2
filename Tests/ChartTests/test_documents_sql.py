"""The SQL of the documents in docs/, in their order, on real servers with the pods' settings.

A block's first line may say where it belongs: `-- in database NAME`, `-- on every node`. The others
are for database citus on the coordinator.
"""

import re

import nodes
from chart import run
from documents import NAMES, blocks
from nodes_test import HAS_CITUS, NodesTest, leave_out, of_citus

WORKERS_FIRST = (1, 2, 0)
# What the extension brings; blocks without any of it run on every PostgreSQL.
OF_CITUS = re.compile(r"citus|pg_dist|create_\w+_table|run_command_on")


def needs_citus(block):
    return bool(OF_CITUS.search(re.sub(r"(?m)^--.*|DATABASE citus", "", block.text)))


def where(block):
    """Database and groups of a block."""
    first = block.text.splitlines()[0] if block.text.startswith("--") else ""
    database = re.search(r"in database (\w+)", first)
    if database is None and "CREATE DATABASE" in block.text or "DROP DATABASE" in block.text:
        database = "postgres"
    else:
        database = database[1] if database else "citus"
    return database, WORKERS_FIRST if "on every node" in first else (0,)


class DocumentedSQL(NodesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What Patroni does in citus.database, and the chart for a database called shop.
        for group in WORKERS_FIRST:
            for database in ("citus", "shop"):
                cls.nodes.query(group, "postgres", f"CREATE DATABASE {database}")
                if HAS_CITUS:
                    cls.nodes.query(group, database, "CREATE EXTENSION citus")
            cls.nodes.query(group, "postgres", "CREATE ROLE standby REPLICATION LOGIN")
        if HAS_CITUS:
            for database in ("citus", "shop"):
                cls.register(database)

    @classmethod
    def register(cls, database):
        headless = "citusdemo.default.svc.cluster.local"
        cls.nodes.query(
            0, database,
            f"SELECT citus_set_coordinator_host('citusdemo-0-0.{headless}', 5432);"
            f"SELECT citus_add_node('citusdemo-1-0.{headless}', 5432, groupid => 1);"
            f"SELECT citus_add_node('citusdemo-2-0.{headless}', 5432, groupid => 2)",
        )

    def run_block(self, block, everywhere=False):
        database, groups = where(block)
        rows = []
        for group in WORKERS_FIRST if everywhere else groups:
            with self.subTest(place=block.place, group=group):
                rows += self.nodes.query(group, database, block.text)
        return rows

    def run_document(self, name):
        found = blocks(name, "sql")
        ran = 0
        for block in found:
            if HAS_CITUS or not needs_citus(block) and where(block)[0] != "inventory":
                self.run_block(block)
                ran += 1
            else:
                leave_out(block.place)
        return ran

    # One test below runs each of these.
    WITH_STATEMENTS = {
        "INSTALL.md", "SSL_SETUP.md", "UPGRADE.md", "CHANGES.md", "PASSWORDS.md", "DATABASE_MANAGEMENT.md",
        "BACKUP.md", "MONITORING.md", "MAINTENANCE.md", "TROUBLESHOOTING.md",
    }  # fmt: skip

    def test_statements_of_ssl_setup(self):
        self.assertGreater(self.run_document("SSL_SETUP.md"), 1)

    def test_statements_of_the_pages_for_a_running_cluster(self):
        for name in ["BACKUP.md", "MONITORING.md", "TROUBLESHOOTING.md"]:
            self.assertGreater(self.run_document(name), 0, name)

    @of_citus
    def test_statements_of_install(self):
        self.assertGreater(self.run_document("INSTALL.md"), 0)

    @of_citus
    def test_statements_of_maintenance(self):
        self.assertGreater(self.run_document("MAINTENANCE.md"), 0)

    def test_statements_of_database_management(self):
        self.assertGreater(self.run_document("DATABASE_MANAGEMENT.md"), 1)

    def test_no_document_has_statements_that_are_not_run(self):
        self.assertEqual({name for name in NAMES if blocks(name, "sql")}, self.WITH_STATEMENTS)

    def test_statements_of_changes(self):
        self.assertGreater(self.run_document("CHANGES.md"), 1)

    def test_statements_of_passwords(self):
        self.assertGreater(self.run_document("PASSWORDS.md"), 2)

    def test_statements_of_upgrade(self):
        self.run_document("UPGRADE.md")

    @of_citus
    def test_the_clean_up_leaves_no_password_and_breaks_nothing(self):
        secret = "of-the-old-image"
        for group in WORKERS_FIRST:
            self.nodes.query(
                group, "citus",
                "SET citus.enable_ddl_propagation = off; SET password_encryption = 'md5';"
                f"ALTER ROLE postgres PASSWORD '{secret}'; ALTER ROLE standby PASSWORD '{secret}';"
                "DELETE FROM pg_dist_authinfo;"
                f"INSERT INTO pg_dist_authinfo VALUES (0, 'postgres', 'password={secret}')",
            )
        found = blocks("PASSWORDS.md", "sql")
        left = [block for block in found if "IS NOT NULL;" in block.text and "pg_authid" in block.text]
        left += [block for block in found if "SELECT rolename" in block.text]
        mend = [b for b in found if b.text.startswith(("BEGIN", "ALTER ROLE"))]
        self.assertEqual((len(left), len(mend)), (2, 2))
        for block in left:
            self.assertGreaterEqual(len(self.run_block(block, everywhere=True)), 3)
        for block in mend:
            self.run_block(block, everywhere=True)
        for block in left:
            self.assertEqual(self.run_block(block, everywhere=True), [])
        health = self.nodes.query(
            0, "citus", "SELECT bool_and(result), count(*) FROM citus_check_cluster_node_health()"
        )
        self.assertEqual(health, ["t|9"])

    @of_citus
    def test_the_clean_up_leaves_no_password_in_a_file_while_an_older_transaction_is_open(self):
        secret = "in-the-file"

        def fill():
            self.nodes.query(
                1, "citus", "DELETE FROM pg_dist_authinfo;"
                f"INSERT INTO pg_dist_authinfo VALUES (0, 'postgres', 'password={secret}'), (0, 'app', 'sslcert=/c')",
            )

        def in_file():
            self.nodes.query(1, "citus", "CHECKPOINT")
            [path] = self.nodes.query(1, "citus", "SELECT pg_relation_filepath('pg_dist_authinfo')")
            return secret.encode() in (self.nodes.directory / "node-1/data" / path).read_bytes()

        [text] = [b.text for b in blocks("PASSWORDS.md", "sql") if b.text.startswith("BEGIN")]
        fill()
        with self.nodes.open_transaction(1, "citus"):
            for statement in ("DELETE FROM pg_dist_authinfo WHERE rolename = 'postgres'", "VACUUM FULL pg_dist_authinfo"):
                self.nodes.query(1, "citus", statement)
            self.assertTrue(in_file(), "VACUUM FULL would do, too")
            fill()
            self.assertTrue(in_file())
            self.nodes.query(1, "citus", text)
            self.assertFalse(in_file())
            self.assertEqual(self.nodes.query(1, "citus", "SELECT rolename FROM pg_dist_authinfo"), ["app"])

    def test_the_records_of_the_way_back_are_ones_that_the_server_reads(self):
        [old] = [b for b in blocks("CHANGES.md", "yaml") if b.file == "old.yaml"]
        records = re.findall(r"(?m)^    - (.*)$", old.text)
        file = self.nodes.directory / "node-1" / "data" / "pg_hba.conf"
        self.addCleanup(file.write_text, file.read_text())
        file.write_text("\n".join(records) + "\n")
        rows = self.nodes.query(1, "postgres", "SELECT count(*), count(error) FROM pg_hba_file_rules")
        self.assertEqual(rows, ["4|0"])

    def test_a_directory_with_group_write_is_refused_and_chmod_mends_it(self):
        data = self.nodes.directory / "node-1" / "data"
        ctl = [*self.nodes.namespace.enter(), "setpriv", "--reuid=postgres", "--regid=postgres",
               "--groups=999", nodes.BINARIES / "pg_ctl", "--pgdata", data, "--silent", "--wait"]
        log = self.nodes.directory / "node-1" / "second-log"
        self.assertEqual(run(*ctl, "stop", cwd="/").returncode, 0)
        data.chmod(0o2770)  # As the kubelet leaves it.
        refused = run(*ctl, "--log", log, "start", cwd="/")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("has invalid permissions", log.read_text())
        data.chmod(0o700)
        self.assertEqual(run(*ctl, "--log", log, "start", cwd="/").returncode, 0)
