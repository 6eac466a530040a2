#!/usr/bin/env python3
"""Runs a command with what is the same for everybody who runs tests, and ends what it leaves behind.

The same are the language of messages and the order of names, the time zone, the modes of new files, which
servers and pods read as other users, and that there is no terminal to ask for a pass phrase.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


def end_children():
    """Kills every process that is below this one, until there is none."""
    while True:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            children = file.read().split()
        if not children:
            return
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        # The children of those that end become children of this process.
        os.wait()


def main():
    def stop(number, _):
        sys.exit(128 + number)

    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("PR_SET_CHILD_SUBREAPER: " + os.strerror(ctypes.get_errno()))
    os.umask(0o022)
    environment = os.environ | {"LC_ALL": "C.UTF-8", "TZ": "UTC", "SURROUNDINGS": "set"}
    try:
        command = subprocess.Popen(
            sys.argv[1:], stdin=subprocess.DEVNULL, env=environment, start_new_session=True,
        )
        while True:
            ended, status = os.wait()
            if ended == command.pid:
                code = os.waitstatus_to_exitcode(status)
                sys.exit(code if code >= 0 else 128 - code)
    finally:
        end_children()


main()
