"""Reads a certificate, and some time later its key, again and again, as programs do that connect.

Arguments: how this process is put aside in between, then where the files are, then the directories
whose files may be there. Prints a line for every pair: `whole`, `mixed`,
or `late` when it took longer than the watcher waits for anybody, and so could be either.

`stop`: it stops itself, and another process lets it go on after up to a second. `idle`: it runs only when
nobody else wants to, see sched(7).
"""

import os
import pathlib
import random
import signal
import sys
import time

FILES = ("server.crt", "server.key")
PATIENCE = 3.0

manner, *paths = sys.argv[1:]
place, *sets = [pathlib.Path(path) for path in paths]
whole = [[(directory / name).read_bytes() for name in FILES] for directory in sets]


def let_go_on(process):
    """Wakes a process up each time that it has stopped, until it has ended."""
    while True:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "T":
            time.sleep(random.uniform(0, 1))
            os.kill(process, signal.SIGCONT)
        time.sleep(0.01)


if manner == "stop":
    reader = os.getpid()
    if os.fork() == 0:
        try:
            let_go_on(reader)
        except (FileNotFoundError, ProcessLookupError):
            os._exit(0)
else:
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))

while True:
    begin = time.monotonic()
    certificate = (place / FILES[0]).read_bytes()
    if manner == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    key = (place / FILES[1]).read_bytes()
    is_late = time.monotonic() - begin >= PATIENCE
    print("late" if is_late else "whole" if [certificate, key] in whole else "mixed", flush=True)
    time.sleep(random.uniform(0.005, 0.025))
