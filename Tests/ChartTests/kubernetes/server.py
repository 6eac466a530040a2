"""The API over TLS: accounts are known by their tokens, and may do what their Roles say."""

import http.server
import ipaddress
import json
import ssl
import threading
import urllib.parse

from kubernetes.store import Conflict

PREFIX = "/api/v1/namespaces/"


def token(account):
    return f"token-of-{account}"


class Server:
    """`audit` has account, verb, resource, name and status of every request."""

    def __init__(self, store, namespace, address, certificate, key):
        self.store, self.namespace = store, namespace
        self.audit = []
        self.is_closed = False
        outer = self

        class Handler(Requests):
            server_of = outer

        self.http = http.server.ThreadingHTTPServer(address, Handler)
        self.http.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def account(self, header):
        known = {token(item["metadata"]["name"]): item["metadata"]["name"]
                 for item in self.store.list("serviceaccounts")}  # fmt: skip
        return known.get((header or "").removeprefix("Bearer "))

    def may(self, account, verb, resource, name):
        for binding in self.store.list("rolebindings"):
            if not any(s["kind"] == "ServiceAccount" and s["name"] == account for s in binding["subjects"]):
                continue
            role = self.store.get("roles", binding["roleRef"]["name"])
            for rule in role["rules"] if role else []:
                # A rule with names says nothing about requests without one.
                named = rule.get("resourceNames")
                if verb in rule["verbs"] and resource in rule["resources"] and (not named or name in named):
                    return True
        return False

    def close(self):
        self.is_closed = True
        self.http.shutdown()
        self.http.server_close()


class Requests(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, message):
        self.answer(status, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status,
                             "message": message})  # fmt: skip

    def asked(self, verb, needs_name):
        """Resource and name, or None when the request has been refused."""
        path, _, query = self.path.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query))
        self.body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
        api = self.server_of
        parts = path.removeprefix(f"{PREFIX}{api.namespace}/").split("/")
        resource, name = parts[0], parts[1] if len(parts) > 1 else None
        if verb == "get" and name is None:
            verb = "watch" if self.query.get("watch", "").lower() == "true" else "list"
        account = api.account(self.headers.get("Authorization"))
        status = None
        if account is None:
            status = 401
        elif not path.startswith(PREFIX + api.namespace) or needs_name and name is None:
            status = 404
        elif not api.may(account, verb, resource, name):
            status = 403
        api.audit.append((account, verb, resource, name, status or 200))
        if status:
            self.refuse(status, f"{account} cannot {verb} {resource} {name or ''}")
            return None
        return resource, name

    def do_GET(self):
        found = self.asked("get", needs_name=False)
        if not found:
            return
        resource, name = found
        store = self.server_of.store
        if name:
            item = store.get(resource, name)
            return self.answer(200, item) if item else self.refuse(404, f"{resource} {name} not found")
        selector = dict(term.split("=", 1) for term in self.query.get("labelSelector", "").split(",") if term)
        if self.query.get("watch", "").lower() == "true":
            return self.stream(resource, selector)
        with store.changed:
            items, version = store.list(resource, selector), store.version
        self.answer(200, {"kind": "List", "metadata": {"resourceVersion": str(version)}, "items": items})

    def stream(self, resource, selector):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        api = self.server_of
        version = int(self.query.get("resourceVersion") or 0)
        try:
            for event, item in api.store.watch(resource, selector, version, lambda: api.is_closed):
                line = json.dumps({"type": event, "object": item}).encode() + b"\n"
                self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
                self.wfile.flush()
        except OSError:
            self.close_connection = True

    def do_PATCH(self):
        found = self.asked("patch", needs_name=True)
        if not found:
            return
        if fault := fault_of(self.body):
            return self.refuse(422, fault)
        try:
            item = self.server_of.store.patch(*found, self.body)
        except Conflict:
            return self.refuse(409, "the object has been modified")
        self.answer(200, item) if item else self.refuse(404, "not found")

    def do_POST(self):
        found = self.asked("create", needs_name=False)
        if not found:
            return
        if fault := fault_of(self.body):
            return self.refuse(422, fault)
        try:
            self.answer(201, self.server_of.store.create(found[0], self.body))
        except Conflict:
            self.refuse(409, "already exists")


def fault_of(body):
    """What the API says about addresses in Endpoints."""
    for subset in body.get("subsets") or []:
        for address in subset.get("addresses", []):
            if ipaddress.ip_address(address["ip"]).is_loopback:
                return f"{address['ip']}: may not be in the loopback range"
    return None
