"""Prints one comparison: medians of hyperfine's runs, ratios to the first command, verdicts on budgets.

report.py TITLE [BUDGET]... -- FILE...: each file is one round of hyperfine over the same commands. A
ratio is taken within a round, where all commands met the same machine, and its median over the rounds
counts. A budget is `NAME/OTHER<=RATIO` or `NAME/OTHER>=RATIO`. Exits 1 when one is missed.
"""

import json
import re
import statistics
import sys


def rounds_of(files):
    """For every round the median time of each command, in milliseconds."""
    for name in files:
        with open(name, encoding="utf-8") as file:
            results = json.load(file)["results"]
        yield {result["command"]: 1000 * result["median"] for result in results}


def main():
    separator = sys.argv.index("--")
    title, *budgets = sys.argv[1:separator]
    rounds = list(rounds_of(sys.argv[separator + 1 :]))
    names = list(rounds[0])

    def ratio(name, to):
        return statistics.median(one[name] / one[to] for one in rounds)

    print(f"{title} ({len(rounds)} rounds)")
    for name in names:
        time = statistics.median(one[name] for one in rounds)
        print(f"  {name:<42} {time:8.2f} ms {ratio(name, names[0]):8.2f}")
    missed = 0
    for budget in budgets:
        name, other, sign, limit = re.fullmatch(r"(.+)/(.+)([<>]=)(.+)", budget).groups()
        seen = ratio(name, other)
        met = seen <= float(limit) if sign == "<=" else seen >= float(limit)
        missed += not met
        print(f"  budget {budget}: {seen:.2f}, {'met' if met else 'MISSED'}")
    return 1 if missed else 0


sys.exit(main())
