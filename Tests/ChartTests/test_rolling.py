"""A release that changes: real Patroni and PostgreSQL under the StatefulSet controller's rules.

First what pods take while they run. Then two groups of three pods become groups of two, with another template
at the same time: the change that stops most at once. Where there is no Citus, its SQL is left out, and the rest is the same.
"""

import json
import os
import sys

from chart import CHART, TESTS, ChartTest, run


class Rolling(ChartTest):
    @classmethod
    def setUpClass(cls):
        result = run(
            "unshare", "--net", "--mount", "--propagation=private",
            sys.executable, "-m", "kubernetes.rolling", os.environ.get("CHART") or CHART, "three", "live", "fewer",
            cwd=TESTS, timeout=1800, env=os.environ | {"PYTHONPATH": str(TESTS), "PACE": "0.2"},
        )  # fmt: skip
        if result.returncode != 0:
            raise AssertionError(result.stdout + result.stderr)
        cls.report = json.loads(result.stdout)
        cls.change = cls.report["fewer"]

    def test_a_live_change_stops_no_pod_and_no_transaction(self):
        """Another worker group, another configuration, and another method for clients."""
        live = self.report["live"]
        self.assertEqual((live["stopped"], live["killed"]), ([], []))
        self.assertEqual([text for texts in live["errors"].values() for text in texts], [])

    def test_no_two_pods_of_a_group_are_down_together(self):
        self.assertEqual(self.change["pods of a group down together"], [])

    def test_no_two_groups_change_their_leaders_together(self):
        self.assertEqual(self.change["groups without a leader together"], [])

    def test_the_coordinator_goes_last(self):
        groups = [pod.split("-")[1] for pod in self.change["stopped"]]
        self.assertEqual(len(groups), 10)
        self.assertEqual(groups[-3:], ["0", "0", "0"], self.change["events"])

    def test_every_pod_stops_in_time_and_by_itself(self):
        self.assertEqual(self.change["killed"], [])
        self.assertEqual(self.report["failures"], [])

    def test_transactions_go_on_on_every_group(self):
        gaps = self.change["longest time without a transaction"]
        self.assertLessEqual({"0", "1", "2"}, set(gaps))
        for group, seconds in gaps.items():
            self.assertLess(seconds, self.change["seconds"] / 2, group)

    def test_pods_are_refused_nothing_that_matters(self):
        """Patroni would make a Service that the chart makes, and goes on."""
        self.assertEqual(self.report["refused"], [f"citusdemo-{group} create services " for group in range(4)])

    def test_pods_use_what_they_are_granted(self):
        used = {(verb, resource) for _, verb, resource, _ in self.report["used"]}
        granted = {("create", "endpoints"), ("patch", "endpoints"), ("patch", "pods")}
        granted |= {(verb, resource) for verb in ("list", "watch") for resource in ("endpoints", "pods")}
        # The leader reads its own Endpoints when somebody else has written them.
        self.assertEqual(used - {("get", "endpoints")}, granted)
        for account, verb, resource, name in self.report["used"]:
            if name:
                self.assertTrue(name == account or name.startswith(f"{account}-"), (account, verb, resource, name))
