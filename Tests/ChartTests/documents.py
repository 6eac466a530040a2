"""Code blocks of the documents in docs/, with what the text says about them."""

import dataclasses
import re

from chart import PROJECT
from commands import commands

DOCS = PROJECT / "docs"
NAMES = (
    "INSTALL.md", "SSL_SETUP.md", "CERTIFICATE_AUTHENTICATION.md", "UPGRADE.md", "CHANGES.md", "PASSWORDS.md",
    "ROTATION.md",
    "DATABASE_MANAGEMENT.md", "CONFIGURATION.md", "BACKUP.md", "MONITORING.md", "MAINTENANCE.md",
    "TROUBLESHOOTING.md", "REFERENCE.md",
)  # fmt: skip


@dataclasses.dataclass
class Block:
    document: str
    line: int
    language: str
    text: str
    # The name in "Save this as `NAME`" above the block.
    file: str | None

    @property
    def place(self):
        return f"{self.document}:{self.line}"


def blocks(document, language=None):
    lines = (DOCS / document).read_text().splitlines()
    found, start, above = [], None, []
    for number, line in enumerate(lines, 1):
        fence = re.match(r"( *)```(\w*)$", line)
        if not fence:
            if start is None:
                above.append(line)
            continue
        if start is None:
            start, indentation, kind = number, len(fence[1]), fence[2]
            continue
        inner = [text[indentation:] for text in lines[start:number - 1]]
        saved = re.findall(r"Save this as `([^`]+)`", "\n".join(above[-6:]))
        found.append(
            Block(document, start + 1, kind, "\n".join(inner) + "\n", saved[-1] if saved else None)
        )
        start, above = None, []
    return [block for block in found if language in (None, block.language)]


def every_block(language):
    return [block for name in NAMES for block in blocks(name, language)]


def pieces(block):
    """Commands of a block that has no here-document."""
    return commands(block.text, indentation=0)


def joined(command):
    return command.replace("\\\n", " ")


def anchors(document):
    """What links within GitHub's rendering of a document can point to."""
    headings = re.findall(r"^#+ (.*)$", (DOCS / document).read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}
