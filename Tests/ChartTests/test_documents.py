"""The documents in docs/: their commands, values, links and recipes."""

import pathlib
import re
import shlex
import tempfile

import yaml
from cloudcoil.models.cert_manager.v1 import Issuer

from chart import CHART, ChartTest, helm, run
from commands import faults
from documents import DOCS, NAMES, anchors, blocks, every_block, joined, pieces
from stores import Store


class Shape(ChartTest):
    def test_every_block_names_its_language(self):
        for name in NAMES:
            for block in blocks(name):
                self.assertIn(block.language, {"bash", "json", "sql", "yaml"}, block.place)

    def test_links_lead_somewhere(self):
        for name in NAMES:
            text = (DOCS / name).read_text()
            for target in re.findall(r"\]\(([^)]+)\)", text):
                with self.subTest(document=name, target=target):
                    file, _, anchor = target.partition("#")
                    self.assertTrue((DOCS / (file or name)).exists())
                    if anchor:
                        self.assertIn(anchor, anchors(file or name))

    def test_lines_are_not_long(self):
        for path in [*(DOCS / name for name in NAMES), CHART / "README.md"]:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if not line.lstrip().startswith(("|", "[", "EXTRA_NAMES=", "psql ")):
                    self.assertLessEqual(len(line), 125, f"{path.name}:{number}")


class Commands(ChartTest):
    def test_bash_and_kubectl_take_them(self):
        count = 0
        for block in every_block("bash"):
            if "<<" in block.text:
                self.assertEqual(run("bash", "-n", "-c", block.text).returncode, 0, block.place)
                continue
            for command in pieces(block):
                count += 1
                with self.subTest(place=block.place, command=command):
                    self.assertEqual(faults(command), [])
        self.assertGreater(count, 40)

    def test_helm_takes_them_and_the_chart_renders(self):
        count = 0
        for name in NAMES:
            saved = {block.file: block.text for block in blocks(name, "yaml") if block.file}
            for block in blocks(name, "bash"):
                for command in pieces(block):
                    words = shlex.split(joined(command))
                    if words[0] != "helm":
                        continue
                    with self.subTest(place=block.place, command=command):
                        self.assert_helm(words[1:], saved)
                    count += 1
        self.assertGreaterEqual(count, 8)

    def assert_helm(self, words, saved):
        options = helm(words[0], "--help").stdout
        for word in words:
            if word.startswith("--"):
                self.assertIn(word.partition("=")[0] + " ", options)
        if words[0] != "upgrade":
            return
        # What concerns a release that exists says nothing about what is rendered.
        release = {"--install", "--take-ownership", "--reset-values", "--reuse-values"}
        words = [word for word in words[1:] if word not in release]
        with tempfile.TemporaryDirectory() as directory:
            for file, text in saved.items():
                (pathlib.Path(directory) / file).write_text(text)
            words = [str(CHART) if word == "./helm/citus-cluster" else word for word in words]
            result = helm("template", *words, cwd=directory)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_recipe_makes_certificates_that_both_sides_take(self):
        [recipe] = [block for block in blocks("SSL_SETUP.md", "bash") if "<<'END'" in block.text]
        with tempfile.TemporaryDirectory() as directory:
            result = run("bash", "-e", "-c", recipe.text, cwd=directory)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stdout.count("server.crt: OK"), 2)
            certificate = pathlib.Path(directory) / "certs" / "server.crt"
            for name in ("citusdemo-0-0.citusdemo", "citusdemo-1"):
                host = f"{name}.default.svc.cluster.local"
                shown = run("openssl", "x509", "-in", certificate, "-noout", "-checkhost", host)
                self.assertIn("does match certificate", shown.stdout)
            keys = list(certificate.parent.glob("*.key"))
            self.assertEqual({oct(key.stat().st_mode & 0o777) for key in keys}, {"0o600"})

    def test_the_secret_of_the_documents_is_the_one_that_pods_mount(self):
        texts = "\n".join(block.text for block in every_block("bash"))
        names = set(re.findall(r"create secret generic (\S+)", texts))
        self.assertEqual(names, {"citusdemo-ssl-certs", "citusdemo-passwords"})


