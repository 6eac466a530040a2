"""The messages that the documents quote are ones that the program has."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
# Page, and the heading above its table.
TABLES = [("TROUBLESHOOTING.md", "## Messages of entrypoint"), ("ROTATION.md", "## Log lines"), ("CHANGES.md", "## Settings, and how"),
          ("CONFIGURATION.md", "## From an existing patroni.yml")]
WORD = re.compile(r"[a-z][a-z']+")


# Words of names that messages insert.
INSERTED = {"certificate", "certificates", "settings", "in", "file", "of", "the", "prefer", "denied", "etcd"}


def without_insertions(code):
    """Swift's `\\(…)` in texts may hold texts itself."""
    kept, place = [], 0
    while (start := code.find("\\(", place)) >= 0:
        kept.append(code[place:start])
        depth, place = 1, start + 2
        while depth:
            depth += {"(": 1, ")": -1}.get(code[place], 0)
            place += 1
    return "".join([*kept, code[place:]])


def source_texts():
    """Words of each text in the sources; texts that are joined with + are one."""
    texts = []
    for path in (ROOT / "Sources").rglob("*"):
        if path.suffix in (".swift", ".c"):
            code = without_insertions(re.sub(r"(?m)^\s*//.*$", "", path.read_text()))
            code = re.sub(r'"\s*\n\s*\+\s*"', "", code)
            texts += re.findall(r'"((?:[^"\\\n]|\\.)+)"', code) + re.findall(r'"""\n(.*?)"""', code, re.DOTALL)
    return [set(WORD.findall(text)) for text in texts]


def quoted(page, heading):
    """What a table quotes in its first column, as far as the program decides the words."""
    section = (ROOT / "docs" / page).read_text().split(heading, 1)[1].split("\n## ")[0]
    for cell in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
        for text in re.findall(r"`([^`]+)`", cell):
            yield text


def is_known(text, known):
    message = re.sub(r"^(?:note: |warning: |error: )*[^:]*: ", "", text)
    words = set(WORD.findall(re.sub(r'"[^"]*"|\S*[A-Z_/=.]\S*', " ", message))) - INSERTED
    return any(words <= text for text in known)


class Messages(unittest.TestCase):
    def test_the_program_has_what_the_tables_quote(self):
        known = source_texts()
        count = 0
        for page, heading in TABLES:
            for text in quoted(page, heading):
                count += 1
                with self.subTest(page=page, text=text):
                    self.assertTrue(is_known(text, known))
        self.assertGreater(count, 50)

    def test_the_scenarios_have_what_is_quoted_with_its_details(self):
        seen = "\n".join(
            path.read_text()
            for path in (ROOT / "Tests/EntrypointCoreTests/Scenarios").rglob("*")
            if path.is_file() and path.name in ("problems", "messages", "errors")
        )
        text = (ROOT / "docs/CONFIGURATION.md").read_text()
        [block] = re.findall(r"(?m)(?:^    (?:entrypoint:|  (?:detail|hint):) .*\n)+", text)
        for line in block.splitlines():
            self.assertIn(line[4:], seen)

    def test_another_wording_is_noticed(self):
        known = source_texts()
        self.assertFalse(is_known("certificate … has gone out of date on …", known))
        self.assertFalse(is_known("PGSSLCERT: certificates have not been mounted anywhere", known))


if __name__ == "__main__":
    unittest.main()
