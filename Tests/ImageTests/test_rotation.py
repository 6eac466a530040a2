"""New certificates in a mounted secret, while the cluster runs."""

import unittest

from cluster import make_certificates
from cluster_test import ANYBODY, FIRST, READONLY, ClusterTest
from containers import podman, run, wait_until


class RotationTests(ClusterTest):
    def serials(self):
        return {name: self.cluster.presented(member) for name, member in self.cluster.members.items()}

    def wait_for(self, text, member):
        log = lambda: podman("logs", member.container).stderr
        wait_until(f"{text!r} in the log of {member.name}", lambda: text in log(),
                   explain=member.log)  # fmt: skip

    def test_a_renewed_certificate_is_taken_up_and_a_faulty_one_is_refused(self):
        # A server may be starting again after what another test did.
        before = wait_until("every server", self.serials)
        self.assertEqual(len(set(before.values())), 1)
        old_key = self.cluster.directory / "old.key"
        old_key.write_bytes((self.cluster.certificates / "server.key").read_bytes())
        make_certificates(self.cluster.name, self.cluster.certificates)
        renewed = run("openssl", "x509", "-noout", "-serial", "-in",
                      self.cluster.certificates / "server.crt").stdout.strip()  # fmt: skip
        self.assertNotEqual(renewed, before[FIRST])

        # The new certificate with the old key.
        for name in (FIRST, ANYBODY):
            member = self.member(name)
            member.secret.write(self.cluster.certificates, server_key=old_key)
            self.wait_for("the new certificates are rejected, and the old ones remain in use", member)
        self.assertEqual(self.serials(), before)

        for member in self.cluster.members.values():
            member.secret.write(self.cluster.certificates)
        for name in (FIRST, ANYBODY):
            self.wait_for("a new certificate is in use", self.member(name))
            wait_until(
                f"{name} showing it",
                lambda: self.cluster.presented(self.member(name)) == renewed,
                explain=self.member(name).log,
            )  # fmt: skip
        # CERTIFICATE_RELOAD=off: PostgreSQL reads the file again when it is told to.
        self.assertEqual(self.cluster.presented(self.member(READONLY)), before[READONLY])
        self.member(READONLY).query("SELECT pg_reload_conf()")
        wait_until("showing it", lambda: self.cluster.presented(self.member(READONLY)) == renewed)

        # Standbys connect anew with the new one.
        self.leader().query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        for member in self.standbys():
            self.wait_for_streaming(member.name)


if __name__ == "__main__":
    unittest.main()
