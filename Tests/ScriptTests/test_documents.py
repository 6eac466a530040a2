"""The words, links and figures of the documents. CONTRIBUTING.md has the terms."""

import ast
import pathlib
import re
import unittest

import mermaidx

ROOT = pathlib.Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "BENCHMARKS.md")),
    ROOT / "docker/README.md", ROOT / "helm/citus-cluster/README.md", *sorted((ROOT / "docs").glob("*.md")),
]  # fmt: skip
# Files whose comments users read.
COMMENTED = [ROOT / name for name in ("docker/compose.yml", "Dockerfile.citus", "helm/citus-cluster/values.yaml")]
NOTES = ROOT / "helm/citus-cluster/templates/NOTES.txt"
# Programs beside the binary: what they print is in their string literals and here-documents.
PRINTING = [
    *sorted((ROOT / "docker/cluster-check").glob("*.py")), *sorted((ROOT / "helm/citus-cluster/files/stop").glob("*.py")),
    *sorted((ROOT / "helm/citus-cluster/files").glob("*/*.sh")), ROOT / "scripts/generate-ssl-certs.sh",
    *sorted((ROOT / "scripts/ssl-certs").glob("*.sh")), *sorted((ROOT / "helm/citus-cluster/templates").glob("*.tpl")),
]  # fmt: skip
# A page that has these is about the chart, the image or both, and its first words name which.
ABOUT = [path for path in PAGES if path.parent.name in ("docs", "docker", "citus-cluster")] + [ROOT / "SECURITY.md"]

# What is not written, by what is written instead.
AVOIDED = {
    "a program, PostgreSQL, the log: reports, prints, logs; a page: describes, lists, has": r"\bsa(y|ys|id|ying)\b",
    "reports, logs": r"\b(tell|tells|told)\b",
    "is, applies, represents": r"\bstands?\b(?!-in)",
    "clients, every client, no client, the holder of": r"\b(whoever|everybody|nobody|somebody|everyone|anybody)\b",
    "a sentence with also": r", too\b",
    "in one run, together, immediately": r"\bat once\b",
    "used, applied": r"\b(taken into use|takes? into use|take up|takes up)\b",
    "problem (anything reported) or error (stops the start)": r"(?<!page )\bfaults?\b",
    "dynamic configuration": r"\bshared configuration\b",
    "DCS": r"\bPatroni's store\b|(?<!distributed )\bconfiguration store\b|(?<!object )\b(the|a|that|which) stores?\b(?! (of|it|in))",
    "map entry": r"\bmappings? of `?pg_ident|\bmapping in `?cnmap",
    "omit, skip": r"\b(leaves?|leaving|left) out\b",
    "present (a certificate, a password)": r"\bshow(s|n)? (?:(?:its|a|the|no|their) )?(?:certificates?|passwords?)\b",
    "in the opposite order, the first step": r"\bon the way (?:up|down|back)\b|\bthe way (?:up|down)\b",
    "CA, or certificate authority": r"(?<!ertificate )\bauthorit(y|ies)\b",
    "CN": r"\bcommon names?\b(?! \(CN\))",
    "output plugin": r"\bplug-in",
    "accepts, requires, uses": r"\btakes (?:no|any|both|either|all|a (?:file|list|value|password))\b",
    "your own, its own": r"\bone's\b",
    "leader and standby": r"\b(master|slave)s?\b",
}  # fmt: skip


def prose(path):
    """Numbered lines of a page without code, quotations of messages, comments and generated tables."""
    text = path.read_text()
    blank = lambda match: re.sub(r"[^\n]", " ", match[0])  # noqa: E731
    for pattern in (
        r"(?ms)^<!-- [^>]*(?:generated|made by)[^>]* -->$.*?^<!-- end of [^>]* -->$",
        r"(?ms)^ *```.*?^ *```$", r"(?s)<!--.*?-->", r"(?s)``.*?``", r"`[^`]*`", r'"[^"\n]*"', r"\]\([^)]*\)",
        r"(?m)^ {4,}(?![-*] ).*$",
    ):  # fmt: skip
        text = re.sub(pattern, blank, text)
    return enumerate(text.splitlines(), 1)


