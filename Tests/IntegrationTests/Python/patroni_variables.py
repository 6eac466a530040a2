"""Says which variables Patroni reads by itself, and what each one changes in a configuration.

names: prints every name that Patroni asks its environment for, and `*_SUFFIX` for those that it takes with
any section's name in front.
effects FILE: reads lines NAME=VALUE, and prints for each of them `NAME PATH...`: what differs between the
configuration of FILE with the variable and without.
"""

import ast
import logging
import os
import pathlib
import sys

import patroni
import patroni.config


def names():
    asked = set()

    class Recorder(dict):
        def pop(self, name, default=None):
            asked.add(name)
            return super().pop(name, default)

        def get(self, name, default=None):
            asked.add(name)
            return super().get(name, default)

        def __contains__(self, name):
            asked.add(name)
            return super().__contains__(name)

    kept, os.environ = os.environ, Recorder()
    patroni.config.Config._build_environment_configuration()
    os.environ = kept
    for file in pathlib.Path(patroni.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            # `suffix in ('HOST', ...)`
            if isinstance(node, ast.Compare) and getattr(node.left, "id", "") == "suffix":
                for side in node.comparators:
                    for item in getattr(side, "elts", []):
                        asked.add("*_" + item.value)
            # Whatever else is written out, wherever it is.
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                word = node.value
                if word.startswith("PATRONI_") and word != "PATRONI_" and word.isupper():
                    asked.add(word)
    return sorted(name for name in asked if name.startswith(("PATRONI_", "*_")))


def leaves(value, path=""):
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, repr(value)


def effect(file, name, value):
    os.environ.clear()
    before = dict(leaves(patroni.config.Config(file, None).local_configuration))
    os.environ[name] = value
    after = dict(leaves(patroni.config.Config(file, None).local_configuration))
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


logging.disable()
if sys.argv[1] == "names":
    print("\n".join(names()))
else:
    for line in sys.stdin.read().splitlines():
        name, value = line.split("=", 1)
        print(name, *effect(sys.argv[2], name, value))
