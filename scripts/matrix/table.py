#!/usr/bin/env python3
"""Writes the results of the last complete run of scripts/matrix.sh into the table of docs/REFERENCE.md."""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BEGIN = "<!-- versions: generated -->\n"
END = "<!-- end of versions -->\n"
RESULTS = ROOT / ".build/matrix/results"
RELEASES = {13: "bullseye", 15: "bookworm", 17: "trixie", 18: "sid"}


def table(servers: list[dict], patronis: list[dict]) -> str:
    lines = [
        "| | scenarios | lines and parameters read as meant | logins by certificate | wrong certificates rejected "
        "| operators' lines accepted by both | rejected by both | rejected by the program alone, for safety |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for seen in sorted(servers, key=lambda seen: seen["major"]):
        judged = json.loads((RESULTS / f"lines-{seen['major']}.json").read_text())
        lines.append(
            f"| PostgreSQL {seen['version']} (Debian {RELEASES[seen['major']]}) | {seen['scenarios']} "
            f"| {seen['records']} | {seen['logins']} | {seen['refused']} "
            f"| {judged['taken']} | {judged['refused']} | {judged['measures']} |"
        )
    for seen in sorted(patronis, key=lambda seen: [int(part) for part in seen["version"].split(".")]):
        lines.append(f"| Patroni {seen['version']} | {seen['scenarios']} | `--validate-config` | | | | | |")
    return "\n".join(lines) + "\n"


def main() -> int:
    servers, patronis = (
        [json.loads(file.read_text()) for file in RESULTS.glob(f"{kind}-*.json")] for kind in ("postgresql", "patroni")
    )
    page = ROOT / "docs/REFERENCE.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(before + BEGIN + table(servers, patronis) + END + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
