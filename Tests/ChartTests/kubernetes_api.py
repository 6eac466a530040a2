"""As much of the Kubernetes API as Helm reads before an installation, on a loopback port.

It answers from a list of objects and changes nothing. That is enough for what a chart can look up.

What it cannot judge: anything that happens afterwards. Rights, pods that stop and start, and what
Patroni and the chart's scripts ask the API are the business of the package `kubernetes`, which says
itself what is left over.
"""

import contextlib
import http.server
import json
import threading

RESOURCES = {
    "v1": {"Secret": "secrets", "Pod": "pods", "Service": "services", "ServiceAccount": "serviceaccounts",
           "ConfigMap": "configmaps", "Namespace": "namespaces"},
    "apps/v1": {"StatefulSet": "statefulsets"},
    "batch/v1": {"Job": "jobs"},
    "policy/v1": {"PodDisruptionBudget": "poddisruptionbudgets"},
    "networking.k8s.io/v1": {"NetworkPolicy": "networkpolicies"},
    "rbac.authorization.k8s.io/v1": {"Role": "roles", "RoleBinding": "rolebindings"},
    "cert-manager.io/v1": {"Certificate": "certificates"},
}

# What is asked for as a list: Helm looks for releases among Secrets, the chart for accounts of pods.
LISTS = {"secrets": "Secret", "pods": "Pod"}


def discovery(path):
    """What a client learns about the API's groups and resources, or nothing."""
    if path == "/version":
        return {"major": "1", "minor": "28", "gitVersion": "v1.28.0"}
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        groups = [version.split("/")[0] for version in RESOURCES if "/" in version]
        return {
            "kind": "APIGroupList", "apiVersion": "v1",
            "groups": [
                {
                    "name": name,
                    "versions": [{"groupVersion": f"{name}/v1", "version": "v1"}],
                    "preferredVersion": {"groupVersion": f"{name}/v1", "version": "v1"},
                }
                for name in groups
            ],
        }
    version = path.removeprefix("/apis/").removeprefix("/api/")
    if version in RESOURCES:
        return {
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version,
            "resources": [
                {"name": plural, "kind": kind, "namespaced": kind != "Namespace",
                 "verbs": ["create", "get", "list"]}
                for kind, plural in RESOURCES[version].items()
            ],
        }
    return None


@contextlib.contextmanager
def kubernetes_api(*objects):
    """The server's address while the block runs."""
    paths = {}
    for item in objects:
        prefix = "/api/v1" if item["apiVersion"] == "v1" else f"/apis/{item['apiVersion']}"
        plural = RESOURCES[item["apiVersion"]][item["kind"]]
        metadata = item["metadata"]
        paths[f"{prefix}/namespaces/{metadata['namespace']}/{plural}/{metadata['name']}"] = item

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.partition("?")[0]
            found = discovery(path) or paths.get(path)
            kind = LISTS.get(path.rpartition("/")[2])
            if found is None and kind:
                items = [item for item in objects if item["kind"] == kind]
                found = {"kind": f"{kind}List", "apiVersion": "v1", "metadata": {}, "items": items}
            missing = {"kind": "Status", "apiVersion": "v1", "status": "Failure",
                       "reason": "NotFound", "code": 404}
            body = json.dumps(found or missing).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
