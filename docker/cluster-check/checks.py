"""Whether all members are there, and reach each other."""

import json

import expected as expectations
from members import Unreachable, ask


def members(cluster, report):
    """Every group has a leader, which runs, and standbys, which stream from it."""
    for group in sorted({member.group for member in cluster.members}, key=lambda group: group or 0):
        mates = [member for member in cluster.members if member.group == group]
        subject = "" if group is None else f"group {group}"
        leaders = [member for member in mates if member.leads]
        faults = []
        if not leaders:
            faults.append("has no leader")
        for member in mates:
            if member.state not in ("running", "streaming"):
                faults.append(f"{member.name} is {member.state}")
            elif leaders and member.timeline != leaders[0].timeline:
                faults.append(f"{member.name} is on timeline {member.timeline}, not {leaders[0].timeline}")
        names = ", ".join(member.name + (" (leader)" if member.leads else "") for member in mates)
        report.verdict("members", subject, faults, names)


def collect(expected, cluster, report):
    """Asks every member about itself."""
    for member in cluster.members:
        try:
            member.facts = json.loads(ask(expected, member, "postgres", FACTS)[0])
        except Unreachable as fault:
            report.error("members", member.name, f"could not be queried: {fault}")


def health(expected, cluster, report):
    """Every node logs in to every node, in each database that has Citus."""
    coordinator = cluster.coordinator
    if "citus" not in expected.document or coordinator is None:
        return
    for database in coordinator.facts["databases"]:
        try:
            lines = ask(expected, coordinator, database, HEALTH)
        except Unreachable as fault:
            report.error("health", f"database {database}", fault)
            continue
        found = [json.loads(line) for line in lines]
        pairs = [item for item in found if "from" in item]
        faults = [f"{pair['from']} does not reach {pair['to']}" for pair in pairs if not pair["result"]]
        faults += [f"{item['behind']} does not have all metadata yet" for item in found if "behind" in item]
        if pairs:
            text = f"all {len({pair['from'] for pair in pairs})} nodes reach each other"
            report.verdict("health", f"database {database}", faults, text)


def environment(report):
    """The problems that entrypoint reports about this node's environment and the certificates mounted here."""
    judgement = expectations.judgement()
    for check in judgement["checks"]:
        for problem in check.get("problems", []):
            if problem["severity"] == "note":
                continue
            add = report.error if problem["severity"] == "error" else report.warning
            add("environment", problem["subject"], problem["message"], problem.get("hint"))
    if judgement["verdict"] not in ("error", "warning"):
        report.ok("environment", "", "entrypoint --check reports no problem")
    return judgement


HEALTH = """
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS citus \\gset
\\if :citus
SELECT json_build_object('from', from_nodename, 'to', to_nodename, 'result', coalesce(result, false))
FROM citus_check_cluster_node_health();
SELECT json_build_object('behind', nodename) FROM pg_dist_node WHERE hasmetadata AND NOT metadatasynced;
\\endif
"""

FACTS = """
SELECT json_build_object(
  'version', current_setting('server_version'),
  'databases', (SELECT json_agg(datname ORDER BY datname) FROM pg_database WHERE datallowconn AND NOT datistemplate),
  'names', (SELECT json_agg(name) FROM pg_settings),
  'pending', (SELECT coalesce(json_agg(name), '[]') FROM pg_settings WHERE pending_restart),
  'file', (SELECT json_object_agg(name, setting) FROM pg_file_settings WHERE applied),
  'file_errors', (
    SELECT coalesce(json_agg(format('%s, line %s: %s: %s', sourcefile, sourceline, name, error)), '[]')
    FROM pg_file_settings
    WHERE error IS NOT NULL AND name NOT IN (SELECT name FROM pg_settings WHERE pending_restart)),
  'hba', (
    SELECT json_agg(line) FROM regexp_split_to_table(pg_read_file(current_setting('hba_file')), E'\\n') AS line
    WHERE line <> '' AND line NOT LIKE '#%'),
  'ident', (
    SELECT coalesce(json_agg(line), '[]')
    FROM regexp_split_to_table(pg_read_file(current_setting('ident_file')), E'\\n') AS line
    WHERE line <> '' AND line NOT LIKE '#%'),
  'hba_errors', (
    SELECT coalesce(json_agg(format('pg_hba.conf, line %s: %s', line_number, error)), '[]')
    FROM pg_hba_file_rules WHERE error IS NOT NULL),
  'with_password', (SELECT coalesce(json_agg(rolname), '[]') FROM pg_authid WHERE rolpassword IS NOT NULL));
"""
