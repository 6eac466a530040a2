"""The cluster's members, as pg_dist_node and Patroni name them, and how to ask them."""

import dataclasses
import json
import subprocess
import urllib.request
from http.client import HTTPException


class Unreachable(Exception):
    """No server answers."""


@dataclasses.dataclass
class Member:
    name: str
    host: str
    port: int
    api: str
    group: int | None
    role: str
    state: str
    timeline: int | None
    pending_restart: bool
    # What it reports about itself; None if it could not be queried.
    facts: dict | None = None

    @property
    def leads(self):
        return self.role in ("leader", "standby_leader")


@dataclasses.dataclass
class Cluster:
    members: list
    # What the members of each group share, by group.
    configurations: dict

    def leaders(self):
        return [member for member in self.members if member.leads and member.facts]

    @property
    def coordinator(self):
        return next((member for member in self.leaders() if member.group in (None, 0)), None)


def rows(expected, host, port, database, sql):
    """The lines that psql prints; Unreachable with what it complains about."""
    result = subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"], env=expected.libpq(host, port, database), input=sql,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        raise Unreachable(result.stderr.strip() or f"psql exits {result.returncode}")
    return result.stdout.splitlines()


def ask(expected, member, database, sql):
    return rows(expected, member.host, member.port, database, sql)


def rest(expected, url):
    context = expected.tls() if url.startswith("https:") else None
    with urllib.request.urlopen(url, timeout=10, context=context) as answer:
        return json.load(answer)


def _bracketed(host):
    return f"[{host}]" if ":" in host else host


def _places(expected, host):
    """A REST API to ask in each group, by group."""
    scheme = "https" if expected.rest_api_speaks_tls else "http"
    if "citus" not in expected.document:
        place = f"{_bracketed(host)}:{expected.rest_api.rpartition(':')[2]}" if host else expected.rest_api
        return {None: [f"{scheme}://{place}"]}
    sockets = expected.parameters["unix_socket_directories"].split(",")[0].strip()
    port = expected.server["listen"].rpartition(":")[2]
    sql = "SELECT json_build_array(groupid, nodename) FROM pg_dist_node ORDER BY noderole, nodeid;"
    found = {}
    for line in rows(expected, host or sockets, port, expected.database, sql):
        group, name = json.loads(line)
        place = f"{_bracketed(name)}:{expected.rest_api.rpartition(':')[2]}"
        found.setdefault(group, []).append(f"{scheme}://{place}")
    return found


def find(expected, host, report):
    cluster = Cluster([], {})
    for group, places in sorted(_places(expected, host).items(), key=lambda pair: pair[0] or 0):
        complaint = None
        for place in places:
            try:
                listed = rest(expected, place + "/cluster")["members"]
                cluster.configurations[group] = rest(expected, place + "/config")
            except (OSError, ValueError, HTTPException) as fault:
                complaint = f"{place} could not be queried: {fault}"
                continue
            cluster.members += [_member(item, group) for item in listed]
            complaint = None
            break
        if complaint:
            report.error("members", "" if group is None else f"group {group}", complaint)
    if not cluster.members:
        raise Unreachable("no member was found")
    return cluster


def _member(item, group):
    return Member(
        name=item["name"], host=item.get("host", ""), port=item.get("port", 5432), api=item.get("api_url", ""),
        group=group, role=item["role"], state=item["state"], timeline=item.get("timeline"),
        pending_restart=bool(item.get("pending_restart")),
    )  # fmt: skip
