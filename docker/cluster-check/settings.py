"""Whether servers run with the settings of the environment, and whether they accepted every line."""

import re

from members import Unreachable, ask

MAY_BE_SECRET = re.compile("pass|secret|token", re.IGNORECASE)


def check(expected, cluster, report):
    for member in cluster.members:
        if member.facts:
            _restart(member, report)
            _files(expected, member, report)
            _compare(expected, member, report)
    for group, configuration in sorted(cluster.configurations.items(), key=lambda pair: pair[0] or 0):
        _shared(expected, group, configuration, report)


def _restart(member, report):
    pending = ", ".join(sorted(member.facts["pending"]))
    if pending or member.pending_restart:
        report.error(
            "restart", member.name, f"is pending{': ' + pending if pending else ''}",
            "Run patronictl restart when an interruption is acceptable.",
        )  # fmt: skip
    else:
        report.ok("restart", member.name, "is not pending")


def _files(expected, member, report):
    """Lines that PostgreSQL could not use; with one of them it keeps what it had before."""
    faults = member.facts["hba_errors"] + member.facts["file_errors"]
    if int(member.facts["version"].split(".")[0]) >= 15:
        try:
            faults += ask(expected, member, "postgres", IDENT_ERRORS)
        except Unreachable as fault:
            faults.append(str(fault))
    report.verdict("files", member.name, faults, "PostgreSQL accepted every line")


def _compare(expected, member, report):
    faults = []
    for name, value in expected.parameters.items():
        # Patroni removes parameters that the server is too old for.
        if name not in member.facts["names"]:
            continue
        found = member.facts["file"].get(name)
        if found is None or _normal(found) != _normal(value):
            faults.append(f"{name} is {_shown(found)} instead of {_shown(_normal(value))}")
    for key, name in (("pg_hba", "hba"), ("pg_ident", "ident")):
        faults += _differences(key, expected.server.get(key, []), member.facts[name])
    if member.leads:
        faults += _local_hostnames(expected, member)
    report.verdict("settings", member.name, faults, "as in this environment")


def _local_hostnames(expected, leader):
    """Patroni connects Citus to its own node by the socket, but for a server that it has only just started."""
    faults = []
    for database in leader.facts["databases"]:
        try:
            if ask(expected, leader, database, LOCAL_HOSTNAME) == ["localhost"]:
                faults.append(f"citus.local_hostname is 'localhost' in database {database}, where a role with a "
                              "password cannot log in to its own node; patronictl reload changes it")  # fmt: skip
        except Unreachable as fault:
            faults.append(f"database {database} could not be queried: {fault}")
    return faults


def _differences(key, wanted, found):
    missing = [line for line in wanted if line not in found]
    added = [line for line in found if line not in wanted]
    if missing or added:
        return [f"{key} lacks {_shown(line)}" for line in missing] + [f"{key} has {_shown(line)}" for line in added]
    return [] if wanted == found else [f"{key} has its lines in another order"]


def _shown(text):
    """A text that is not secret, in quotes."""
    if text is None:
        return "not set"
    return "<redacted>" if MAY_BE_SECRET.search(text) else repr(text)


def _normal(value):
    """A value as text; truth has several spellings."""
    text = str(value)
    return {"true": "on", "yes": "on", "false": "off", "no": "off"}.get(text.lower(), text)


def _shared(expected, group, configuration, report):
    """Settings of the dynamic configuration that each member's own file overrides."""
    server = configuration.get("postgresql") or {}
    subject = "" if group is None else f"group {group}"
    for name, value in (server.get("parameters") or {}).items():
        own = expected.parameters.get(name)
        if own is not None and _normal(own) != _normal(value):
            report.warning("settings", subject, f"parameter {name} of the dynamic configuration has no effect")
    for key in ("pg_hba", "pg_ident"):
        if server.get(key):
            report.warning("settings", subject, f"{key} of the dynamic configuration has no effect")


IDENT_ERRORS = """
SELECT format('pg_ident.conf, line %s: %s', line_number, error) FROM pg_ident_file_mappings WHERE error IS NOT NULL;
"""

LOCAL_HOSTNAME = """
SELECT current_setting('citus.local_hostname') FROM pg_extension WHERE extname = 'citus';
"""
