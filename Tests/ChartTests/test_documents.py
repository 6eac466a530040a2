"""The documents in docs/: their commands, values, links and recipes."""

import pathlib
import re
import shlex
import tempfile

import yaml
from cloudcoil.models.cert_manager.v1 import Issuer

from chart import CHART, IMAGE, PROJECT, ChartTest, case, helm, run
from commands import faults
from documents import DOCS, NAMES, blocks, every_block, joined, pieces
from stores import Store


class Shape(ChartTest):
    def test_every_block_names_its_language(self):
        for name in NAMES:
            for block in blocks(name):
                self.assertIn(
                    block.language,
                    {"bash", "console", "dockerfile", "json", "mermaid", "sh", "sql", "text", "yaml"},
                    block.place,
                )

    def test_there_is_no_other_page(self):
        self.assertEqual({path.name for path in DOCS.iterdir()}, set(NAMES))


class Agreement(ChartTest):
    """What two places say of one thing."""

    def test_the_mode_of_a_secrets_files_is_the_charts_everywhere(self):
        chart = re.findall(r"defaultMode: (\d+)", case("defaults").text)
        self.assertIn("0440", chart)
        texts = [PROJECT / "README.md", *DOCS.glob("*.md"), *(PROJECT / "Sources").rglob("*.swift")]
        modes = [mode for path in texts for mode in re.findall(r"defaultMode: (\d+)", path.read_text())]
        self.assertGreaterEqual(len(modes), 4)
        self.assertEqual(set(modes), {"0440"})

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
        options = helm(*words[:2 if words[0] == "get" else 1], "--help").stdout
        for word in words:
            if word.startswith("--"):
                self.assertIn(word.partition("=")[0] + " ", options)
        if words[0] not in ("install", "template", "upgrade"):
            return
        # What concerns a release that exists says nothing about what is rendered.
        release = {"--install", "--take-ownership", "--reset-values", "--reuse-values",
                   "--reset-then-reuse-values", "--wait", "--timeout", "30m", "60m"}
        kept = IMAGE if {"--reuse-values", "--reset-then-reuse-values"} & set(words) else ()
        words = [word for word in words[1:] if word not in release] + [*kept]
        with tempfile.TemporaryDirectory() as directory:
            # As `helm get values` has it of a release without any.
            saved = {"values.yaml": "null\n"} | saved
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
        self.assertEqual(names, {"citusdemo-ssl-certs", "citusdemo-passwords", "citusdemo-backups"})


class Waiting(ChartTest):
    """The documents' commands against a kubectl that answers as the API does, one answer after the other."""

    KUBECTL = """#!/bin/sh
echo "$*" >>calls
sed -n "$(wc -l <calls)p" answers
"""

    def run_with(self, command, answers):
        """Words of each call of kubectl; `answers` are what the calls print."""
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory)
            (path / "kubectl").write_text(self.KUBECTL)
            (path / "kubectl").chmod(0o755)
            (path / "sleep").write_text("#!/bin/sh\n")
            (path / "sleep").chmod(0o755)
            (path / "answers").write_text("\n".join(answers) + "\n")
            result = run("bash", "-c", command, cwd=directory, env={"PATH": f"{directory}:/usr/bin:/bin"})
            self.assertEqual(result.returncode, 0, result.stderr)
            return (path / "calls").read_text().splitlines()

    def test_a_wait_for_pods_ends_when_every_pod_is_replaced(self):
        [block] = [b for b in blocks("CHANGES.md", "bash") if "replaced()" in b.text]
        # generation, observedGeneration, replicas, updatedReplicas, readyReplicas; 0 is left out.
        answers = ["2 1 3 3 3", "2 2 3  3", "2 2 3 1 3", "2 2 3 3 2", "2 2 3 3 3"]
        self.assertEqual(len(self.run_with(block.text, answers)), 5)

    def test_pod_0_is_made_leader_unless_it_leads(self):
        [block] = [b for b in blocks("UPGRADE.md", "bash") if "switchover" in b.text]
        for role in ("primary", "master"):
            calls = self.run_with(block.text, ["", role])
            self.assertEqual([c for c in calls if "switchover" in c], [])
        for role in ("replica", ""):
            calls = self.run_with(block.text, ["", role])
            self.assertIn("patronictl switchover --group 0 --candidate citusdemo-0-0 --force", calls[-1])

    def test_helm_waits_where_the_next_step_needs_new_pods(self):
        for name in ("UPGRADE.md", "CHANGES.md", "DATABASE_MANAGEMENT.md"):
            for block in blocks(name, "bash"):
                for command in pieces(block):
                    words = shlex.split(joined(command))
                    if words[:2] == ["helm", "rollback"] or words[:2] == ["helm", "upgrade"] and (
                        "--values" in words or name == "CHANGES.md"
                    ):
                        self.assertIn("--wait", words, block.place)


class Values(ChartTest):
    def test_values_render(self):
        count = 0
        for block in every_block("yaml"):
            document = yaml.safe_load(block.text)
            parts = set(document)
            if "kind" in document or parts <= {"postgresql", "bootstrap", "log"} or parts == {"spec"}:
                continue
            count += 1
            with self.subTest(place=block.place):
                result = helm("template", "citusdemo", CHART, *IMAGE, "--values", "-", input=block.text)
                self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(count, 8)

    def test_a_list_is_given_whole(self):
        """Helm replaces a list of an existing release by what --set says of one of its elements."""
        for path in [*DOCS.glob("*.md"), CHART / "README.md"]:
            for command in re.findall(r"^ *helm upgrade (?:.*\\\n)*.*", path.read_text(), re.MULTILINE):
                self.assertNotRegex(command, r"--set\S* +'?[\w.]+\[", path.name)

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
        with Store(groups={0: self.OLD, 1: self.OLD}) as store:
            calls = list(self.calls("UPGRADE.md"))
            self.assertEqual([words[1] for words, _ in calls], ["0", "1"])
            for words, _ in calls:
                store.patronictl("edit-config", *words)
            for group in (0, 1):
                self.assertEqual(store.configuration(group), self.WITHOUT_PASSWORD)

    def test_the_way_back_gives_the_old_image_its_settings(self):
        [old] = [b for b in blocks("CHANGES.md", "yaml") if b.file == "old.yaml"]
        [(words, reads)] = self.calls("CHANGES.md")
        self.assertTrue(reads)
        with Store(groups={0: self.WITHOUT_PASSWORD}) as store:
            store.patronictl("edit-config", *words, input=old.text)
            found = store.configuration(0)["postgresql"]
        wanted = yaml.safe_load(old.text)["postgresql"]
        self.assertEqual(found["pg_hba"], wanted["pg_hba"])
        self.assertEqual(found["parameters"], wanted["parameters"] | {"max_connections": 100})

    def test_max_connections_changes(self):
        groups = (0, 1, 2)
        with Store(groups=dict.fromkeys(groups, self.OLD)) as store:
            for words, _ in self.calls("DATABASE_MANAGEMENT.md"):
                store.patronictl("edit-config", *words)
            for group in groups:
                parameters = store.configuration(group)["postgresql"]["parameters"]
                self.assertEqual(parameters["max_connections"], 300, group)


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
