#!/usr/bin/env python3
"""Runs the commands that the README shows, and compares or (with --record) writes what they print.

A block begins with `<!-- transcript: NAME -->` and ends with `<!-- end of transcript -->`; the lines
after `$ ` up to the first one without a backslash at its end are the command. `entrypoint` is the
release binary.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(
    r"(<!-- transcript: [^>]* -->\n```console\n)(\$ (?:[^\n]*\\\n)*[^\n]*\n)(.*?)(```\n<!-- end of transcript -->)",
    re.DOTALL,
)


def run(command: str) -> str:
    shell = command.removeprefix("$ ").replace("entrypoint ", f"{ROOT}/dist/entrypoint ")
    result = subprocess.run(
        ["bash", "-c", shell.replace("\\\n", " ")],
        env={"PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.stdout


def main() -> int:
    record = "--record" in sys.argv[1:]
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    fresh = BLOCK.sub(lambda m: m[1] + m[2] + run(m[2]) + m[4], text)
    blocks = len(BLOCK.findall(text))
    if record:
        path.write_text(fresh, encoding="utf-8")
    elif fresh != text or blocks == 0:
        print("README.md shows output that the program no longer gives; scripts/transcripts.py --record")
        return 1
    print(f"README.md: {blocks} transcripts")
    return 0


sys.exit(main())
