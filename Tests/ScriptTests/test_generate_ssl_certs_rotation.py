"""generate-ssl-certs.sh: replacing the CA in three steps, in order, out of order, repeated."""

import shutil
import unittest

from ssl_certs import (BOTH_TRUSTED, FINISH, ISSUE, NAME, NEW_SIGNS, ROTATE, STABLE, USE_NEW,
                       ScriptTestCase, certificates_in, make_ca, verifies)


class Rotation(ScriptTestCase):
    def visible(self):
        return sorted(file.name for file in self.certs.iterdir())

    def keep(self, stage):
        """Copies what a node would have at this stage."""
        shutil.copytree(self.certs, self.directory / stage)
        return self.directory / stage

    def refused_step(self, step, detail, hint):
        self.assert_refused(f"{NAME}: error: {step}: out of order\n"
                            f"  detail: {detail}\n  hint: {hint}\n", step)

    def refused_before_rotation(self, *steps):
        for step in steps:
            self.refused_step(step, "No rotation of the CA has begun.", "Run --rotate-ca first.")

    def done_before(self, step):
        before = self.snapshot()
        run = self.succeed(step)
        self.assertIn(f"{NAME}: {step}: already done\n", run.stderr)
        self.assertIn("kubectl create secret", run.stdout)
        self.assertEqual(self.snapshot(), before)

    def test_the_whole_path(self):
        for step in ROTATE, USE_NEW, FINISH:
            self.refused_step(step, 'There is no CA in "CERTS".', "First run without a step.")
        self.succeed(ISSUE)
        self.refused_before_rotation(USE_NEW, FINISH)
        stable = self.snapshot()
        [old] = certificates_in(self.certs / "ca.crt")

        run = self.succeed(ROTATE)
        self.assertIn("next: --use-new-ca, when all nodes and clients have this ca.crt", run.stderr)
        self.assertEqual(self.visible(), BOTH_TRUSTED)
        trusted = certificates_in(self.certs / "ca.crt")
        self.assertEqual((len(trusted), trusted[0]), (2, old))
        new = trusted[1]
        rotated = self.snapshot()
        for file in "server.crt", "server.key", "ca.key":
            self.assertEqual(rotated[file], stable[file])
        self.done_before(ROTATE)
        self.refused_step(FINISH, "The old CA still signs.", "Run --use-new-ca first.")
        self.assert_renewal_by("ca-previous.crt")

        run = self.succeed(USE_NEW)
        self.assertIn("next: --finish-ca-rotation, when all nodes have this server.crt", run.stderr)
        self.assertEqual(self.visible(), NEW_SIGNS)
        self.assertEqual(self.snapshot()["ca.crt"], rotated["ca.crt"])
        self.assertEqual(self.snapshot()["ca-previous.key"], stable["ca.key"])
        self.done_before(USE_NEW)
        self.refused_step(ROTATE, "The previous rotation is not finished.", "Run --finish-ca-rotation first.")
        self.assert_renewal_by("ca-next.crt")
        switched = self.snapshot()

        self.succeed(FINISH)
        self.assertEqual(certificates_in(self.certs / "ca.crt"), [new])
        finished = self.snapshot()
        for file in "server.crt", "server.key", "ca.key":
            self.assertEqual(finished[file], switched[file])
        [retired] = self.certs.glob("retired-ca-*.crt")
        self.assertEqual(certificates_in(retired), [old])
        self.assertEqual(self.snapshot()[retired.stem + ".key"], stable["ca.key"])
        self.assertEqual(self.visible(), sorted([*STABLE, retired.name, retired.stem + ".key"]))
        self.done_before(FINISH)
        self.refused_before_rotation(USE_NEW)
        self.assert_renewal_by("ca.crt")
        self.succeed(ROTATE)
        self.succeed(USE_NEW)
        self.succeed(FINISH)
        self.assertEqual(len(list(self.certs.glob("retired-ca-*.crt"))), 2)
        self.assert_node_certificate_good()

    def assert_renewal_by(self, authority):
        """A run without a step renews the node certificate and changes nothing else."""
        before = self.snapshot()
        self.succeed(ISSUE)
        after = self.snapshot()
        changed = {file for file in after if after[file] != before.get(file)}
        self.assertEqual((changed, before.keys()), ({"server.crt", "server.key"}, after.keys()))
        self.assert_node_certificate_good()
        self.assert_node_certificate_good(trusted=self.certs / authority)

    def test_only_nodes_two_steps_apart_refuse_each_other(self):
        stages = []
        for stage, step in enumerate([ISSUE, ROTATE, USE_NEW, FINISH]):
            self.succeed(step)
            stages.append(self.keep(f"stage-{stage}"))
        for one, node in enumerate(stages):
            for other, peer in enumerate(stages):
                both_ways = all(
                    verifies(shown / "server.crt", trusting / "ca.crt", "-purpose", purpose)
                    for shown, trusting in [(node, peer), (peer, node)]
                    for purpose in ["sslserver", "sslclient"])
                self.assertEqual(both_ways, abs(one - other) <= 1, (one, other))

    def test_a_lost_ca_key_is_replaced_by_a_rotation(self):
        self.succeed()
        (self.certs / "ca.key").unlink()
        self.assertEqual(self.run_script(ISSUE).returncode, 78)
        for step in ROTATE, USE_NEW, FINISH, ISSUE:
            self.succeed(step)
            self.assert_node_certificate_good()
        self.assertEqual(list(self.certs.glob("retired-ca-*.key")), [])

    def test_a_chain_and_a_file_without_a_last_newline_are_replaced_whole(self):
        make_ca(self.directory / "root", subject="/CN=Root")
        make_ca(self.certs, subject="/CN=Intermediate", issuer=self.directory / "root")
        both = (self.certs / "ca.crt").read_text() + (self.directory / "root/ca.crt").read_text()
        (self.certs / "ca.crt").write_text(both.rstrip("\n"))
        self.succeed()
        self.succeed(ROTATE)
        self.assertEqual(len(certificates_in(self.certs / "ca.crt")), 3)
        self.succeed(ISSUE)
        self.assertEqual(len(certificates_in(self.certs / "server.crt")), 2)
        self.succeed(USE_NEW)
        self.succeed(FINISH)
        self.assertEqual(len(certificates_in(self.certs / "ca.crt")), 1)
        self.assertEqual(len(certificates_in(self.certs / "server.crt")), 1)
        self.assert_node_certificate_good()

    def test_starts_only_from_a_node_certificate_that_works(self):
        make_ca(self.certs)
        self.assert_refused(
            "".join(f'{NAME}: error: {file}: is missing in "CERTS"\n'
                    "  detail: Other files of the set exist.\n"
                    "  hint: Restore it, or choose an empty directory.\n"
                    for file in ["server.crt", "server.key"]), ROTATE)
        self.succeed()
        shutil.move(self.certs, self.directory / "other")
        self.succeed()
        shutil.copy(self.directory / "other/server.crt", self.certs)
        self.assert_refused(f"{NAME}: error: server.crt: nodes that trust ca.crt would reject it\n"
                            "  detail: OpenSSL reports: unable to get local issuer certificate.\n",
                            ROTATE)

    def test_files_of_a_rotation_that_got_lost_are_named(self):
        self.succeed()
        self.succeed(ROTATE)
        (self.certs / "ca-next.crt").unlink()
        (self.certs / "server.key").unlink()
        for step in ISSUE, ROTATE, USE_NEW, FINISH:
            self.assert_refused(
                "".join(f'{NAME}: error: {file}: is missing in "CERTS"\n'
                        "  detail: Other files of the set exist.\n"
                        "  hint: Restore it, or choose an empty directory.\n"
                        for file in ["server.key", "ca-next.crt"]), step)

    def test_the_old_ca_stays_while_a_node_certificate_comes_from_it(self):
        self.succeed()
        old = self.keep("old")
        self.succeed(ROTATE)
        self.succeed(USE_NEW)
        for file in "server.crt", "server.key":
            shutil.copy(old / file, self.certs)
        self.assert_refused(
            f"{NAME}: error: server.crt: nodes that trust ca-next.crt would reject it\n"
            "  detail: OpenSSL reports: unable to get local issuer certificate.\n", FINISH)

if __name__ == "__main__":
    unittest.main()
