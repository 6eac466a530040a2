"""Reads a certificate, and a moment later its key, again and again, as programs do that connect.

Arguments: where they are, then the directories whose files may be there. Prints a line for every pair,
`whole` or `mixed`.
"""

import pathlib
import random
import sys
import time

FILES = ("server.crt", "server.key")

place, *sets = [pathlib.Path(argument) for argument in sys.argv[1:]]
whole = [[(directory / name).read_bytes() for name in FILES] for directory in sets]
while True:
    certificate = (place / FILES[0]).read_bytes()
    time.sleep(0.002)
    key = (place / FILES[1]).read_bytes()
    print("whole" if [certificate, key] in whole else "mixed", flush=True)
    time.sleep(random.uniform(0.005, 0.025))
