"""One cluster across containers, for the tests of several modules. It ends with the process.

Each member runs under other conditions; no role has a password anywhere.
"""

import atexit
import unittest

import readme
from cluster import Cluster
from containers import wait_until

# Docker has no tmpfs of its own on /run; podman has one that hides the image's.
READ_ONLY = [*readme.read_only_options(), "--read-only-tmpfs=false"]

# The secret volume asks for 0600, which becomes 0640 with fsGroup.
FIRST = "citusdemo-0-0"
# A read-only root directory. PostgreSQL reads the mounted key itself, and no process is left that
# would take over another one. The secret volume asks for 0400, which becomes 0440 with fsGroup.
READONLY = "citusdemo-0-1"
# A user id that a platform chose; podman must not add it to /etc/passwd. The secret volume asks for
# 0644, which PostgreSQL itself would refuse.
ANYBODY = "citusdemo-0-2"


class ClusterTest(unittest.TestCase):
    cluster = None

    @classmethod
    def setUpClass(cls):
        if ClusterTest.cluster is None:
            ClusterTest.cluster = Cluster()
            atexit.register(ClusterTest.cluster.close)
            cls.start_members()

    @classmethod
    def start_members(cls):
        start = cls.cluster.start
        first = start(FIRST, key_mode=0o640, group=999)
        wait_until("a leader", lambda: cls.role(FIRST) == ("Leader", "running"),
                   explain=first.log)  # fmt: skip
        # The documents' commands are for this database, which a Citus group would have.
        first.query("CREATE DATABASE citus")
        start(READONLY, *READ_ONLY, key_mode=0o440, group=999,
              environment={"CERTIFICATE_RELOAD": "off"})  # fmt: skip
        start(ANYBODY, "--user=70007:0", "--group-add=70007", "--passwd=false",
              key_mode=0o644, group=70007)  # fmt: skip
        for name in (READONLY, ANYBODY):
            cls.wait_for_streaming(name)

    @classmethod
    def role(cls, name, seen_from=FIRST):
        return cls.cluster.list(seen_from).get(name)

    @classmethod
    def wait_for_streaming(cls, name):
        wait_until(f"{name} streaming", lambda: cls.role(name, name) == ("Replica", "streaming"),
                   explain=cls.cluster.members[name].log)  # fmt: skip

    def member(self, name):
        return self.cluster.members[name]

    def leader(self):
        roles = self.cluster.list(FIRST)
        return next(self.member(name) for name, (role, _) in roles.items() if role == "Leader")

    def standbys(self):
        leader = self.leader()
        return [member for member in self.cluster.members.values() if member is not leader]
