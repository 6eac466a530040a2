"""Has Patroni prepare `output_plugin_libraries` for servers of several versions.

Arguments: a patroni.yml, and the `postgres` of a real server. Prints `VERSION VALUE` for each version in
Patroni's own notation, 150019 for 15.19; without a value where Patroni leaves the parameter out, as it must
for a server that would not start with it. For the real server it prints `has VALUE` or `lacks VALUE`.
"""

import logging
import re
import subprocess
import sys

import yaml
from patroni.collections import CaseInsensitiveSet
from patroni.postgresql.validator import transform_postgresql_parameter_value

NAME = "output_plugin_libraries"
# The first minor versions that have it.
SINCE = {14: 24, 15: 19, 16: 15, 17: 11, 18: 5}

logging.disable()
with open(sys.argv[1], encoding="utf-8") as file:
    value = yaml.safe_load(file)["postgresql"]["parameters"][NAME]


def prepared(version, known):
    return transform_postgresql_parameter_value(version, NAME, value, CaseInsensitiveSet(known)) or ""


for major, minor in SINCE.items():
    print(major * 10000 + minor - 1, prepared(major * 10000 + minor - 1, []))
    print(major * 10000 + minor, prepared(major * 10000 + minor, [NAME]))


def output(option):
    return subprocess.run([sys.argv[2], option], capture_output=True, text=True, check=True).stdout


numbers = re.search(r"(\d+)\.(\d+)", output("--version"))
listed = [line.split("\t")[0] for line in output("--describe-config").splitlines()]
print("has" if NAME in listed else "lacks", prepared(int(numbers[1]) * 10000 + int(numbers[2]), listed))
