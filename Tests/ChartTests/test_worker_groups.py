"""The Job that asks before worker groups go, on real PostgreSQL servers with the pods' own settings."""

import re

import nodes
from chart import ChartTest, case, every_case, objects
from documents import blocks
from nodes_test import NodesTest, of_citus


class WorkerGroups(NodesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in (1, 2, 0):
            cls.nodes.query(group, "postgres", "CREATE DATABASE citus")

    def ask(self, groups, **more):
        return self.nodes.run_job(self.groups, {"GROUPS_THAT_STAY": groups} | more)

    def test_it_logs_in_as_a_node_and_lets_databases_without_citus_pass(self):
        result = self.ask("0,1,2")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        log = self.nodes.logs[0].read_text()
        self.assertIn('identity="CN=*.citusdemo.default.svc.cluster.local" method=cert', log)

    def test_a_name_that_a_shell_would_take_apart_is_a_database_like_others(self):
        name = "a b'c\"$(id)\\" + "x" * 50
        quoted = '"' + name.replace('"', '""') + '"'
        self.nodes.query(0, "postgres", f"CREATE DATABASE {quoted}")
        self.addCleanup(self.nodes.query, 0, "postgres", f"DROP DATABASE {quoted}")
        result = self.ask("0,1,2")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_a_coordinator_that_is_away_does_not_stop_what_may_mend_it(self):
        directory = self.directory / "quick"
        directory.mkdir()
        (directory / "sleep").write_text("#!/bin/sh\n")
        (directory / "sleep").chmod(0o755)
        path = f"{directory}:{nodes.BINARIES}:/usr/bin:/bin"
        result = self.ask("0,1", PGHOST="citusdemo-9.default.svc.cluster.local", PATH=path)
        self.assertEqual(result.returncode, 0)
        self.assertIn("cannot be reached; worker groups are not checked", result.stdout)

    @of_citus
    def test_a_group_that_a_database_knows_does_not_go(self):
        headless = "citusdemo.default.svc.cluster.local"
        for group in (1, 2, 0):
            self.nodes.query(group, "citus", "CREATE EXTENSION citus")
        self.nodes.query(
            0, "citus",
            f"SELECT citus_set_coordinator_host('citusdemo-0-0.{headless}', 5432);"
            f"SELECT citus_add_node('citusdemo-1-0.{headless}', 5432, groupid => 1);"
            f"SELECT citus_add_node('citusdemo-2-0.{headless}', 5432, groupid => 2);"
            "CREATE TABLE event (id int, n int); SELECT create_distributed_table('event', 'id', shard_count => 4);"
            "INSERT INTO event SELECT i, i FROM generate_series(1, 100) AS i;"
            "CREATE TABLE country (id int PRIMARY KEY); SELECT create_reference_table('country')",
        )
        self.assertEqual(self.ask("0,1,2").returncode, 0)
        refused = self.ask("0,1")
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"database citus: group 2, citusdemo-2-0.{headless}:5432, 3 shards", refused.stderr)
        drain, remove = [
            block.text for block in blocks("DATABASE_MANAGEMENT.md", "sql") if "groupid = 3" in block.text
        ]
        # The Job says what the document says.
        said = re.sub(r"\s+", " ", refused.stderr.replace("GROUP AND", "3 AND").replace("GROUP ORDER", "3 ORDER"))
        for text in (drain, remove):
            self.assertIn(re.sub(r"\s+", " ", text).strip(), said)
        self.nodes.query(0, "citus", drain.replace("= 3", "= 2"))
        self.assertIn("group 2", self.ask("0,1").stderr)
        self.nodes.query(0, "citus", remove.replace("= 3", "= 2"))
        self.assertEqual(self.ask("0,1").returncode, 0)
        self.assertEqual(self.nodes.query(0, "citus", "SELECT count(*), sum(n) FROM event"), ["100|5050"])


class Hook(ChartTest):
    def test_it_runs_before_upgrades_and_rollbacks_and_needs_nothing_of_the_release(self):
        for rendered in every_case():
            kinds = {}
            for item in rendered.objects:
                annotations = item["metadata"].get("annotations", {})
                if annotations.get("helm.sh/hook", "test") != "test":
                    self.assertEqual(annotations["helm.sh/hook"], "pre-upgrade,pre-rollback")
                    kinds[item["kind"]] = item
            self.assertEqual(set(kinds), {"ConfigMap", "Job"})
            weights = {k: int(i["metadata"]["annotations"].get("helm.sh/hook-weight", 0)) for k, i in kinds.items()}
            self.assertLess(weights["ConfigMap"], weights["Job"])
            spec = kinds["Job"]["spec"]["template"]["spec"]
            self.assertNotIn("serviceAccountName", spec)
            for volume in spec["volumes"]:
                if "configMap" in volume:
                    self.assertEqual(volume["configMap"]["name"], kinds["ConfigMap"]["metadata"]["name"])
                else:
                    self.assertIs(volume["secret"]["optional"], True)
            [container] = spec["containers"]
            environment = {variable["name"]: variable.get("value") for variable in container["env"]}
            stay = [int(i["metadata"]["labels"]["citus-group"]) for i in rendered.of_kind("StatefulSet")]
            self.assertEqual(environment["GROUPS_THAT_STAY"], ",".join(map(str, stay)))

    def test_it_can_be_left_out(self):
        found = [item for item in objects("--set", "workerRemoval.check=false") if item["kind"] == "Job"]
        self.assertEqual(found, [])
        self.assertEqual(len(case("defaults").of_kind("Job")), 1)
