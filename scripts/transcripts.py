#!/usr/bin/env python3
"""Runs the commands that README and docs show, and compares or (with --record) writes what they print.

A block begins with `<!-- transcript: NAME -->` and ends with `<!-- end of transcript -->`; the lines
after `$ ` up to the first one without a backslash at its end are the command. `entrypoint` is the
release binary. A command finds the files that its document has under "Save this as `NAME`".
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(
    r"(<!-- transcript: [^>]* -->\n```console\n)(\$ (?:[^\n]*\\\n)*[^\n]*\n)(.*?)(```\n<!-- end of transcript -->)",
    re.DOTALL,
)
FILE = re.compile(r"Save this as `([^`]+)`[^\n]*\n\n```\w+\n(.*?)```\n", re.DOTALL)


def run(command: str, directory: str) -> str:
    shell = command.removeprefix("$ ").replace("entrypoint ", f"{ROOT}/dist/entrypoint ")
    result = subprocess.run(
        ["bash", "-c", shell.replace("\\\n", " ")],
        cwd=directory,
        env={"PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if not result.stdout:
        sys.exit(f"a transcript's command prints nothing: {command}")
    return result.stdout


def fresh(text: str) -> str:
    with tempfile.TemporaryDirectory() as directory:
        for name, content in FILE.findall(text):
            (pathlib.Path(directory) / name).write_text(content, encoding="utf-8")
        return BLOCK.sub(lambda m: m[1] + m[2] + run(m[2], directory) + m[4], text)


def main() -> int:
    record = "--record" in sys.argv[1:]
    blocks, stale = 0, []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        blocks += len(BLOCK.findall(text))
        if fresh(text) != text:
            stale.append(path.name)
            if record:
                path.write_text(fresh(text), encoding="utf-8")
    if stale and not record:
        print(f"{', '.join(stale)}: output that the program no longer gives; scripts/transcripts.py --record")
    print(f"{blocks} transcripts")
    return 0 if record or (blocks and not stale) else 1


sys.exit(main())
