"""Commands of README.md, docs/REFERENCE.md and docker/README.md, for the tests that run them."""

import re
import shlex

from containers import REPOSITORY

DOCKER = REPOSITORY / "docker/README.md"


def transcript(name):
    """The environment and the words of a command that README.md or docs/REFERENCE.md shows, and what it prints."""
    text = "\n".join((REPOSITORY / name).read_text() for name in ("README.md", "docs/REFERENCE.md"))
    [(command, output)] = re.findall(
        rf"<!-- transcript: {name} -->\n```console\n\$ ((?:.*\\\n)*.*\n)((?:.*\n)*?)```\n", text
    )
    words = shlex.split(command.replace("\\\n", " ").partition(";")[0])
    program = words.index("entrypoint")
    environment = dict(word.split("=", 1) for word in words[:program])
    return environment, words[program + 1:], output


def read_only_options():
    """The engine's options for a read-only root directory, without the volume for the data."""
    text = DOCKER.read_text()
    [command] = re.findall(r"docker run (--read-only (?:.*\\\n)*.*)\n", text)
    words = shlex.split(command.replace("\\\n", " "))
    return words[:words.index("--volume")]


def compose_commands():
    """The commands of the table in docker/README.md, as they stand behind `docker compose -f FILE`."""
    text = DOCKER.read_text()
    head = "| to | run, each after `docker compose -f docker/compose.yml` |\n|---|---|\n"
    [rows] = re.findall(re.escape(head) + r"((?:\|.*\n)+)", text)
    return [command for row in rows.splitlines()
            for command in re.findall(r"`([^`]+)`", row.rsplit(" | ", 1)[1])]  # fmt: skip
