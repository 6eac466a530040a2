"""Prints the time per unit of growing input; exits 1 when it grows with the input.

scaling.py UNIT FILE...: each file is hyperfine's, and its command's name is the number of units. What a
start costs anyway is in the smallest figure, so the larger two are compared: a linear program needs as
long for each unit of the largest input as of the one before; half as much again is allowed.
"""

import json
import sys


def main():
    unit, *files = sys.argv[1:]
    times = {}
    for name in files:
        with open(name, encoding="utf-8") as file:
            result = json.load(file)["results"][0]
        times[int(result["command"])] = result["median"]
    per_unit = []
    for count, seconds in sorted(times.items()):
        per_unit.append(1e6 * seconds / count)
        print(f"  {count:>9} {unit}s {1000 * seconds:9.1f} ms {per_unit[-1]:9.3f} us per {unit}")
    growth = per_unit[-1] / per_unit[-2]
    met = growth <= 1.5
    print(f"  budget of growth per {unit} <=1.5: {growth:.2f}, {'met' if met else 'MISSED'}")
    return 0 if met else 1


sys.exit(main())
