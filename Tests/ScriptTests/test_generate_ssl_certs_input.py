"""generate-ssl-certs.sh: what it says to input and to directories that it cannot use."""

import os
import shutil
import subprocess
import unittest

from ssl_certs import NAME, SCRIPT, ScriptTestCase, subject, verifies


class BadInput(ScriptTestCase):
    def test_every_problem_is_reported_in_one_run(self):
        self.assert_refused(
            f'{NAME}: error: CLUSTER_NAME: invalid value "Citus_Demo"\n'
            "  detail: A DNS label has at most 63 characters: a-z, 0-9 and -.\n"
            f"{NAME}: error: NAMESPACE: is empty\n"
            "  detail: A DNS label has at most 63 characters: a-z, 0-9 and -.\n"
            f'{NAME}: error: CLUSTER_DOMAIN: invalid value "cluster..local"\n'
            "  detail: A DNS domain in lower case.\n"
            f'{NAME}: error: NODE_DAYS: invalid value "1096"\n'
            "  detail: Accepted values are 1 to 1095.\n"
            f'{NAME}: error: KEY_TYPE: invalid value "dsa"\n'
            "  detail: Accepted values are ec and rsa.\n"
            f'{NAME}: error: NODE_CN: invalid value "a/CN=b"\n'
            '  detail: It must be at most 64 letters, digits, "*", ".", "_" and "-".\n'
            f'{NAME}: error: EXTRA_NAMES: invalid DNS name "*.citusdemo-*.svc"\n'
            "  detail: A * can only be the whole first label.\n"
            f'{NAME}: error: EXTRA_NAMES: invalid IP address "10.1.2"\n'
            f'{NAME}: error: EXTRA_NAMES: invalid IP address "[::1]"\n'
            f"{NAME}: error: OUTPUT_DIR: is empty\n",
            CLUSTER_NAME="Citus_Demo", NAMESPACE="", CLUSTER_DOMAIN="cluster..local",
            NODE_DAYS="1096", KEY_TYPE="dsa", NODE_CN="a/CN=b",
            EXTRA_NAMES="*.citusdemo-*.svc fine.example 10.1.2 [::1]", OUTPUT_DIR="")

    def test_unset_empty_and_invalid_names_differ(self):
        self.assert_refused(f"{NAME}: error: CLUSTER_NAME: is not set\n"
                            "  hint: Set it, for example CLUSTER_NAME=citusdemo.\n",
                            CLUSTER_NAME=None)
        self.assert_refused(f"{NAME}: error: CLUSTER_NAME: is empty\n"
                            "  detail: A DNS label has at most 63 characters: a-z, 0-9 and -.\n",
                            CLUSTER_NAME="")

    def test_wrong_values_are_refused(self):
        for variable, values in {
                "CLUSTER_NAME": ["-a", "a-", "a.b", "a" * 64, "a b", "a\nb", "a,DNS:evil"],
                "NODE_DAYS": ["0", "-1", "01", "1e2", "10950", "1 "],
                "EXTRA_NAMES": ["*", "a.*", "a..b", "-a.b", "*a.b", "a/b", "a;b", "$(id)",
                                "300.1.1.1", "fe80::1%eth0", "1:2", "email:a"],
                "NODE_CN": ["", "a" * 65, "a+b", "a b"]}.items():
            for value in values:
                with self.subTest(variable=variable, value=value):
                    run = self.run_script(**{variable: value})
                    self.assertEqual(run.returncode, 78)
                    self.assertTrue(run.stderr.startswith(f"{NAME}: error: {variable}: "))
                    self.assertFalse(self.certs.exists())

    def test_a_default_common_name_that_is_too_long_asks_for_another(self):
        name = "a" * 63
        self.assert_refused(
            f"{NAME}: error: NODE_CN: is not set, and the default "
            f'"*.{name}.default.svc.cluster.local" is too long\n'
            "  detail: X.509 allows 64 bytes for a common name (CN); this one has 91.\n"
            "  hint: Set NODE_CN to a shorter name that no other cluster with this CA uses.\n",
            CLUSTER_NAME=name)
        self.succeed(CLUSTER_NAME=name, NODE_CN="aaa.default.svc")
        self.assertTrue(verifies(self.certs / "server.crt", self.certs / "ca.crt",
                                 "-verify_hostname", f"pod.{name}.default.svc.cluster.local"))

    def test_the_longest_common_name_is_accepted(self):
        longest = "a" * (64 - len("*..default.svc.cluster.local"))
        self.succeed(CLUSTER_NAME=longest)
        self.assertEqual(len(subject(self.certs / "server.crt")), len("subject=CN=") + 64)
        self.assertEqual(self.run_script(CLUSTER_NAME=longest + "a").returncode, 78)

    def test_wrong_arguments_end_with_64(self):
        self.assert_refused(
            f"{NAME}: error: --rotate: unknown argument\n"
            "  detail: Accepted arguments are --rotate-ca, --use-new-ca, --finish-ca-rotation and --help.\n"
            f"{NAME}: error: --use-new-ca: cannot be combined with --rotate-ca\n"
            f"{NAME}: error: KEY_TYPE: is empty\n"
            "  detail: Accepted values are ec and rsa.\n",
            "--rotate", "--rotate-ca", "--use-new-ca", status=64, KEY_TYPE="")

    def test_help_needs_no_variables_and_names_each(self):
        run = self.run_script("--help", CLUSTER_NAME=None)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for word in ("CLUSTER_NAME NAMESPACE CLUSTER_DOMAIN EXTRA_NAMES NODE_CN NODE_DAYS KEY_TYPE "
                     "OUTPUT_DIR --rotate-ca --use-new-ca --finish-ca-rotation --help").split():
            self.assertIn(f"\n  {word} ", run.stdout.replace("-h, ", ""))
        self.assertFalse(self.certs.exists())

    def test_openssl_is_needed(self):
        tools = self.directory / "tools"
        tools.mkdir()
        for tool in "bash", "dirname":
            (tools / tool).symlink_to(shutil.which(tool))
        self.assert_refused(f"{NAME}: error: openssl: OpenSSL 3.0 or later not found in PATH\n",
                            status=69, PATH=str(tools))


