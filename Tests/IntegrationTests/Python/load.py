"""Prints what PyYAML loads from each file, one JSON document a line."""

import json
import sys

import yaml

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        print(json.dumps(yaml.safe_load(file), sort_keys=True))
