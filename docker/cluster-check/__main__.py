"""Checks every member of the cluster: whether nodes reach each other, which certificates they present and for how
long, whether a password exists where there should be none, whether a restart is pending, and whether the servers
run with the settings of this node's environment.
"""

import argparse
import sys

import certificates
import checks
import expected
import members
import passwords
import settings
from report import Report

EPILOG = """exit codes: 0: no error, perhaps warnings; 1: errors; 2: invalid command line"""


def main():
    parser = argparse.ArgumentParser(prog="cluster-check", description=__doc__, epilog=EPILOG)
    parser.add_argument("host", nargs="?", help="any node (default: the server in this container, over its socket)")
    parser.add_argument("--days", type=int, default=7, help="days for which a certificate must still be valid (default: 7)")
    options = parser.parse_args()

    report = Report()
    try:
        wanted = expected.Expected.of_environment()
        found = members.find(wanted, options.host, report)
    except (expected.Unusable, members.Unreachable) as fault:
        report.error("members", "", str(fault))
        return report.end()
    checks.members(found, report)
    checks.collect(wanted, found, report)
    checks.health(wanted, found, report)
    own = checks.environment(report)
    certificates.check(wanted, found, own, options.days, report)
    passwords.check(wanted, found, report)
    settings.check(wanted, found, report)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
