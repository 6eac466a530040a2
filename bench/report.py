"""Prints one comparison: medians of hyperfine's runs, ratios, and verdicts on their budgets.

report.py TITLE FLOOR_BUDGET SHELL_BUDGET FILE...: each file is one round of hyperfine, with the
floor, the entrypoint, and the shell script under bash and under dash, in this order. A ratio is
taken within a round, where all four met the same machine, and its median over the rounds counts. A
budget of "-" is none. SHELL_BUDGET is about bash. Exits 1 when a budget is missed.
"""

import json
import statistics
import sys


def rounds_of(files):
    for name in files:
        with open(name, encoding="utf-8") as file:
            yield [result["times"] for result in json.load(file)["results"]]


def verdict(ratio, budget, is_within):
    if budget == "-":
        return "no budget", True
    ok = is_within(ratio, float(budget))
    return f"budget {budget}: {'met' if ok else 'MISSED'}", ok


def main():
    title, floor_budget, shell_budget, *files = sys.argv[1:]
    rounds = list(rounds_of(files))
    floor, ours, bash, dash = (
        1000 * statistics.median(sum((one[which] for one in rounds), [])) for which in range(4)
    )

    def ratio(which, to):
        return statistics.median(
            statistics.median(one[which]) / statistics.median(one[to]) for one in rounds
        )

    to_floor, bash_to_ours, dash_to_ours = ratio(1, 0), ratio(2, 1), ratio(3, 1)
    floor_verdict, is_near = verdict(to_floor, floor_budget, lambda ratio, most: ratio <= most)
    shell_verdict, is_fast = verdict(bash_to_ours, shell_budget, lambda ratio, least: ratio >= least)
    count = sum(len(one[1]) for one in rounds)
    print(f"{title}: medians of {count} runs in {len(rounds)} rounds")
    print(f"  C program that only execs  {floor:7.2f} ms")
    print(f"  entrypoint                 {ours:7.2f} ms  {to_floor:.2f} times C ({floor_verdict})")
    print(f"  bash script                {bash:7.2f} ms  {bash_to_ours:.2f} times the entrypoint ({shell_verdict})")
    print(f"  the same under dash        {dash:7.2f} ms  {dash_to_ours:.2f} times the entrypoint")
    return 0 if is_near and is_fast else 1


sys.exit(main())