class Values(ChartTest):
    def test_values_render(self):
        count = 0
        for block in every_block("yaml"):
            document = yaml.safe_load(block.text)
            if "kind" in document or set(document) == {"postgresql"}:
                continue
            count += 1
            with self.subTest(place=block.place):
                result = helm("template", "citusdemo", CHART, "--values", "-", input=block.text)
                self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(count, 3)

    def test_the_issuer_is_one(self):
        [issuer] = [
            document
            for block in every_block("yaml")
            if (document := yaml.safe_load(block.text)).get("kind") == "Issuer"
        ]
        known = Issuer.model_validate(issuer).model_dump(by_alias=True, exclude_unset=True)
        self.assertEqual(known, issuer)


class StoreCommands(ChartTest):
    """`patronictl edit-config` of the documents, on a real etcd with the settings of an old cluster."""

    OLD = {
        "ttl": 30,
        "postgresql": {
            "use_pg_rewind": True,
            "parameters": {
                "max_connections": 100, "ssl": "on", "ssl_ca_file": "/a", "ssl_cert_file": "/b",
                "ssl_key_file": "/c", "citus.node_conninfo": "user=postgres password=secret",
            },
            "pg_hba": ["hostssl all all 0.0.0.0/0 md5"],
            "pg_ident": ["cnmap /^.*$ postgres"],
        },
    }
    WITHOUT_PASSWORD = {
        "ttl": 30, "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 100}},
    }

    def calls(self, document):
        """Words of every patronictl edit-config of a document, and whether it reads a file."""
        for block in blocks(document, "bash"):
            for command in pieces(block):
                before, found, after = joined(command).partition(" patronictl edit-config ")
                if found:
                    yield shlex.split(after.partition("<")[0]), "<" in after

    def test_the_upgrade_leaves_no_trace_of_the_password(self):
        [prepare] = [b for b in blocks("CERTIFICATE_AUTHENTICATION.md", "yaml") if b.file == "prepare.yaml"]
        with Store(groups={0: self.OLD, 1: self.OLD}) as store:
            calls = list(self.calls("CERTIFICATE_AUTHENTICATION.md"))
            self.assertEqual([words[1] for words, _ in calls], ["0", "1", "0", "1"])
            for words, reads in calls[:2]:
                store.patronictl("edit-config", *words, input=prepare.text if reads else None)
            for group in (0, 1):
                found = store.configuration(group)["postgresql"]
                self.assertEqual(found["pg_hba"], yaml.safe_load(prepare.text)["postgresql"]["pg_hba"])
                self.assertEqual(found["parameters"], self.OLD["postgresql"]["parameters"])
            for words, _ in calls[2:]:
                store.patronictl("edit-config", *words)
            for group in (0, 1):
                self.assertEqual(store.configuration(group), self.WITHOUT_PASSWORD)

    def test_the_upgrade_in_place_leaves_none_either(self):
        [(words, _)] = self.calls("UPGRADE.md")
        with Store(groups={0: self.OLD}) as store:
            store.patronictl("edit-config", *words)
            self.assertEqual(store.configuration(0), self.WITHOUT_PASSWORD)

    def test_max_connections_changes(self):
        [(words, _)] = self.calls("DATABASE_MANAGEMENT.md")
        with Store(groups={0: self.OLD}) as store:
            store.patronictl("edit-config", *words)
            parameters = store.configuration(0)["postgresql"]["parameters"]
        self.assertEqual(parameters["max_connections"], 300)


class Names(ChartTest):
    def test_the_documents_do_not_name_what_is_not_there(self):
        values = yaml.safe_load((CHART / "values.yaml").read_text())
        for name in NAMES:
            text = (DOCS / name).read_text()
            for path in re.findall(r"`((?:ssl|auth|restApi|podSecurity|networkPolicy)\.[A-Za-z.]+)", text):
                with self.subTest(document=name, value=path):
                    node = values
                    for part in path.strip(".").split("."):
                        self.assertIn(part, node)
                        node = node[part]