class OutputDirectory(ScriptTestCase):
    def test_defaults_to_certs_in_the_current_directory(self):
        self.succeed(OUTPUT_DIR=None)
        self.assert_node_certificate_good()

    def test_missing_parents_are_made(self):
        self.certs = self.directory / "a" / "b"
        self.succeed()
        self.assert_node_certificate_good()

    def test_is_refused_where_others_may_write(self):
        self.certs.mkdir()
        for mode in 0o770, 0o777, 0o1777, 0o702:
            self.certs.chmod(mode)
            self.assert_refused(f'{NAME}: error: OUTPUT_DIR: others may write to "CERTS"\n'
                                "  detail: They could replace the CA.\n"
                                "  hint: Run chmod 700 on it, or choose another directory.\n")
        self.certs.chmod(0o755)
        self.succeed()

    def test_is_refused_where_git_would_take_the_keys(self):
        subprocess.run(["git", "init", "--quiet", self.directory], check=True)
        self.assert_refused(f'{NAME}: error: OUTPUT_DIR: Git does not ignore "CERTS"\n'
                            "  detail: The private keys could be committed.\n"
                            "  hint: Add it to .gitignore, or choose another directory.\n")
        (self.directory / ".gitignore").write_text("certs/\n")
        self.succeed()

    def test_is_refused_when_it_is_a_file(self):
        self.certs.write_text("text")
        run = self.run_script()
        self.assertEqual(run.stderr,
                         f'{NAME}: error: OUTPUT_DIR: "{self.certs}" is not a directory\n')
        self.assertEqual((run.returncode, self.certs.read_text()), (78, "text"))

    def test_that_cannot_be_written_ends_with_73(self):
        run = self.run_script(OUTPUT_DIR="/proc/certs")
        self.assertEqual(run.returncode, 73)
        self.assertIn(f'error: OUTPUT_DIR: could not write to "/proc/certs"\n', run.stderr)

    def test_with_a_node_certificate_of_others_is_left_alone(self):
        self.certs.mkdir()
        (self.certs / "server.key").write_text("somebody's")
        (self.certs / "server.key").chmod(0o600)
        self.assert_refused(f'{NAME}: error: ca.crt: is missing in "CERTS"\n'
                            "  detail: Other files of the set exist.\n"
                            "  hint: Restore it, or choose an empty directory.\n")

    def test_two_runs_at_once_take_turns(self):
        environment = {"PATH": os.environ["PATH"], "CLUSTER_NAME": "citusdemo",
                       "OUTPUT_DIR": str(self.certs)}
        runs = [subprocess.Popen([SCRIPT], env=environment, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL) for _ in range(4)]
        self.assertEqual([run.wait() for run in runs], [0] * 4)
        self.assertEqual(len(self.snapshot()), 4)
        self.assert_node_certificate_good()


if __name__ == "__main__":
    unittest.main()
