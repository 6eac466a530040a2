"""Which pod stops when, as the script decides that pods run before they stop."""

import dataclasses
import sys

from chart import CHART, ChartTest, every_case, pod_templates

sys.path.insert(0, str(CHART / "files/stop"))
import order  # noqa: E402
import pods  # noqa: E402

EARLY, LATE = "2026-11-26T22:02:16Z", "2026-11-26T22:02:49Z"


def pod(name, *words):
    """`words` say what is so: leads, early or late (told to stop), unready, old, new (its template)."""
    return pods.Pod(
        name=f"c-{name}", group=int(name.split("-")[0]), grace=600, leads="leads" in words,
        deadline=EARLY if "early" in words else LATE if "late" in words else None,
        ready="unready" not in words, young="old" not in words, revision="new" if "new" in words else "was",
    )  # fmt: skip


class Order(ChartTest):
    def waits_for(self, *found):
        """What the first of some pods waits for."""
        return order.waits_for(found[0], list(found))

    def test_an_upgrade_of_one_group_waits_for_nothing(self):
        others = [pod("0-0", "leads"), pod("1-0", "leads")]
        self.assertIsNone(self.waits_for(pod("1-1", "early"), *others))

    def test_of_a_group_one_pod_goes_at_a_time(self):
        first, second = pod("1-2", "early"), pod("1-1", "early")
        self.assertIsNone(self.waits_for(first, second, pod("1-0", "leads")))
        self.assertEqual(self.waits_for(second, first, pod("1-0", "leads")), "c-1-2 to stop")
        # Told earlier goes before higher number.
        third = pod("1-3", "late")
        self.assertEqual(self.waits_for(third, first, pod("1-0", "leads")), "c-1-2 to stop")

    def test_the_next_goes_when_the_others_are_ready_again(self):
        me = pod("1-0", "late", "leads")
        for words in (["unready"], ["unready", "old"]):
            self.assertEqual(self.waits_for(me, pod("1-1", *words)), "c-1-1 to be ready")
        self.assertIsNone(self.waits_for(me, pod("1-1")))

    def test_a_pod_that_is_about_to_be_made_is_missed(self):
        me = pod("1-2", "late")
        self.assertEqual(self.waits_for(me, pod("1-3")), "pod 0 of group 1 to exist")
        self.assertIsNone(self.waits_for(me, pod("1-1"), pod("1-0")))

    def test_standbys_of_different_groups_go_together(self):
        found = [pod("1-1", "early"), pod("2-1", "early"), pod("1-0", "leads"), pod("2-0", "leads")]
        self.assertIsNone(self.waits_for(*found))
        self.assertIsNone(self.waits_for(found[1], found[0], *found[2:]))

    def test_one_group_changes_its_leader_at_a_time(self):
        one, two = pod("1-0", "early", "leads"), pod("2-0", "early", "leads")
        rest = [pod("0-0", "leads"), pod("1-1", "new"), pod("2-1", "new")]
        self.assertIsNone(self.waits_for(one, two, *rest))
        self.assertEqual(self.waits_for(two, one, *rest), "group 1 to have another leader")
        handed_over = [pod("1-0", "early"), pod("1-1", "new")]
        self.assertEqual(self.waits_for(two, *handed_over), "a leader of group 1")
        self.assertIsNone(self.waits_for(two, pod("1-0", "early"), pod("1-1", "new", "leads"), rest[0]))

    def test_the_coordinator_goes_last(self):
        me, rest = pod("0-1", "early"), [pod("0-0", "leads"), pod("1-0", "leads")]
        self.assertIsNone(self.waits_for(me, *rest, pod("1-1")))
        self.assertEqual(self.waits_for(me, *rest, pod("1-1", "early")), "c-1-1 to be replaced")
        self.assertEqual(self.waits_for(me, *rest, pod("1-1", "unready")), "c-1-1 to be ready")
        self.assertEqual(self.waits_for(me, *rest, pod("1-1", "new")), "group 1 to be replaced")
        # Not for one that has been broken for long.
        self.assertIsNone(self.waits_for(me, *rest, pod("1-1", "unready", "old")))

    def test_workers_do_not_wait_for_a_coordinator_that_waits_for_them(self):
        coordinator, worker = pod("0-0", "early", "leads"), pod("1-0", "late", "leads")
        rest = [pod("0-1"), pod("1-1")]
        self.assertIsNone(self.waits_for(worker, coordinator, *rest))
        self.assertEqual(self.waits_for(coordinator, worker, *rest), "c-1-0 to be replaced")

    def test_a_group_that_ends_holds_nobody_up(self):
        me = pod("2-0", "late", "leads")
        self.assertIsNone(self.waits_for(me, pod("2-1"), pod("1-0", "late"), pod("0-0", "leads")))

    def test_somebody_always_goes(self):
        """Whatever is told to stop, some pod's turn it is, once those that stay are ready."""
        names = ["0-0", "0-1", "1-0", "1-1", "2-0", "2-1"]
        for chosen in range(1, 4 ** len(names)):
            found = []
            for name in names:
                chosen, when = divmod(chosen, 4)
                words = [[], [], ["early"], ["late"]][when]
                if when == 1:
                    words = ["new"]
                found.append(pod(name, *words, *(["leads"] if name.endswith("-0") else [])))
            going = [p for p in found if p.deadline]
            reasons = {p.name: order.waits_for(p, found) for p in going}
            # Groups half of whose pods are new wait for the controller, which tells the next to go.
            if going and all(reasons.values()):
                self.assertEqual({p.group for p in going}, {0}, reasons)
                self.assertTrue(all("to be replaced" in r or "to stop" in r for r in reasons.values()), reasons)

    def test_a_new_pod_takes_over_from_an_old_one(self):
        me = pod("1-0", "early", "leads")
        found = [me, pod("1-1"), pod("1-2", "new"), pod("1-3", "new", "unready"), pod("1-4", "late", "new"),
                 pod("2-1", "new")]  # fmt: skip
        self.assertEqual([p.name for p in order.candidates(me, found)], ["c-1-2", "c-1-1"])

    def test_a_pod_is_read_as_kubernetes_and_patroni_write_it(self):
        item = {
            "metadata": {
                "name": "citusdemo-1-0", "creationTimestamp": "2020-01-01T00:00:00Z",
                "labels": {"citus-group": "1", "controller-revision-hash": "citusdemo-1-5d8"},
                "annotations": {"status": '{"role":"primary","state":"running"}'},
                "deletionTimestamp": LATE, "deletionGracePeriodSeconds": 30,
            },
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        }  # fmt: skip
        expected = pods.Pod("citusdemo-1-0", 1, LATE, 30, True, False, True, "citusdemo-1-5d8")
        self.assertEqual(pods.pod(item), expected)
        # Nothing but what every pod has from its first moment on.
        for part in ("annotations", "deletionTimestamp", "deletionGracePeriodSeconds"):
            del item["metadata"][part]
        del item["status"]
        fresh = dataclasses.replace(expected, deadline=None, grace=0, ready=False, leads=False)
        self.assertEqual(pods.pod(item), fresh)

    def test_every_node_runs_it_before_it_stops(self):
        for rendered in every_case():
            for name, template in pod_templates(rendered):
                [container] = template["spec"]["containers"]
                if not name.startswith("StatefulSet/"):
                    continue
                command = container["lifecycle"]["preStop"]["exec"]["command"]
                self.assertEqual(command, ["python3", "/etc/entrypoint/stop/stop.py"])
                mounts = {m["name"]: m["mountPath"] for m in container["volumeMounts"]}
                self.assertEqual(mounts["stop"], "/etc/entrypoint/stop")
            scripts = rendered.named("ConfigMap", f"{rendered.cluster}-stop")["data"]
            self.assertEqual(set(scripts), {"stop.py", "order.py", "pods.py"})
            for text in scripts.values():
                compile(text, "script", "exec")
