"""Changes a running release as Helm would, and says what became of its pods and of transactions.

    python -m kubernetes.rolling CHART STEP...    in namespaces of its own; prints JSON

The first step is the installation.
"""

import json
import os
import re
import sys
import time

import yaml

from certificates import node_certificate
from chart import IMAGE, helm
from kubernetes.cluster import Cluster
from kubernetes.traffic import writers

SETTINGS = ["--set", "auth.appRoles={app}", "--set", "resources=null"]
THREE = ["--set", "coordinator.replicas=3", "--set", "workers[0].replicas=3"]
STEPS = {
    "two": [],
    "three": THREE,
    "image": ["--set", "podLabels.image=next"],
    "configuration": ["--set", "configuration=postgresql: {parameters: {shared_buffers: 40MB}}"],
    "fewer": ["--set", "podLabels.image=less"],
    # On top of the three pods; a worker group comes besides.
    "live": [*THREE, "--set", "auth.clients=md5", "--set", "configuration=postgresql: {parameters: {work_mem: 12345kB}}"],
}


def rendered(chart, groups, *arguments):
    sets = [w for n, g in enumerate(groups) for w in ("--set", f"workers[{n}].group={g}")]
    result = helm("template", "citusdemo", chart, *IMAGE, *sets, *SETTINGS, *arguments)
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    return [item for item in yaml.safe_load_all(result.stdout) if item]


def outages(events):
    """When each pod was down because it was told to stop: from SIGTERM to ready again, or to gone."""
    found, since = [], {}
    for moment, pod, event in events:
        if event == "stopped":
            since[pod] = moment
        elif event in ("ready", "gone") and pod in since:
            if event == "gone" and any(p == pod and e == "started" and m > moment for m, p, e in events):
                continue
            found.append((pod, since.pop(pod), moment))
    return found


def overlaps(found):
    """Pods of one group that were down at the same time."""
    return sorted(
        f"{a} {b}" for i, (a, start, end) in enumerate(found) for b, other_start, other_end in found[i + 1:]
        if a.rsplit("-", 1)[0] == b.rsplit("-", 1)[0] and start < other_end and other_start < end
    )


def without_leader(store, since):
    """When each group's lock was free, by what Patroni wrote into the Endpoints."""
    found, free = [], {}
    for moment, (_, kind, _, item) in zip(store.moments, list(store.events)):
        name = item["metadata"]["name"]
        if moment < since or kind != "endpoints" or name.count("-") != 1:
            continue
        if not item["metadata"].get("annotations", {}).get("leader"):
            free.setdefault(name, moment)
        elif name in free:
            found.append((name, free.pop(name), moment))
    return found


def together(found):
    """Groups whose locks were free at the same time."""
    return sorted({
        " ".join(sorted((a, b))) for i, (a, start, end) in enumerate(found)
        for b, other_start, other_end in found[i + 1:] if a != b and start < other_end and other_start < end
    })  # fmt: skip


def main(chart, first, *steps):
    # The pods' users read what root makes here, whatever mask the tests have.
    os.umask(0o022)
    workers = [1, 2]
    cluster = Cluster(pace=float(os.environ.get("PACE", "1")))
    try:
        names = "DNS:*.citusdemo.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:::1"
        made = node_certificate("*.citusdemo.default.svc.cluster.local", names)
        cluster.add_secret("citusdemo-ssl-certs", {"ca.crt": made["ca"], "server.crt": made["certificate"],
                                                   "server.key": made["key"]})  # fmt: skip
        began = time.monotonic()
        cluster.apply(rendered(chart, workers, *STEPS[first]))
        cluster.wait(cluster.at_rest, "the first start")
        report = {"first start": round(time.monotonic() - began, 1)}
        traffic = writers(cluster, [0, *workers])
        time.sleep(3)
        for step in steps:
            if step == "live":
                workers.append(3)
                report[step] = change(cluster, traffic, rendered(chart, workers, *STEPS[step]), has_taken)
                continue
            report[step] = change(cluster, traffic, rendered(chart, workers, *STEPS[step]))
        for writer in traffic.values():
            writer.stop()
        report["refused"] = sorted({f"{a} {v} {r} {re.sub('-[0-9]+$', '-N', n or '')}"
                                    for a, v, r, n, status in cluster.server.audit if status in (401, 403)})  # fmt: skip
        report["used"] = sorted({(a, v, r, n) for a, v, r, n, status in cluster.server.audit if status == 200})
        report["failures"] = cluster.failures
        return report
    finally:
        cluster.close()


def has_taken(cluster):
    """Whether every server works with what the step `live` sets, and trusts the new group's leader."""
    asked = "SELECT current_setting('work_mem'), count(*) FILTER (WHERE auth_method = 'md5'), " \
        f"count(*) FILTER (WHERE address = '.{cluster.name}-3.{cluster.namespace}.svc.{cluster.domain}') " \
        "FROM pg_hba_file_rules"  # fmt: skip
    for kubelet in list(cluster.kubelets.values()):
        try:
            [line] = kubelet.sql(asked)
        except (AssertionError, ValueError):
            return False
        memory, clients, addresses = line.split("|")
        if memory != "12345kB" or clients == "0" or addresses == "0":
            return False
    return True


def change(cluster, traffic, objects, is_over=None):
    first, start = len(cluster.events), time.monotonic()
    cluster.apply(objects)
    time.sleep(1)
    cluster.wait(cluster.at_rest, "rest", 900)
    if is_over:
        cluster.wait(lambda: is_over(cluster), "what the change sets")
    took = time.monotonic() - start
    time.sleep(5)
    end = time.monotonic()
    events = cluster.events[first:]
    down = outages(events)
    gaps = {name: writer.longest_gap(start, end) for name, writer in traffic.items()}
    return {
        "seconds": round(took, 1),
        "longest time without a transaction": {name: round(length, 2) for name, (length, _) in gaps.items()},
        "pods of a group down together": overlaps(down),
        "groups without a leader together": together(without_leader(cluster.store, start)),
        "stopped": [pod for _, pod, event in events if event == "stopped"],
        "errors": {name: [text for moment, text in writer.errors if moment > start] for name, writer in traffic.items()},
        "killed": [pod for _, pod, event in events if event == "killed"],
        "events": [(round(m - start, 1), pod, event) for m, pod, event in events],
    }


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout, indent=1)