def comments(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = re.search(r"(?:^|\s)#\s?(.*)", line)
        yield number, re.sub(r"`[^`]*`", " ", text[1]) if text else ""


def notes():
    """What Helm prints, without commands and without the template's own language."""
    for number, line in enumerate(NOTES.read_text().splitlines(), 1):
        yield number, "" if line.startswith("    ") else re.sub(r"\{\{.*?\}\}", "", line)


def printed(path):
    """Literals of Python, quotations of a shell or a template, and here-documents; not comments, docstrings and SQL."""
    text = path.read_text()
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            # A literal without a blank is a name, not prose.
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value and node.lineno > 1:
                yield node.lineno, "" if '"""' + node.value[:10] in text else node.value
        return
    text = re.sub(r"(?m)^\s*#.*$|\{\{-?\s*/\*.*?\*/", "", text)
    for pattern in (r'"((?:[^"\\]|\\.)*)"', r"(?s)printf `(.*?)`", r"(?ms)<<END\n(.*?)^END$"):
        for match in re.finditer(pattern, text):
            yield text.count("\n", 0, match.start()) + 1, match[1]


def avoided(lines):
    for number, line in lines:
        for instead, pattern in AVOIDED.items():
            for match in re.finditer(pattern, line, re.IGNORECASE):
                yield f'line {number}: "{match[0]}"; write: {instead}'


def anchors(path):
    """What links within GitHub's rendering of a page can point to."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"(?ms)^```.*?^```$", "", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


class Words(unittest.TestCase):
    def test_documents_use_the_terms(self):
        for path in PAGES:
            with self.subTest(path=str(path.relative_to(ROOT))):
                self.assertEqual(list(avoided(prose(path))), [])

    def test_comments_and_notes_use_the_terms(self):
        for path in COMMENTED:
            with self.subTest(path=str(path.relative_to(ROOT))):
                self.assertEqual(list(avoided(comments(path))), [])
        with self.subTest(path=str(NOTES.relative_to(ROOT))):
            self.assertEqual(list(avoided(notes())), [])

    def test_programs_beside_the_binary_use_the_terms(self):
        count = 0
        for path in PRINTING:
            with self.subTest(path=str(path.relative_to(ROOT))):
                lines = list(printed(path))
                count += len(lines)
                self.assertEqual(list(avoided(lines)), [])
        self.assertGreater(count, 300)

    def test_what_programs_print_is_looked_at(self):
        texts = "\n".join(text for path in PRINTING for _, text in printed(path))
        for text in ("has no leader", "are still in use:", "waits for ", "already exists, or is listed twice", "create a new CA", "out of order"):
            self.assertIn(text, texts)

    def test_the_terms_are_found(self):
        for text in ("The log says so.", "It is told", "Whoever has it", "It works, too", "a fault", "at once", "the authority",
                     "it leaves out one", "it shows a certificate", "the store does not answer", "mapping of `pg_ident`"):
            self.assertEqual(len(list(avoided([(1, text)]))), 1, text)
        self.assertEqual(list(avoided([(1, "a default, a certificate authority, the common name (CN)")])), [])

    def test_prose_is_what_is_looked_at(self):
        lines = dict(prose(ROOT / "CONTRIBUTING.md"))
        text = "\n".join(lines.values())
        self.assertIn("one fact", text)
        self.assertNotIn("whoever", text)


class Pages(unittest.TestCase):
    def test_the_first_words_name_what_a_page_applies_to(self):
        for path in ABOUT:
            first = path.read_text().split("\n\n")[1]
            self.assertRegex(first, r"\AApplies to: (its )?\*\*the (chart|image)\*\*", path.name)

    def test_links_lead_somewhere(self):
        count = 0
        for path in PAGES:
            text = re.sub(r"(?ms)^```.*?^```$", "", path.read_text())
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if target.startswith("https://"):
                    continue
                count += 1
                with self.subTest(path=path.name, target=target):
                    file, _, anchor = target.partition("#")
                    linked = (path.parent / file).resolve() if file else path
                    self.assertTrue(linked.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(linked))
        self.assertGreater(count, 100)

    def test_the_readme_links_every_page(self):
        text = (ROOT / "README.md").read_text()
        for path in PAGES:
            if path.name not in ("README.md", "CHANGELOG.md") or path.parent.name in ("docker", "citus-cluster"):
                self.assertIn(f"]({path.relative_to(ROOT)}", text)

    def test_the_readme_is_short(self):
        self.assertLessEqual(len((ROOT / "README.md").read_text().splitlines()), 200)

    def test_files_that_messages_and_comments_name_exist(self):
        named = set()
        for path in [*(ROOT / "Sources").rglob("*.swift"), *(ROOT / "helm").rglob("*"), *COMMENTED]:
            if path.is_file():
                named |= set(re.findall(r"(?<![\w/.])(?:docs/[A-Z_]+|docker/README)\.md", path.read_text()))
        self.assertGreaterEqual(len(named), 3)
        for name in named:
            self.assertTrue((ROOT / name).exists(), name)

    def test_lines_are_not_long(self):
        for path in PAGES:
            for number, line in prose(path):
                if not line.lstrip().startswith(("|", "[")):
                    self.assertLessEqual(len(line.rstrip()), 120, f"{path.name}:{number}")

    def test_no_command_is_on_two_pages(self):
        """Commands that change something; those that look may be repeated."""
        seen = {}
        for path in sorted((ROOT / "docs").glob("*.md")):
            for block in re.findall(r"(?ms)^```bash\n(.*?)^```$", path.read_text()):
                if re.search(r"kubectl (?:get|exec|describe|logs)|helm upgrade", block) and "create secret" not in block:
                    continue
                self.assertEqual(seen.setdefault(block, path.name), path.name, block)


class Figures(unittest.TestCase):
    """Mermaid's own parser and layout, as a host of code has them."""

    def test_every_figure_renders(self):
        count = 0
        for path in PAGES:
            for text in re.findall(r"(?ms)^```mermaid\n(.*?)^```$", path.read_text()):
                count += 1
                with self.subTest(path=path.name, begin=text[:40]):
                    self.assertIn("<svg", mermaidx.render(text).svg())
        self.assertGreaterEqual(count, 4)

    def test_a_broken_figure_does_not(self):
        with self.assertRaises(RuntimeError):
            mermaidx.render("flowchart LR\n  a[open --> b\n").svg()


if __name__ == "__main__":
    unittest.main()
