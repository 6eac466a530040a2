"""The cluster's pods, as the Kubernetes API and Patroni describe them."""

import dataclasses
import datetime
import json
import ssl
import urllib.parse
import urllib.request

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
# A pod that is not ready by then is broken, not new.
YOUTH = datetime.timedelta(minutes=10)


@dataclasses.dataclass(frozen=True)
class Pod:
    name: str
    group: int
    # When Kubernetes kills it at the latest, for a pod that is being stopped.
    deadline: str | None
    grace: int
    ready: bool
    young: bool
    leads: bool
    # The StatefulSet's template that it was made from.
    revision: str

    @property
    def ordinal(self):
        return int(self.name.rpartition("-")[2])

    @property
    def turn(self):
        """Place in the order in which pods of a group stop."""
        return self.deadline, self.group, -self.ordinal


def pod(item):
    metadata = item["metadata"]
    labels = metadata["labels"]
    # What Patroni writes about a member: https://patroni.readthedocs.io/en/latest/kubernetes.html
    member = json.loads(metadata.get("annotations", {}).get("status", "{}"))
    conditions = item.get("status", {}).get("conditions", [])
    made = datetime.datetime.fromisoformat(metadata["creationTimestamp"].replace("Z", "+00:00"))
    return Pod(
        name=metadata["name"],
        group=int(labels["citus-group"]),
        deadline=metadata.get("deletionTimestamp"),
        grace=metadata.get("deletionGracePeriodSeconds") or 0,
        ready=any(c["type"] == "Ready" and c["status"] == "True" for c in conditions),
        young=datetime.datetime.now(datetime.timezone.utc) - made < YOUTH,
        leads=member.get("role") in ("primary", "master", "standby_leader"),
        revision=labels.get("controller-revision-hash", ""),
    )


def cluster(environment):
    """Every pod of the cluster; OSError when the API does not answer, or refuses."""
    host = environment["KUBERNETES_SERVICE_HOST"]
    host = f"[{host}]" if ":" in host else host
    selector = f"application=patroni,cluster-name={environment['PATRONI_SCOPE']}"
    with open(f"{ACCOUNT}/token") as file:
        token = file.read()
    request = urllib.request.Request(
        f"https://{host}:{environment['KUBERNETES_SERVICE_PORT']}/api/v1/namespaces/"
        f"{environment['PATRONI_KUBERNETES_NAMESPACE']}/pods?"
        + urllib.parse.urlencode({"labelSelector": selector}),
        headers={"Authorization": f"Bearer {token}"},
    )
    context = ssl.create_default_context(cafile=f"{ACCOUNT}/ca.crt")
    with urllib.request.urlopen(request, timeout=5, context=context) as answer:
        return [pod(item) for item in json.load(answer)["items"]]
