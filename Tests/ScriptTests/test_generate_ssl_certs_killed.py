"""generate-ssl-certs.sh, ended before each of its commands: nothing is lost or half-written."""

import shutil
import signal
import unittest

from ssl_certs import (BOTH_TRUSTED, FINISH, ISSUE, NEW_SIGNS, ROTATE, STABLE, USE_NEW,
                       ScriptTestCase, certificates_in, openssl)

# The script reads this when it starts, and then gets SIGNAL before the COMMAND-th of its commands
# that can change a file. Between two of them, nothing on disk differs.
ENDING = """
set -o functrace
number=0
trap 'case $BASH_SUBSHELL:$BASH_COMMAND in
  0:mkdir* | 0:mv* | 0:rm* | 0:cp* | 0:chmod* | 0:sync* | 0:openssl* | 0:awk* | 0:cat* | 0:printf*)
    [ $((number += 1)) != "$COMMAND" ] || kill -"$SIGNAL" $$ ;;
esac' DEBUG
"""


class Killed(ScriptTestCase):
    def setUp(self):
        super().setUp()
        self.start = self.directory / "start"
        self.ending = self.directory / "ending"
        self.ending.write_text(ENDING)

    def run_until(self, command, signal_name, step):
        """Runs a step on what setUp or the caller left in `start`, and ends it before a command."""
        shutil.rmtree(self.certs, ignore_errors=True)
        if self.start.exists():
            shutil.copytree(self.start, self.certs)
        return self.run_script(step, BASH_ENV=str(self.ending), COMMAND=str(command),
                               SIGNAL=signal_name)

    def prepare(self, *steps):
        for step in steps:
            self.succeed(step)
        if steps:
            self.certs.rename(self.start)

    def visible(self):
        """What the directory shows, without the script's own hidden places."""
        return {file.name: file.read_text() for file in self.certs.glob("[!.]*")}

    def ca_keys(self):
        """All private keys of CAs, wherever they are at the moment."""
        return {file.read_text() for file in self.certs.rglob("*.key")
                if file.name != "server.key"}

    def assert_visible_files_whole(self):
        for file in self.certs.glob("*.crt"):
            self.assertEqual(len(certificates_in(file)), file.read_text().count("BEGIN"), file)
            openssl("x509", "-in", file, "-noout")
            self.assertEqual(oct(file.stat().st_mode & 0o777), "0o644", file)
        for file in self.certs.glob("*.key"):
            openssl("pkey", "-in", file, "-noout")

    def assert_can_be_killed_everywhere(self, step, files):
        """Kills the step before one command, before the next, ... until it gets through."""
        command, outcomes = 1, []
        self.run_until(command, "KILL", step)
        keys, before = self.ca_keys(), self.visible()
        while (run := self.run_until(command, "KILL", step)).returncode != 0:
            self.assertEqual(run.returncode, -signal.SIGKILL, run.stderr)
            outcomes.append("committed" if (self.certs / ".commit").exists() else
                            "unchanged" if self.visible() == before else "changed")
            self.assertLessEqual(keys, self.ca_keys())
            for file in self.certs.rglob("*.key"):
                self.assertEqual(oct(file.stat().st_mode & 0o777), "0o600", file)
            self.assert_visible_files_whole()
            self.assert_step_can_be_repeated(step, files, keys)
            command += 1
        # The moment that decides is passed once.
        order = ["unchanged", "committed", "changed"]
        self.assertEqual(outcomes, sorted(outcomes, key=order.index))
        self.assertEqual(set(outcomes), set(order))

    def assert_step_can_be_repeated(self, step, files, keys):
        self.succeed(step)
        self.assertLessEqual(keys, self.ca_keys())
        self.assertEqual(sorted("retired" if file.name.startswith("retired-ca-") else file.name
                                for file in self.certs.iterdir()), sorted(files))
        self.assert_node_certificate_good()

    def test_in_the_first_run(self):
        self.assert_can_be_killed_everywhere(ISSUE, STABLE)

    def test_in_a_renewal(self):
        self.prepare(ISSUE)
        self.assert_can_be_killed_everywhere(ISSUE, STABLE)

    def test_in_rotate_ca(self):
        self.prepare(ISSUE)
        self.assert_can_be_killed_everywhere(ROTATE, BOTH_TRUSTED)

    def test_in_use_new_ca(self):
        self.prepare(ISSUE, ROTATE)
        self.assert_can_be_killed_everywhere(USE_NEW, NEW_SIGNS)

    def test_in_finish_ca_rotation(self):
        self.prepare(ISSUE, ROTATE, USE_NEW)
        self.assert_can_be_killed_everywhere(FINISH, [*STABLE, "retired", "retired"])

    def test_by_a_signal_that_it_can_catch_it_leaves_no_scratch_files(self):
        self.prepare(ISSUE)
        ends = 0
        for command in range(1, 1000, 3):
            for name in "TERM", "INT", "HUP":
                run = self.run_until(command, name, ISSUE)
                if run.returncode != 0:
                    ends += 1
                    self.assertEqual(run.returncode, -signal.Signals["SIG" + name])
                    self.assertEqual(list(self.certs.glob(".staging.*")), [])
            if run.returncode == 0:
                break
        self.assertGreater(ends, 15)


if __name__ == "__main__":
    unittest.main()
