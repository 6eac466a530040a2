"""The documented commands for certificates, run as they stand."""

import os
import pathlib
import tempfile

import yaml

from chart import PROJECT, ChartTest, case, run, tool
from commands import commands
from documents import blocks, pieces
from test_notes import notes


class Workplace:
    """A directory in which the documents' relative paths hold."""

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._directory.name)
        os.symlink(PROJECT / "scripts", self.path / "scripts")
        return self

    def __exit__(self, *exception):
        self._directory.cleanup()

    def run(self, command):
        tools = pathlib.Path(tool("kubectl")).parent
        environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}
        result = run(
            "bash", "-e", "-o", "pipefail", "-c", command, cwd=self.path, env=environment
        )
        if result.returncode != 0:
            raise AssertionError(f"{command}\n{result.stdout}{result.stderr}")
        return result.stdout

    def certificate(self, *options):
        return self.run(f"openssl x509 -in certs/server.crt -noout {' '.join(options)}")


def of_script(found):
    return [command for command in found if "scripts/generate-ssl-certs.sh" in command]


def of_secret(found):
    [command] = [command for command in found if "create secret generic" in command]
    return command


class GeneratedCertificates(ChartTest):
    def assert_secret(self, workplace, command, name):
        """Run up to where it would reach a cluster."""
        command = command.partition("--dry-run")[0].rstrip("\\\n ")
        text = workplace.run(f"{command} --dry-run=client --output=yaml")
        secret = yaml.safe_load(text)
        self.assertEqual(secret["metadata"]["name"], name)
        self.assertEqual(set(secret["data"]), {"ca.crt", "server.crt", "server.key"})

    def test_the_quick_start(self):
        [first] = [b for b in blocks("INSTALL.md", "bash") if "scripts/generate" in b.text]
        found = pieces(first)
        with Workplace() as workplace:
            workplace.run(of_script(found)[0])
            self.assert_secret(workplace, of_secret(found), "citusdemo-ssl-certs")
            for host in ("citusdemo-2-1.citusdemo", "citusdemo-0", "citusdemo-1", "citusdemo-2"):
                shown = workplace.certificate(f"-checkhost {host}.default.svc.cluster.local")
                self.assertIn("does match certificate", shown)

    def test_the_rotations(self):
        document = blocks("ROTATION.md", "bash")
        renewal, *steps = [b for b in document if "scripts/generate" in b.text]
        with Workplace() as workplace:
            workplace.run(of_script(pieces(renewal))[0])
            before = workplace.certificate("-serial")
            workplace.run(of_script(pieces(renewal))[0])
            self.assertNotEqual(workplace.certificate("-serial"), before)
            self.assert_secret(workplace, of_secret(pieces(renewal)), "citusdemo-ssl-certs")
            authorities = []
            for step in steps:
                [command] = of_script(pieces(step))
                workplace.run(command)
                workplace.run("openssl verify -CAfile certs/ca.crt certs/server.crt")
                authorities.append((workplace.path / "certs/ca.crt").read_text().count("BEGIN"))
            self.assertEqual(authorities, [2, 2, 1])

    def test_a_renewal_keeps_the_names_of_the_quick_start(self):
        [first] = [b for b in blocks("INSTALL.md", "bash") if "scripts/generate" in b.text]
        renewal = [b for b in blocks("ROTATION.md", "bash") if "scripts/generate" in b.text][0]
        with Workplace() as workplace:
            workplace.run(of_script(pieces(first))[0])
            issued = workplace.certificate("-ext subjectAltName")
            workplace.run(of_script(pieces(renewal))[0])
            renewed = workplace.certificate("-ext subjectAltName")
        self.assertEqual(*(sorted(text.splitlines()[1].strip().split(", ")) for text in (issued, renewed)))

    def test_what_helm_prints(self):
        """Also for a name that is too long for the script's default."""
        for release, namespace in (("citusdemo", "default"), ("r" * 48, "n" * 63)):
            with self.subTest(release=release), Workplace() as workplace:
                found = commands(notes(release=release, namespace=namespace), indentation=4)
                workplace.run(of_script(found)[0])
                self.assert_secret(workplace, of_secret(found), f"{release}-ssl-certs")
                for host in (f"{release}-0-0.{release}", f"{release}-0"):
                    shown = workplace.certificate(
                        f"-checkhost {host}.{namespace}.svc.cluster.local"
                    )
                    self.assertIn("does match certificate", shown)

    def test_the_long_name_is_the_one_that_cert_manager_gets(self):
        rendered = case("longest-release-and-namespace")
        [issued] = rendered.of_kind("Certificate")
        text = notes(release=rendered.release, namespace=rendered.namespace)
        self.assertIn(f"NODE_CN={issued['spec']['commonName']} ", text)
