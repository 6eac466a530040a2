"""The StatefulSet controller, for podManagementPolicy Parallel and updateStrategy RollingUpdate.

See https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/. One call is one look at
one set, as the controller takes it after each change.
"""

import copy
import datetime
import hashlib
import json

SECOND = datetime.timedelta(seconds=1)


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def written(moment):
    return moment.isoformat().replace("+00:00", "Z")


def revision(stateful_set):
    template = json.dumps(stateful_set["spec"]["template"], sort_keys=True)
    return f"{stateful_set['metadata']['name']}-{hashlib.sha256(template.encode()).hexdigest()[:10]}"


def ordinal(pod):
    return int(pod["metadata"]["name"].rpartition("-")[2])


def is_ready(pod):
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))


def is_going(pod):
    return "deletionTimestamp" in pod["metadata"]


def reconcile(store, stateful_set):
    name = stateful_set["metadata"]["name"]
    spec, update = stateful_set["spec"], revision(stateful_set)
    if spec["podManagementPolicy"] != "Parallel":
        raise NotImplementedError(spec["podManagementPolicy"])
    pods = {ordinal(p): p for p in store.list("pods") if p["metadata"]["name"].rpartition("-")[0] == name}
    missing = [number for number in range(spec["replicas"]) if number not in pods]
    for number in missing:
        create(store, stateful_set, number, update)
    # Parallel neither waits for new pods nor for one that leaves, and goes on to update at once.
    for number in sorted(pods, reverse=True):
        if number >= spec["replicas"] and not is_going(pods[number]):
            delete(store, pods[number])
    if missing:
        return
    for number in sorted((n for n in pods if n < spec["replicas"]), reverse=True):
        pod = pods[number]
        if pod["metadata"]["labels"]["controller-revision-hash"] != update and not is_going(pod):
            delete(store, pod)
            return
        if is_going(pod) or not is_ready(pod):
            return


def create(store, stateful_set, number, update):
    name = f"{stateful_set['metadata']['name']}-{number}"
    pod = copy.deepcopy(stateful_set["spec"]["template"])
    pod["metadata"] |= {"name": name, "uid": f"{name}-{store.version}", "creationTimestamp": written(now())}
    pod["metadata"]["labels"]["controller-revision-hash"] = update
    pod["status"] = {"phase": "Pending", "conditions": [{"type": "Ready", "status": "False"}]}
    store.put("pods", pod)


def delete(store, pod, grace=None):
    """What the API does on `delete pod`: the kubelet has until deletionTimestamp."""
    if grace is None:
        grace = pod["spec"]["terminationGracePeriodSeconds"]
    moment = written(now() + grace * SECOND)
    store.patch("pods", pod["metadata"]["name"],
                {"metadata": {"deletionTimestamp": moment, "deletionGracePeriodSeconds": grace}})  # fmt: skip
