"""What the documents quote of Patroni, by the installed Patroni's own code."""

import pathlib
import re

import patroni
import yaml
from cloudcoil.models.prometheus_operator.v1 import PrometheusRule
from patroni.postgresql.validator import transform_postgresql_parameter_value

from chart import ChartTest
from documents import DOCS, blocks

# Of PostgreSQL 15, as Patroni counts.
VERSION = 150000


class Quotes(ChartTest):
    def test_patroni_leaves_out_a_parameter_that_it_does_not_take(self):
        text = (DOCS / "CONFIGURATION.md").read_text()
        quoted = re.findall(r"^    (WARNING: Removing .*)$", text, re.MULTILINE)
        found = []
        for name, value in [("wrok_mem", "64MB"), ("shared_buffers", "lots")]:
            with self.assertLogs("patroni.postgresql.validator", "WARNING") as log:
                self.assertIsNone(transform_postgresql_parameter_value(VERSION, name, value, ()))
            found += [f"{record.levelname}: {record.getMessage()}" for record in log.records]
        self.assertEqual(found, quoted)
        self.assertEqual(transform_postgresql_parameter_value(VERSION, "work_mem", "64MB", ()), "64MB")

    def test_what_patroni_is_quoted_with_is_in_patroni(self):
        package = pathlib.Path(patroni.__file__).parent
        source = "\n".join(path.read_text() for path in package.rglob("*.py")).replace("{0}leader", "leader")
        text = (DOCS / "TROUBLESHOOTING.md").read_text()
        for quoted in [
            "creating replica", "waiting for leader to bootstrap", "start failed", "Pending restart",
            "following a different leader because i am not the healthiest node",
            "Error communicating with DCS",
        ]:  # fmt: skip
            self.assertIn(quoted, text)
            self.assertTrue(quoted in source, quoted)

    def test_the_metrics_are_patronis(self):
        source = (pathlib.Path(patroni.__file__).parent / "api.py").read_text()
        used = set(re.findall(r"\bpatroni_\w+", (DOCS / "MONITORING.md").read_text()))
        self.assertGreaterEqual(len(used), 6)
        self.assertLessEqual(used, set(re.findall(r"# TYPE (patroni_\w+)", source)))

    def test_the_alerts_are_a_rule_of_the_operator(self):
        [rule] = [b for b in blocks("MONITORING.md", "yaml") if b.file == "alerts.yaml"]
        document = yaml.safe_load(rule.text)
        known = PrometheusRule.model_validate(document).model_dump(by_alias=True, exclude_unset=True)
        self.assertEqual(known, document)
