"""Passwords where none should be. None is ever printed."""

import json
import re

from members import Unreachable, ask

# In a connection string, or a record of pg_hba.conf.
IN_A_TEXT = re.compile(r"(passw(or)?d|passfile|secrets)\s*=", re.IGNORECASE)


def check(expected, cluster, report):
    if "password" not in expected.login:
        _citus(expected, cluster, report)
    _roles(expected, cluster, report)
    _store(cluster, report)


def _roles(expected, cluster, report):
    """Roles of nodes that log in by certificate need none."""
    roles = {
        section["username"] for section in expected.server["authentication"].values() if "password" not in section
    }
    if not roles:
        return
    faults = [
        f"role {role} has a password in {_of(leader)}, and logs in by certificate"
        for leader in cluster.leaders() for role in sorted(roles.intersection(leader.facts["with_password"]))
    ]  # fmt: skip
    report.verdict("passwords", "", faults, f"roles {', '.join(sorted(roles))} have none")


def _store(cluster, report):
    faults = [
        f"{path} in the dynamic configuration of {'the cluster' if group is None else f'group {group}'}"
        for group, configuration in sorted(cluster.configurations.items(), key=lambda pair: pair[0] or 0)
        for path in places(configuration)
    ]
    report.verdict("passwords", "", faults, "none in the dynamic configuration")


def places(value, path=""):
    """Keys that are, or hold, a password."""
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else str(key)
            if "password" in str(key).lower() and str(key) != "password_encryption" and isinstance(inner, str):
                yield place
            else:
                yield from places(inner, place)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, f"{path}[{index}]")
    elif isinstance(value, str) and IN_A_TEXT.search(value):
        yield path


def _citus(expected, cluster, report):
    """What Citus keeps for its logins: rows, and what deleted rows have left in the table's file."""
    faults = []
    seen = False
    for member in cluster.members:
        for database in (member.facts or {}).get("databases", []):
            try:
                lines = ask(expected, member, database, AUTHINFO)
            except Unreachable as fault:
                faults.append(f"database {database} on {member.name} could not be queried: {fault}")
                continue
            for line in lines:
                seen = True
                found = json.loads(line)
                where = f"pg_dist_authinfo in database {database} on {member.name}"
                if found["rows"]:
                    faults.append(f"{where} holds a password")
                elif found["file"]:
                    faults.append(f"the file of {where} holds a password that was deleted")
    if seen or faults:
        report.verdict("passwords", "", faults, "none in pg_dist_authinfo or in its files")


def _of(leader):
    return "the cluster" if leader.group is None else f"group {leader.group}"


AUTHINFO = """
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS citus \\gset
\\if :citus
SELECT json_build_object(
  'rows', EXISTS (SELECT FROM pg_dist_authinfo WHERE authinfo ~* 'password'),
  'file', position('password' IN encode(pg_read_binary_file(pg_relation_filepath('pg_dist_authinfo')), 'escape')) > 0);
\\endif
"""
