"""What the image does without a cluster."""

import unittest

import readme
from containers import run_image

ENVIRONMENT = {
    "CLUSTER_NAME": "citusdemo",
    "CITUS_GROUP": "0",
    "POD_NAME": "citusdemo-0-0",
    "POD_NAMESPACE": "default",
    "POD_IP": "192.0.2.17",
    "PGSSLMODE": "verify-ca",
    "NODE_AUTH": "cert",
    "PATRONI_ETCD3_HOSTS": "192.0.2.1:2379",
}


class CommandTests(unittest.TestCase):
    def test_another_command_passes_through(self):
        result = run_image("psql", "--version")
        self.assertRegex(result.stdout, r"^psql \(PostgreSQL\) \d+")

    def test_a_command_that_is_not_there_exits_127(self):
        result = run_image("no-such-command", check=False)
        self.assertEqual(result.returncode, 127)
        self.assertIn("no-such-command", result.stderr)

    def test_a_dry_run_prints_the_file_for_the_image_s_postgresql(self):
        result = run_image("--dry-run", environment=ENVIRONMENT)
        self.assertIn("scope: 'citusdemo'\n", result.stdout)
        self.assertIn("connect_address: '192.0.2.17:5432'\n", result.stdout)
        self.assertIn("hostssl all postgres all cert map=cnmap", result.stdout)
        self.assertNotIn(": error:", result.stderr)

    def test_the_documented_dry_run_prints_what_the_document_shows(self):
        environment, words, output = readme.transcript("dry run")
        result = run_image(*words, environment=environment)
        self.assertEqual(result.stderr + result.stdout, output)

    def test_the_readme_s_faults_are_the_image_s(self):
        environment, words, output = readme.transcript("problems")
        for arguments in (words, ["patroni"], []):
            with self.subTest(arguments=arguments):
                result = run_image(*arguments, environment=environment, check=False)
                self.assertEqual(f"{result.stderr}exit code {result.returncode}\n", output)

    def test_a_dry_run_needs_nothing_writable_and_no_known_user(self):
        options = ["--read-only", "--read-only-tmpfs=false", "--user=70007:0", "--passwd=false"]
        result = run_image("--dry-run", options=options, environment=ENVIRONMENT)
        self.assertEqual(result.stdout, run_image("--dry-run", environment=ENVIRONMENT).stdout)

    def test_a_bad_environment_exits_78_and_names_every_fault(self):
        environment = {**ENVIRONMENT, "PGSSLMODE": "verify_full", "POD_IP": "10.0.0"}
        result = run_image(environment=environment, check=False)
        self.assertEqual(result.returncode, 78)
        self.assertIn('entrypoint: error: PGSSLMODE: invalid value "verify_full"', result.stderr)
        self.assertIn('entrypoint: error: POD_IP: invalid value "10.0.0"', result.stderr)
        self.assertIn("hint: Set PGSSLMODE=verify-full.", result.stderr)

    def test_an_unknown_user_id_gets_an_entry_in_passwd(self):
        # --passwd=false: podman would add the entry itself, Kubernetes does not.
        options = ["--user=70007:0", "--passwd=false", "--entrypoint=sh"]
        result = run_image("-c", "whoami", options=options, check=False)
        self.assertIn("cannot find name for user ID 70007", result.stderr)
        # Patroni cannot reach its store here, and goes on trying.
        script = "entrypoint & sleep 2; whoami; kill $!"
        environment = {
            **ENVIRONMENT, "PATRONI_ETCD3_HOSTS": "127.0.0.1:1", "PGSSLMODE": "disable",
            "NODE_AUTH": "trust", "NODE_ADDRESSES": "192.0.2.0/24",
        }  # fmt: skip
        result = run_image("-c", script, options=options, environment=environment, check=False)
        self.assertEqual(result.stdout, "postgres\n")


if __name__ == "__main__":
    unittest.main()
