#!/usr/bin/env python3
"""Writes the table of values into the chart's README.md from the comments in values.yaml.

A comment belongs to the key below it and makes it a row of the table. A key without a comment must
be a section, whose keys have comments; anything else is an error.

    chart-values.py          writes README.md
    chart-values.py --check  exits 1 when README.md would change
"""

import json
import pathlib
import sys

import yaml

CHART = pathlib.Path(__file__).resolve().parent.parent / "helm" / "citus-cluster"
BEGIN = "<!-- values: made by scripts/chart-values.py -->\n"
END = "<!-- end of values -->\n"


def comment_above(lines, line):
    """Text of the comment lines directly above a line, with the same indentation."""
    indentation = len(lines[line]) - len(lines[line].lstrip())
    prefix = " " * indentation + "# "
    first = line
    while first > 0 and lines[first - 1].startswith(prefix):
        first -= 1
    return " ".join(text[len(prefix):] for text in lines[first:line])


def rows(lines, mapping, path=()):
    """Path, default and comment of every value, in the file's order."""
    for key, value in mapping.value:
        name = (*path, key.value)
        comment = comment_above(lines, key.start_mark.line)
        if comment:
            yield ".".join(name), value, comment
        elif isinstance(value, yaml.MappingNode) and value.value:
            yield from rows(lines, value, name)
        else:
            sys.exit(f"chart-values.py: {'.'.join(name)} has no comment in values.yaml")


def default(node):
    """A value as it would be written after --set-json."""
    return json.dumps(yaml.safe_load(yaml.serialize(node)), ensure_ascii=False)


def table(text):
    lines = text.splitlines()
    cells = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        for row in (
            (f"`{path}`", f"`{default(value)}`", comment)
            for path, value, comment in rows(lines, yaml.compose(text))
        )
    ]
    return "\n".join(["| value | default | meaning |", "|---|---|---|", *cells, ""])


def main():
    readme = CHART / "README.md"
    before = readme.read_text()
    head, _, rest = before.partition(BEGIN)
    _, found, tail = rest.partition(END)
    if not found:
        sys.exit(f"chart-values.py: {readme} lacks the lines that enclose the table")
    after = head + BEGIN + "\n" + table((CHART / "values.yaml").read_text()) + "\n" + END + tail
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if before == after else "chart-values.py: README.md is not up to date")
    readme.write_text(after)


if __name__ == "__main__":
    main()
